"""Checks of chapter 01: functions that act on each entry of an array, and warn of no overflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.testing import CheckFailed, call, compare, require, student_side, suspect
from workbook.chapter01.reference.activation_mistakes import MISTAKES
from workbook.chapter01.reference.activations import expected, expected_value, negative_side, vector_only

Array = NDArray[np.float64]
Function = Callable[..., Any]
_SILENCERS = {"errstate", "seterr", "catch_warnings", "simplefilter", "filterwarnings"}


def values(function: Function, name: str, x: ArrayLike, quiet: bool = False) -> None:
    """Compare ``function(x)`` with the right values of the exercise called ``name``.

    Args:
        quiet: True where a numerical warning is a failure, too.
    """
    point = np.asarray(x, dtype=np.float64)
    got = call(function, point, quiet=quiet)
    if name == "relu_derivative":
        got = _as_slopes(got)
    text = f"of shape {point.shape}" if point.ndim != 1 else f"[{', '.join(f'{value:g}' for value in point)}]"
    what = f"{name}(x), x {text}" if point.ndim != 1 else f"{name}({text})"
    compare(got, expected(name, point), what, mistakes=MISTAKES[name](point), given=point)


def shapes(function: Function, name: str, *inputs: ArrayLike) -> None:
    """Compare with the right values for arrays of other shapes than a vector's."""
    for x in inputs:
        with vector_only():
            values(function, name, x)


def _as_slopes(got: Any) -> Any:
    """Slopes of ReLU: whole numbers 0 and 1 are as good as floats, truth values are not."""
    if isinstance(got, np.ndarray) and got.dtype.kind in "iu":
        return got.astype(np.float64)
    kind = got.dtype.kind if isinstance(got, np.ndarray | np.generic) else ""
    require(
        kind != "b",
        f"relu_derivative(x) has dtype {getattr(got, 'dtype', bool)}; expected float64.",
        "a comparison gives True and False, not slopes. NumPy cannot subtract such arrays, and later chapters do.",
        "boolean-mask",
    )
    return got


def far(function: Function, name: str, *sizes: float) -> None:
    """Require right values without an overflow at each of these numbers and at its negative."""
    for size in sizes:
        _stable(function, name, np.array([size]))
    for size in sizes:
        with negative_side():
            _stable(function, name, np.array([-size]))


def _stable(function: Function, name: str, point: Array) -> None:
    """Require values without an overflow; recognise ``np.where``, which warns for both signs with right values."""
    silencers = sorted(_SILENCERS & set(student_side.names_in(function)))
    if silencers:
        raise CheckFailed(
            f"{name} uses {silencers[0]}, which switches warnings off.",
            "a silenced overflow is still one, and the next one may not end well. Make the exponent harmless instead.",
            "silenced-warning",
        )
    both = np.concatenate([point, -point])
    always_warns = _warns(function, point) and _warns(function, -point)
    if always_warns and np.allclose(call(function, both), expected_value(name, both)):
        raise CheckFailed(
            f"{name} has the right values, but causes a numerical warning for large x of either sign.",
            "if you have one formula for each sign: np.where computes both of them for every entry, then throws "
            "one away, but not its warning. Make the exponent harmless before np.exp sees it.",
            "both-branches",
        )
    got = call(function, point, quiet=True)
    with suspect("clipped", "so far out the function has reached its limit. If you clip x, you clip it too early."):
        compare(got, expected_value(name, point), f"{name}({point[0]:g})")
    _unpoisoned(function, name, point)


def _warns(function: Function, x: Array) -> bool:
    try:
        call(function, x, quiet=True)
    except CheckFailed as failure:
        return failure.mistake == "numerical-warning"
    return False


def _unpoisoned(function: Function, name: str, x: Array) -> None:
    """Require that x + i does not give NaN, as after an overflow: 1 / (1 + inf) is right, a warning can be hidden."""
    try:
        got = np.asarray(call(function, x + 1j))
    except CheckFailed:
        return  # Nobody asked for complex numbers.
    require(
        got.dtype.kind != "c" or not bool(np.isnan(got).any()),
        f"{name} overflows for large |x|: for the complex number {x[0] + 1j:g} it gives NaN.",
        "an exponential of a large positive number is taken. Rewrite the formula so that none is.",
        "numerical-warning",
    )


def rises(function: Function, name: str, x: ArrayLike) -> None:
    """Require strictly rising values at the rising points x: a function clipped too early is flat there."""
    points = np.asarray(x, dtype=np.float64)
    with suspect("clipped", "the input is cut off far too early: the function is flat where it should still rise."):
        got = np.asarray(call(function, points), dtype=np.float64)
        flat = np.flatnonzero(~(np.diff(got) > 0))
        where = f" It does not from {points[flat[0]]:g} to {points[flat[0] + 1]:g}." if len(flat) else ""
        require(not len(flat), f"{name} has to rise from each x to the next.{where}")
