"""Call a student's function so that whatever goes wrong is explained."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import student_side
from autograder.testing.failure import CheckFailed
from autograder.testing.stopped import stopped


def call(function: Callable[..., Any], *args: Any, quiet: bool = False, may_write: bool = False, **kwargs: Any) -> Any:
    """Call ``function`` with copies of the arguments and return what it returns.

    Args:
        function: the student's function, class or bound method.
        quiet: True where a numerical warning (overflow, division by zero) is a failure too.
        may_write: True where the function may change the arrays that it is given.

    Raises:
        CheckFailed: if the function is not written yet, raises anything, writes into an array that it was given, or
            warns although ``quiet``.
    """
    name = getattr(function, "__name__", None) or "your function"
    recorded = student_side.call_for_warnings if quiet else student_side.recorded_call
    try:
        value, warned, written = recorded(
            function,
            *[_copied(value) for value in args],
            **{key: _copied(value) for key, value in kwargs.items()},
        )
    except NotImplementedError:
        raise CheckFailed(
            f"{name} is not written yet.",
            "its cell still raises NotImplementedError. Replace that line, run the cell, then run this one again.",
            "not-written",
        ) from None
    except CheckFailed:
        raise
    except (Exception, SystemExit) as error:
        shapes = ", ".join(filter(None, map(_shape_of, args)))
        raise stopped(name, error, f" when called with {shapes}" if shapes else "") from None
    numerical = [text for text in warned if text.startswith("RuntimeWarning")]
    if quiet and numerical:
        raise CheckFailed(
            f"{name} caused a numerical warning: {numerical[0].removeprefix('RuntimeWarning: ')}.",
            "an intermediate value left the range of float64 (an overflow, or a division such as inf / inf). "
            "Rewrite the formula so that no exponential of a large positive number is taken.",
            "numerical-warning",
        )
    if written and not may_write:
        raise CheckFailed(
            f"{name} has changed the array {written[0]} that it was given.",
            f"an assignment such as {written[0]}[...] = ... or {written[0]} -= ... writes into the caller's array. "
            "Compute a new array, or begin with a copy.",
            "writes-into-argument",
        )
    return value


def _copied(value: Any) -> Any:
    """A copy of plain data, so that a function that writes into its arguments cannot spoil the check."""
    if isinstance(value, (np.ndarray, np.random.Generator)):
        return copy.deepcopy(value)
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return type(value)(_copied(item) for item in value)
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    return value


def _shape_of(value: Any) -> str:
    return f"an array of shape {value.shape}" if isinstance(value, np.ndarray) else ""
