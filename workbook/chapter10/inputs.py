"""What chapter 10's checks give to students' functions: gradients along a path, and small sets of images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shape = tuple[int, ...]


def walk_inputs(shape: Shape, steps: int, seed: int, scale: float) -> tuple[Array, Array, Array]:
    """A parameter, and the gradients of all steps (T, ...): its own, and those of a second parameter."""
    rng = np.random.default_rng(seed)
    w = np.asarray(rng.standard_normal(shape))
    slopes, between = (scale * rng.standard_normal((steps, *shape)) for _ in range(2))
    return w, slopes, between


def landmarks_of(points: Array) -> Array:
    """The points by which a path (T + 1, ...) is known: all of a short one, and the last of a longer one."""
    return points[1:] if len(points) <= 5 else points[-1:]


@dataclass(frozen=True)
class Data:
    """Images (N, 3, 32, 32) and labels for training, in the order of the loader, and for validation."""

    x: NDArray[Any]
    y: NDArray[Any]
    x_val: NDArray[Any]
    y_val: NDArray[Any]
    batch_size: int

    @classmethod
    def random(cls, seed: int, count: int, batch_size: int, validation: int = 64) -> Data:
        """Noise with a pattern for each of ten labels: easy enough to learn something within some thirty steps."""
        rng = np.random.default_rng(seed)
        patterns = rng.standard_normal((10, 3, 32, 32))
        labels = rng.integers(0, 10, count + validation)
        images = (0.25 * patterns[labels] + rng.standard_normal((count + validation, 3, 32, 32))).astype(np.float32)
        return cls(images[:count], labels[:count], images[count:], labels[count:], batch_size)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one epoch."""
        return -(-len(self.x) // self.batch_size)
