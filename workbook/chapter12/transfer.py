"""A small classification task whose images have the form that a network from ImageNet expects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike


@dataclass(frozen=True, eq=False)
class Task:
    """Images as float32 tensors (N, 3, side, side), normalised; labels as int64 tensors (N,).

    Attributes:
        source: where the images came from, in words.
    """

    train_images: torch.Tensor
    train_labels: torch.Tensor
    test_images: torch.Tensor
    test_labels: torch.Tensor
    source: str


def task(images: Any, train: int, test: int, side: int, mean: float, std: float) -> Task:
    """Take the first images of a data set, enlarge and normalise them.

    Args:
        images: has ``x_train`` and ``x_test``, uint8 (N, H, W) or (N, H, W, 3), ``y_train``, ``y_test`` and ``source``.
        train, test: how many images of each part to take; all if there are fewer.
        side: of the enlarged images, in pixels.
        mean, std: of pixels in [0, 1], as the network expects them.
    """
    return Task(
        _enlarged(images.x_train[:train], side, mean, std),
        torch.as_tensor(np.array(images.y_train[:train])),
        _enlarged(images.x_test[:test], side, mean, std),
        torch.as_tensor(np.array(images.y_test[:test])),
        images.source,
    )


def _enlarged(pixels: ArrayLike, side: int, mean: float, std: float) -> torch.Tensor:
    x = torch.as_tensor(np.array(pixels)).float() / 255
    x = x[:, None].expand(-1, 3, -1, -1) if x.ndim == 3 else x.permute(0, 3, 1, 2)
    x = torch.nn.functional.interpolate(x, size=side, mode="bilinear")
    # Channels last in memory: convolutions with one filter for each channel run faster on a CPU.
    return ((x - mean) / std).contiguous(memory_format=torch.channels_last)
