"""Checks of chapter 02: targets of shape (N,) are as good as those of shape (N, 1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, call, compare

FLAT_TARGETS = (
    "an array of shape (N,) and one of shape (N, 1) broadcast to (N, N) when they are combined. Give targets and "
    "outputs the same shape first."
)


def flat_targets(method: Callable[..., Any], X: NDArray[np.float64], y: NDArray[np.float64], what: str) -> None:
    """Require that targets of shape (N,) give what targets of shape (N, 1) give."""
    column = call(method, X, y)
    try:
        flat = call(method, X, y.ravel())
        if isinstance(column, Mapping):
            for name in column:
                compare(flat[name], column[name], f"{what} for targets of shape (N,)")
        else:
            compare(flat, column, f"{what} for targets of shape (N,)")
    except CheckFailed as failure:
        raise CheckFailed(failure.message, FLAT_TARGETS, "broadcast-targets") from None
