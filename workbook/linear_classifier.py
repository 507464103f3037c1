"""A linear classifier of small images: what checks of chapters 07, 08, 09 and 11 give to students' functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autograder.testing import student_side

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class LinearClassifier:
    """A linear classifier of 8×8 images, optionally behind a batch normalisation of the pixels.

    Attributes:
        weight, bias: (10, 64) and (10,).
        statistics: running mean and variance of the batch normalisation, (64,) each; None without one.
    """

    weight: Array
    bias: Array
    statistics: tuple[Array, Array] | None = None

    @classmethod
    def random(cls, seed: int, normalised: bool = False) -> Self:
        """Weights near 0.2; running statistics far from those of any batch of pixels between 0 and 1."""
        rng = np.random.default_rng(seed)
        weight, bias = 0.2 * rng.standard_normal((10, 64)), rng.standard_normal(10)
        if not normalised:
            return cls(weight, bias)
        return cls(weight, bias, (rng.uniform(0.0, 0.3, 64), rng.uniform(0.5, 4.0, 64)))

    def module(self) -> Any:
        """The network as a PyTorch module next to the student's code."""
        nn = student_side.torch.nn
        linear, flat = nn.Linear(64, 10), nn.Flatten()
        if self.statistics is None:
            module = nn.Sequential(flat, linear)
            student_side.load_arrays(module, {"1.weight": self.weight, "1.bias": self.bias})
        else:
            module = nn.Sequential(flat, nn.BatchNorm1d(64), linear)
            mean, variance = self.statistics
            student_side.load_arrays(module, {"1.running_mean": mean, "1.running_var": variance})
            student_side.load_arrays(module, {"2.weight": self.weight, "2.bias": self.bias})
        return module


def normalised_logits(state: Mapping[str, NDArray[Any]], images: Array, own_statistics: bool) -> Array:
    """Logits of a classifier's module with batch normalisation, from its arrays as they are now.

    Args:
        own_statistics: True for the mean and variance of these images, as in training mode.
    """
    pixels = images.reshape(len(images), 64)
    mean, variance = state["1.running_mean"], state["1.running_var"]
    if own_statistics:
        mean, variance = pixels.mean(axis=0), pixels.var(axis=0)
    scale, shift = state.get("1.weight", 1.0), state.get("1.bias", 0.0)
    normal = (pixels - mean) / np.sqrt(variance + 1e-5) * scale + shift
    return np.asarray(normal @ state["2.weight"].T + state["2.bias"], dtype=np.float64)


def is_training(module: Any, images: Array) -> bool:
    """Whether a classifier's module with batch normalisation is in training mode: seen by what it returns."""
    state = student_side.state_arrays(module)
    got = student_side.outputs(module, images)
    right = normalised_logits(state, images, own_statistics=True)
    return got.shape == right.shape and np.allclose(got, right, rtol=1e-2, atol=1e-3)


def follows(before: Array, after: Array, gradient: Array) -> bool:
    """True where weights have moved against a gradient: steps of any length, several of them, with or without momentum.

    Random changes of 640 weights have a cosine below 0.2 with whatever direction.
    """
    change = np.asarray(after, dtype=np.float64) - before
    size = float(np.linalg.norm(change) * np.linalg.norm(gradient))
    return bool(np.isfinite(size)) and size > 0 and -float(np.vdot(change, gradient)) / size > 0.3


def random_images(count: int, seed: int) -> tuple[Array, Labels]:
    """Random images (count, 1, 8, 8) with pixels in [0, 1), and random labels."""
    rng = np.random.default_rng(seed)
    return rng.random((count, 1, 8, 8)), rng.integers(0, 10, count)
