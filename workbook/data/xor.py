"""Four Gaussian blobs that no straight line can separate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def xor_blobs(
    train: int = 1000, validation: int = 100, std: float = 0.4, seed: int = 0
) -> tuple[Array, Array, Array, Array]:
    """Draw points around (±1, ±1), label 1 where the signs of the centre differ.

    Args:
        train, validation: number of points; a quarter (up to one point) comes from each blob.
        std: standard deviation of each blob, in the unit of the coordinates.

    Returns:
        ``X_train (train, 2), y_train (train, 1), X_val (validation, 2), y_val (validation, 1)``, labels 0.0 or 1.0.
    """
    rng = np.random.default_rng(seed)
    parts = [_draw(rng, count, std) for count in (train, validation)]
    return (*parts[0], *parts[1])


def _draw(rng: np.random.Generator, count: int, std: float) -> tuple[Array, Array]:
    centres = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    blob = rng.permutation(count) % 4
    X = centres[blob] + std * rng.standard_normal((count, 2))
    return X, (blob >= 2).astype(np.float64)[:, None]
