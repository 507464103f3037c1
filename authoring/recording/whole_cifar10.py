"""All of CIFAR-10 for the experiments of chapters 08, 09 and 10 at their original scale, and what these share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from authoring.recording.devices import Batches
from authoring.recording.experiment import Scale
from autograder.errors import AutograderError
from workbook.data.ten_classes import ColourImages

_IMAGES = {"training": 50_000, "test": 10_000}
_CHUNK = 5000  # images that are normalised at a time: the chapters' functions need several copies in float64
_TEST_BATCH = 250
_SPLIT_SEED = 8

Normalise = Callable[[NDArray[np.uint8]], Tensor]


@dataclass(frozen=True)
class Sizes:
    """How much of the data a scale uses, and for how long.

    Attributes:
        training, test: the first so many images of either part; None for all.
        judged: validation images that are judged after every tenth step.
        epochs: of training.
        entries: entries of a curve that the recording keeps as one.
    """

    training: int | None
    test: int | None
    judged: int
    epochs: int
    entries: int


QUICK = Sizes(training=600, test=100, judged=20, epochs=2, entries=1)
FULL = Sizes(training=None, test=None, judged=1000, epochs=15, entries=10)
SIZES: Mapping[Scale, Sizes] = {"quick": QUICK, "full": FULL}


def chosen(images: ColourImages, scale: Scale) -> ColourImages:
    """The images that a scale uses.

    Raises:
        AutograderError: if full scale is asked for and the images are not all of CIFAR-10.
    """
    counts = dict(zip(_IMAGES, (len(images.y_train), len(images.y_test)), strict=True))
    if scale == "full" and ("CIFAR-10" not in images.source or counts != _IMAGES):
        raise AutograderError(
            f"full scale needs all of CIFAR-10, {_IMAGES['training']} training and {_IMAGES['test']} test images; "
            f"found {images.source}, {counts['training']} and {counts['test']}. Let WORKBOOK_DATA name a folder "
            "that holds cifar10/cifar-10-batches-py; `python -m authoring.recording.cifar_jpeg` makes a file from JPEG "
            "images."
        )
    sizes = SIZES[scale]
    return ColourImages(
        images.x_train[: sizes.training], images.y_train[: sizes.training],
        images.x_test[: sizes.test], images.y_test[: sizes.test], images.classes, images.source,
    )  # fmt: skip


def split(labels: NDArray[np.int64], fraction: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices for training and for validation: ``fraction`` of each class is held out, always the same images."""
    rng = np.random.default_rng(_SPLIT_SEED)
    members = [rng.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    counts = [round(fraction * len(of_class)) for of_class in members]
    training = [of_class[count:] for of_class, count in zip(members, counts, strict=True)]
    held_out = [of_class[:count] for of_class, count in zip(members, counts, strict=True)]
    return np.concatenate(training), np.concatenate(held_out)


def spread_out(indices: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """``count`` of some indices at equal distances, so that indices sorted by class give all classes alike."""
    return indices[np.linspace(0, len(indices), min(count, len(indices)), endpoint=False).astype(np.intp)]


def in_batches(
    normalise: Normalise,
    images: NDArray[np.uint8],
    labels: NDArray[np.int64],
    device: torch.device,
    batch: int | None = None,
) -> Batches:
    """Normalised images with their labels on the device; with ``batch``, reshuffled batches for training."""
    pixels = torch.cat([normalise(images[start : start + _CHUNK]) for start in range(0, len(images), _CHUNK)])
    return Batches(pixels, torch.as_tensor(labels), batch or _TEST_BATCH, device, shuffle=batch is not None)


def network(build: Callable[..., nn.Module], name: str, device: torch.device, activation: str = "relu") -> nn.Module:
    """One of the five networks as the sources had them: the CNNs with padding and a head of 64 units.

    Channels last: the same function, and nearly twice the speed on a processor.
    """
    options: dict[str, Any] = {"padding": "same", "head": 64} if name.startswith("cnn") else {}
    model = build(name, activation=activation, **options)
    return model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def block_means(values: Sequence[float], block: int) -> list[float]:
    """Means of ``block`` entries each; what is left over at the end is left out."""
    kept = len(values) // block
    means: list[float] = np.reshape(values[: kept * block], (kept, block)).mean(axis=1).tolist()
    return means


def steps_of(entries: int, block: int) -> list[int]:
    """The step at the end of each entry of a curve that has an entry for ten steps, ``block`` of them kept as one."""
    return [10 * block * (place + 1) for place in range(entries // block)]
