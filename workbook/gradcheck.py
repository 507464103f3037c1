"""Compare an analytic gradient with a numerical one.

Central differences in float64 with a step near the cube root of the machine precision: the truncation error
h²·f‴/6 and the rounding error eps·|f|/h are then both small (Nocedal and Wright, Numerical Optimization, §8.1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
T = TypeVar("T")


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
    return eval_numerical_gradient(f, x.copy(), h)


def eval_numerical_gradient(f: Callable[[Array], float], x: Array, h: float = 1e-5) -> Array:
    """Like :func:`numerical_gradient`, but moves the entries of ``x`` itself and puts each back.

    So ``f`` may ignore its argument and evaluate a model that holds ``x`` as a parameter.
    """
    return _central_differences(lambda point: float(f(point)), lambda above, below: above - below, x, h)


def eval_numerical_gradient_array(f: Callable[[Array], Array], x: Array, df: Array, h: float = 1e-5) -> Array:
    """Gradient of ``sum(df * f(x))`` with respect to ``x``: what a layer's backward pass returns for ``dout = df``.

    Args:
        f: maps an array of the shape of ``x`` to an array of the shape of ``df``.
        x: float64 array of any shape; each entry is moved in place and put back.
        df: gradient of some loss with respect to ``f(x)``.

    Raises:
        TypeError: as :func:`numerical_gradient`.
    """
    return _central_differences(
        lambda point: np.array(f(point), dtype=np.float64), lambda above, below: float(np.vdot(df, above - below)), x, h
    )


def _central_differences(f: Callable[[Array], T], difference: Callable[[T, T], float], x: Array, h: float) -> Array:
    if x.dtype != np.float64:
        raise TypeError(f"x has dtype {x.dtype}; a gradient check needs float64. Convert with x.astype(np.float64).")
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        centre = x[index]
        try:
            x[index] = centre + h
            above = f(x)
            x[index] = centre - h
            below = f(x)
        finally:
            x[index] = centre
        gradient[index] = difference(above, below) / (2 * h)
    return gradient


def relative_error(a: Array, b: Array) -> float:
    """Largest elementwise ``|a - b| / max(|a| + |b|, 1e-8)``: below 1e-7 good, above 1e-2 wrong."""
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-8), initial=0.0))


rel_error = relative_error
