"""Chapter 01's exercises: the inputs that students see, and the wrong answers that are recognised."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.testing import Case, Exercise, call, compare, renamed, suspect
from autograder.testing.hint_display import Hints
from workbook.chapter01.elementwise_checks import (
    far,
    relu,
    relu_derivative,
    rises,
    sigmoid,
    sigmoid_derivative,
    sigmoid_prime,
    tanh,
    tanh_derivative,
    values,
    vector_only,
)
from workbook.chapter01.figure_checks import drawn, plot_activations
from workbook.chapter01.rules import NUMPY_ONLY, WARNINGS_ON

Array = NDArray[np.float64]
Function = Callable[..., Any]
# For the chapter's test cells.
__all__ = [
    "drawn", "far", "plot_activations", "relu", "relu_derivative", "rises", "sigmoid", "sigmoid_derivative",
    "sigmoid_prime", "tanh", "tanh_derivative", "values",
]  # fmt: skip

_REFERENCE = "workbook.chapter01.reference"
_POINTS = [-2.5, -0.6, 0.3, 1.9]


# --- numerical derivative -------------------------------------------------------------------------------------


def _quotient(f: Any, x: ArrayLike, h: float) -> Case:
    """A coarse step, where wrong quotients are far from right: by keyword for a vector, else by position."""
    point = np.asarray(x, dtype=np.float64)
    what = f"numerical_derivative(np.{f.__name__}, x, h={h:g}), x of shape {point.shape}"
    return Case(what, [f, point], {"h": h}) if point.ndim == 1 else Case(what, [f, point, h], within=vector_only)


_default = partial(suspect, "default-step", "where h is not given it is 1e-5, as in the first line of the stub.")


def _with_default(x: ArrayLike) -> Case:
    return Case("numerical_derivative(np.sin, x)", [np.sin, np.asarray(x, dtype=np.float64)], within=_default)


def _same_as_given(function: Function, x: ArrayLike) -> None:
    """Require that the step is 1e-5 where none is given: the last digits of the value depend on it."""
    point = np.asarray(x, dtype=np.float64)
    what = "numerical_derivative(np.sin, x), compared with your own value for h=1e-5"
    with _default():
        expected = call(function, np.sin, point, 1e-5)
        compare(call(function, np.sin, point), expected, what, rtol=0, atol=1e-13, given=point)


numerical_derivative = Exercise(
    "numerical_derivative",
    f"{_REFERENCE}:numerical_derivative",
    [
        _quotient(np.exp, [-1.0, 0.0, 2.0], 0.3),
        _quotient(np.exp, [[-0.4, 1.1], [0.7, -2.0], [0.2, 1.6]], 0.3),
        _quotient(np.exp, 0.8, 0.2),
        _quotient(np.sin, _POINTS, 0.4),
        _with_default(_POINTS),
    ],
    {
        "forward-difference": "this is the forward difference: one of its two points is x itself. The central one "
        "steps to both sides.",
        "backward-difference": "this uses x - h and x. The central difference does not use x itself.",
        "not-halved": "the two points lie 2h apart, but the difference was divided by h.",
        "precedence": "in Python a / 2 * h means (a / 2) * h. The whole of 2h belongs in the denominator.",
        "not-divided": "this is the difference of the two values; the division is missing.",
        "step-not-divided": "the difference is halved, but not divided by the step.",
        "divided-twice": "the step divides once too often.",
        "sum-not-difference": "the two values are added. A derivative needs their difference.",
        "same-point-twice": "the difference is 0 everywhere: both values are taken at the same point. One is at x + h, "
        "the other at x - h.",
        "double-step": "the points lie 2h away from x; the step to either side is h.",
        "half-step": "the points lie h/2 away from x; here the step to either side is h.",
        "step-ignored": "the result does not depend on the argument h. Look for a step that is written as a number.",
        "function-ignored": "this is the derivative of the exponential; f is an argument, and may be any function.",
    },
    also=[partial(_same_as_given, x=_POINTS)],
    forbidden=[NUMPY_ONLY],
    summary="np.exp and np.sin with coarse steps, three shapes, and the default step",
    elementwise=True,
)


def default_step(function: Function, x: ArrayLike) -> None:
    """Check ``numerical_derivative`` without a step at other points."""
    numerical_derivative.check_case(function, _with_default(x))
    _same_as_given(function, x)


def coarse_step(function: Function, x: ArrayLike, h: float) -> None:
    """Check ``numerical_derivative`` on the exponential with another step."""
    numerical_derivative.check_case(function, _quotient(np.exp, x, h))


# --- softmax --------------------------------------------------------------------------------------------------

_ONE_MAXIMUM = partial(
    renamed,
    "numerical-warning",
    "global-maximum",
    "subtracting one number from all samples is not enough where samples differ a lot: in some of them every "
    "exponential becomes 0, and the sum, too. Which maximum belongs to which sample?",
)
_SHIFT = partial(
    renamed,
    "numerical-warning",
    "wrong-shift",
    "after the shift the largest exponent of each sample should be 0: then no exponential overflows, and their sum is "
    "at least 1. Print the exponents for scores of -9000 and for scores from -10000 to 0.",
)


def _scores(x: ArrayLike, what: str = "", within: Callable[[], AbstractContextManager[None]] = nullcontext) -> Case:
    scores = np.asarray(x, dtype=np.float64)
    return Case(what or f"softmax(x), x of shape {scores.shape}", [scores], within=within)


def _far_apart(x: ArrayLike) -> Case:
    """Samples that differ by thousands from each other."""
    return _scores(x, "softmax(x) for rows far apart", _ONE_MAXIMUM)


def _wide(x: ArrayLike) -> Case:
    """One sample with scores far from 0 or from each other."""
    return _scores(x, "softmax(x) for one wide sample", _SHIFT)


_SOFTMAX_MISTAKES = {
    "each-score-alone": "each score was divided by itself: in a single sample, a loop over the first axis finds one "
    "score at a time.",
    "whole-array": "the whole array sums to 1. Each sample needs a sum of 1 of its own.",
    "sum-of-all": "each sample has its own largest score, but all samples share one sum. Sum along the last axis, too.",
    "reversed": "the largest score has the smallest probability. The exponent is the score minus the maximum, not the "
    "other way round.",
    "not-normalised": "the exponentials are there, but they are not divided by their sum.",
    "no-exponential": "the scores are divided by their sum, but not exponentiated first.",
    "sigmoid-for-softmax": "each score is squashed on its own, as by a sigmoid.",
    "wrong-base": "the base of the power is e, not 2.",
    "wrong-axis": "the sums are 1 along axis 0. The classes are on the last axis, whichever number it has.",
    "second-axis": "the sums are 1 along axis 1. The classes are on the last axis, whichever number it has.",
}

softmax = Exercise(
    "softmax",
    f"{_REFERENCE}:softmax",
    [
        _scores([[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]]),
        _scores([[0.3, -1.0, 2.0], [1.0, 1.0, -4.0], [5.0, 0.0, 0.5]]),
        _scores([[0.7, -0.2, 1.9, 0.4]]),
        _scores([[1001.0, 1002.0, 1003.0], [1000.5, 1000.0, 999.0]], "softmax(x + 1000)"),
        _far_apart([[0.0, 1.0, -2.0], [8000.0, 8001.0, 8002.5], [-8000.0, -8001.0, -7999.0]]),
        _wide([[-1e4, 0.0, 1.0, 3.0]]),
        _wide([[-7000.0, -7002.0, -7001.0]]),
    ],
    _SOFTMAX_MISTAKES,
    forbidden=[NUMPY_ONLY, WARNINGS_ON],
    summary="arrays of one to three samples, scores from -1e4 to 8000",
    quiet=True,
    elementwise=True,
    # Tight enough to see a small number that is added to the sum.
    rtol=1e-10,
)

softmax_of_vector = Exercise(
    "softmax",
    f"{_REFERENCE}:softmax",
    [
        _scores([0.2, -1.3, 0.9, 2.0]),
        _scores([[[1.0, 0.5], [2.0, -1.0], [0.3, 0.8]], [[-2.0, 0.1], [0.4, 0.9], [1.5, -0.6]]]),
        _scores([0.0, 0.0, 0.0, 0.0], "softmax([0, 0, 0, 0])"),
    ],
    _SOFTMAX_MISTAKES,
    forbidden=[NUMPY_ONLY],
    summary="one sample of four scores, and an array of shape (2, 3, 2)",
    elementwise=True,
    rtol=1e-10,
)


def probabilities(function: Function, x: ArrayLike) -> None:
    """Check ``softmax`` on other scores."""
    softmax_of_vector.check_case(function, _scores(x))


def far_apart(function: Function, x: ArrayLike) -> None:
    """Check ``softmax`` on samples that differ by thousands."""
    softmax.check_case(function, _far_apart(x))


def one_wide_sample(function: Function, x: ArrayLike) -> None:
    """Check ``softmax`` on one sample with scores far from 0 or from each other."""
    softmax.check_case(function, _wide(x))


# --- saturation -----------------------------------------------------------------------------------------------


def _share(entries: ArrayLike, what: str, **threshold: float) -> Case:
    return Case(f"saturation_fraction of {what}", [np.asarray(entries)], threshold)


# One below and one above the default threshold, both close to it.
_DERIVATIVES = [0.25, 0.2, 0.004, 0.1, 0.0, 0.0101, 0.0099, 0.15]

saturation_fraction = Exercise(
    "saturation_fraction",
    f"{_REFERENCE}:saturation_fraction",
    [
        _share(_DERIVATIVES, "eight derivatives"),
        _share([-0.7, 0.004, -0.02, 0.3, -0.001], "negative entries, as in a gradient"),
        _share([0.15, 0.4, 0.05, 0.003, 0.8, 0.9], "another threshold", threshold=0.2),
        _share([0.5, 0.125, 0.01, 0.25], "an entry on the threshold", threshold=0.125),
        _share(np.reshape(_DERIVATIVES, (4, 2)), "a batch of shape (4, 2)"),
        _share([[[0.0, 0.2, 0.3]], [[0.1, 0.5, -0.6]]], "an array of shape (2, 1, 3)"),
    ],
    {
        "count": "this is how many there are. Divide by how many entries there are in all.",
        "percent": "this is a percentage; a share lies between 0 and 1.",
        "not-saturated-share": "this is the share of the entries that are not saturated.",
        "no-absolute-value": "large negative derivatives are counted as small. Compare their absolute value.",
        "boundary-counted": "an entry that equals the threshold is not below it.",
        "threshold-ignored": "the result does not change with the argument threshold.",
        "other-default": "without the argument the threshold is 0.01. Compare absolute values, not squares.",
        "squared-entries": "the squares are compared; take absolute values.",
        "rounded": "the share was rounded. Return it as it is.",
        "divided-by-rows": "the count is divided by the length of one axis. Divide by the number of entries.",
    },
    forbidden=[NUMPY_ONLY],
    summary="three thresholds, negative entries, vectors and batches",
)


def share(function: Function, entries: ArrayLike, what: str, **threshold: float) -> None:
    """Check ``saturation_fraction`` on other entries, and with a threshold where one is given."""
    saturation_fraction.check_case(function, _share(entries, what, **threshold))


hint = Hints("workbook.chapter01")
