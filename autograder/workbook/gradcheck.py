"""Compare an analytic gradient with a numerical one.

Central differences in float64 with a step near the cube root of the machine precision: the truncation error
h²·f‴/6 and the rounding error eps·|f|/h are then both small (Nocedal and Wright, Numerical Optimization, §8.1).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def numerical_gradient(f: Callable[[Array], float], x: Array, h: float = 1e-5) -> Array:
    """Gradient of a scalar function by central differences, one pair of evaluations for each entry of ``x``.

    Args:
        f: maps an array of the shape of ``x`` to a number.
        x: float64 array of any shape; left unchanged.
        h: the step, in the unit of ``x``.

    Returns:
        float64 array of the shape of ``x``.

    Raises:
        TypeError: if ``x`` is not float64: in float32 the quotient is mostly rounding error.
    """
    if x.dtype != np.float64:
        raise TypeError(f"x has dtype {x.dtype}; a gradient check needs float64. Convert with x.astype(np.float64).")
    point = x.copy()
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        centre = point[index]
        point[index] = centre + h
        above = float(f(point))
        point[index] = centre - h
        below = float(f(point))
        point[index] = centre
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(a: Array, b: Array) -> float:
    """Largest elementwise ``|a - b| / max(|a| + |b|, 1e-8)``: below 1e-7 good, above 1e-2 wrong."""
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-8), initial=0.0))
