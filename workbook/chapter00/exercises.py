"""Checks of chapter 00, where a student meets a check for the first time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import Mistake, call, compare, passed
from autograder.testing.hint_display import Hints


def mean_square(function: Callable[..., Any]) -> None:
    """Check the toy exercise ``mean_square(x)``: the mean of the squared entries of an array."""
    x = np.array([1.0, -2.0, 4.0])
    got = call(function, x)
    compare(
        got,
        np.linalg.norm(x) ** 2 / x.size,
        "mean_square([1, -2, 4])",
        mistakes=[
            Mistake(
                "square-of-mean",
                "you took the mean first and squared it afterwards; the order matters, because negative and "
                "positive entries cancel in the mean.",
                1.0,
            ),
            Mistake(
                "sum-of-squares",
                "this is the sum of the squares; it is not divided by their number yet.",
                21.0,
            ),
            Mistake("mean-of-absolute-values", "the entries are made positive, but they are not squared.", 7 / 3),
        ],
    )
    passed("mean_square", "a short array with a negative entry")


hint = Hints("workbook.chapter00")
