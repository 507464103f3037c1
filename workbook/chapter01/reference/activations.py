"""What chapter 01's checks compare with: PyTorch's activations.

The oracles are PyTorch's functions and its automatic differentiation, and closed forms that hold for one test
function only.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from autograder.testing import renamed, suspect

Array = NDArray[np.float64]

_ORACLES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
}
ACTIVATIONS = tuple(_ORACLES)


def expected_value(name: str, x: ArrayLike) -> Array:
    """PyTorch's activation ``"sigmoid"``, ``"tanh"`` or ``"relu"`` of x, in float64."""
    result: Array = _ORACLES[name](torch.tensor(np.asarray(x, dtype=np.float64))).numpy()
    return result


def expected_derivative(name: str, x: ArrayLike) -> Array:
    """PyTorch's derivative of the same activation at x, by automatic differentiation."""
    point = torch.tensor(np.asarray(x, dtype=np.float64), requires_grad=True)
    _ORACLES[name](point).sum().backward()
    assert point.grad is not None
    result: Array = point.grad.numpy()
    return result


def expected(name: str, x: ArrayLike) -> Array:
    """What the exercise called ``name`` should return for x: an activation, or its derivative."""
    activation, derivative, _ = name.partition("_derivative")
    return expected_derivative(activation, x) if derivative else expected_value(name, x)


def expected_softmax(x: ArrayLike) -> Array:
    """PyTorch's softmax along the last axis, in float64."""
    result: Array = torch.softmax(torch.tensor(np.asarray(x, dtype=np.float64)), dim=-1).numpy()
    return result


def vector_only() -> AbstractContextManager[None]:
    """For a case whose only novelty is its shape."""
    return suspect(
        "vector-only",
        "the function works for a vector, but not for every shape. Look for a loop over entries, len(x), or an index "
        "that needs exactly one axis.",
    )


def negative_side() -> AbstractContextManager[None]:
    """For a case of large negative inputs only."""
    return renamed(
        "numerical-warning",
        "one-sided",
        "your formula is safe for positive x only. Where x is negative, its exponential grows.",
    )


def global_maximum() -> AbstractContextManager[None]:
    """For a case that only a maximum of each sample survives."""
    return renamed(
        "numerical-warning",
        "global-maximum",
        "subtracting one number from all samples is not enough where samples differ a lot: in some of them every "
        "exponential becomes 0, and the sum, too. Which maximum belongs to which sample?",
    )


def wrong_shift() -> AbstractContextManager[None]:
    """For a sample whose scores lie far apart, or far below 0."""
    return renamed(
        "numerical-warning",
        "wrong-shift",
        "after the shift the largest exponent of each sample should be 0: then no exponential overflows, and their sum "
        "is at least 1. Print the exponents for scores of -9000 and for scores from -10000 to 0.",
    )
