"""Chapter 01's exercises that act on each entry of an array, and cause no overflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.testing import Case, CheckFailed, Exercise, call, compare, renamed, require, suspect
from workbook.chapter01.rules import FROM_EXPONENTIALS, NUMPY_ONLY, WARNINGS_ON

Array = NDArray[np.float64]
Function = Callable[..., Any]
_REFERENCE = "workbook.chapter01.reference"
_TABLE = [[1.2, -0.7, 0.1], [-2.5, 0.0, 4.0]]
# What the function tends to on the left and on the right; at ±750 it is there, to the last digit of float64.
_LIMITS = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}

vector_only = partial(
    suspect,
    "vector-only",
    "the function works for a vector, but not for every shape. Look for a loop over entries, len(x), or an index that "
    "needs exactly one axis.",
)
"""For a case whose only novelty is its shape."""


def at(name: str, x: ArrayLike) -> Case:
    """The call of an elementwise function at x; only a vector has no suspicious shape."""
    point = np.asarray(x, dtype=np.float64)
    if point.ndim == 1:
        return Case(f"{name}([{', '.join(f'{value:g}' for value in point)}])", [point])
    return Case(f"{name}(x), x of shape {point.shape}", [point], within=vector_only)


def _as_slopes(got: Any, what: str, _: Array) -> Any:
    """Slopes of ReLU: whole numbers 0 and 1 are as good as floats, truth values are not."""
    if isinstance(got, np.ndarray) and got.dtype.kind in "iu":
        return got.astype(np.float64)
    kind = got.dtype.kind if isinstance(got, np.ndarray | np.generic) else ""
    require(
        kind != "b",
        f"{what} has dtype {getattr(got, 'dtype', bool)}; expected float64.",
        "a comparison gives True and False, not slopes. NumPy cannot subtract such arrays, and later chapters do.",
        "boolean-mask",
    )
    return got


def far(function: Function, name: str, *sizes: float) -> None:
    """Require the limits of the function called ``name``, without an overflow, at these numbers and their negatives."""
    left, right = _LIMITS[name]
    for size in sizes:
        _stable(function, name, np.array([size, -size]), np.array([right, left]))
    for size in sizes:
        hint = "your formula is safe for positive x only. Where x is negative, its exponential grows."
        with renamed("numerical-warning", "one-sided", hint):
            _stable(function, name, np.array([-size, size]), np.array([left, right]))


def _stable(function: Function, name: str, both: Array, limits: Array) -> None:
    """Require the first limit without an overflow; recognise ``np.where``, which warns for both with right values."""
    point = both[:1]
    always_warns = _warns(function, point) and _warns(function, both[1:])
    if always_warns and np.allclose(call(function, both), limits):
        raise CheckFailed(
            f"{name} has the right values, but causes a numerical warning for large x of either sign.",
            "if you have one formula for each sign: np.where computes both of them for every entry, then throws "
            "one away, but not its warning. Make the exponent harmless before np.exp sees it.",
            "both-branches",
        )
    got = call(function, point, quiet=True)
    with suspect("clipped", "so far out the function has reached its limit. If you clip x, you clip it too early."):
        compare(got, limits[:1], f"{name}({point[0]:g})")
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


def values(function: Function, name: str, x: ArrayLike) -> None:
    """Check the elementwise exercise called ``name`` at other inputs."""
    _ELEMENTWISE[name].check_case(function, at(name, x))


def _shape(name: str, x: ArrayLike) -> list[Callable[[Function], None]]:
    """Large inputs of either sign, and an x along which the function has to rise."""
    return [lambda function: far(function, name, 1000.0, 1e4), lambda function: rises(function, name, x)]


sigmoid = Exercise(
    "sigmoid",
    f"{_REFERENCE}:sigmoid",
    [at("sigmoid", x) for x in ([-3.0, -1.0, 0.0, 0.5, 2.0], _TABLE, 0.8)],
    {
        "exponent-sign": "this curve falls from 1 to 0. Look at the sign in the exponent.",
        "missing-one": "the exponential alone is not a sigmoid: it leaves the interval (0, 1).",
        "double-argument": "this is the sigmoid of 2x. Look at the argument of the exponential.",
        "tanh-for-sigmoid": "these values lie between -1 and 1: this is tanh.",
    },
    also=_shape("sigmoid", [-32, -24, -21, -15, -9, -3, 0, 3, 9, 15, 21, 24, 31]),
    forbidden=[NUMPY_ONLY, FROM_EXPONENTIALS, WARNINGS_ON],
    summary="values near 0, three shapes, and up to 1e4 without a warning",
    elementwise=True,
)

tanh = Exercise(
    "tanh",
    f"{_REFERENCE}:tanh",
    [at("tanh", x) for x in ([-2.0, -0.5, 0.0, 0.5, 3.0], _TABLE, 0.8)],
    {
        "half-argument": "this is tanh(x/2). Look at the factor 2 in the exponent.",
        "sigmoid-for-tanh": "these values lie between 0 and 1: this is a sigmoid.",
        "inverted": "numerator and denominator are exchanged.",
        "sinh-for-tanh": "this is the numerator alone. The division is missing.",
    },
    also=_shape("tanh", [-16, -13, -11, -8, -5, -1, 0, 1, 5, 8, 11, 13, 16]),
    forbidden=[NUMPY_ONLY, FROM_EXPONENTIALS, WARNINGS_ON],
    summary="values near 0, three shapes, and up to 1e4 without a warning",
    elementwise=True,
)


def _slopes(name: str, function: str) -> list[Case]:
    """Slopes near 0, in three shapes, and far out, where only a warning or an overflow can go wrong."""
    hint = (
        f"does your {function} pass its own check? If you do not call it, your formula takes an exponential of a large "
        "positive number."
    )
    outside = replace(at(name, [-1e4, -1000.0, 1000.0, 1e4]), within=partial(suspect, "warns-far-out", hint))
    return [*(at(name, x) for x in ([-3.0, -1.0, 0.0, 0.5, 2.0], _TABLE, 0.8)), outside]


sigmoid_derivative = Exercise(
    "sigmoid_derivative",
    f"{_REFERENCE}:sigmoid_derivative",
    _slopes("sigmoid_derivative", "sigmoid"),
    {
        "input-taken-for-output": "you put x itself where the output of the sigmoid belongs. The rule s(1 - s) is "
        "about s = sigmoid(x).",
        "tanh-rule": "1 minus the square is tanh's rule. The sigmoid has another one.",
        "half-from-the-output": "one factor is built from x, the other from sigmoid(x).",
        "sign-in-factor": "the second factor is a difference, 1 - s, not a sum.",
        "missing-factor": "one of the two factors of s(1 - s) is missing, or the derivative was not taken.",
        "sigmoid-twice": "the sigmoid is applied once too often.",
    },
    forbidden=[NUMPY_ONLY, WARNINGS_ON],
    summary="slopes near 0, three shapes, and up to 1e4 without a warning",
    quiet=True,
    elementwise=True,
)

tanh_derivative = Exercise(
    "tanh_derivative",
    f"{_REFERENCE}:tanh_derivative",
    _slopes("tanh_derivative", "tanh"),
    {
        "input-taken-for-output": "you squared x itself; the rule is about the square of tanh(x).",
        "sigmoid-rule": "t(1 - t) is the sigmoid's rule. tanh has another one.",
        "missing-square": "the square is missing: this is made of tanh(x) itself, or of twice tanh(x).",
        "sign-of-square": "the square is subtracted from 1, not added.",
        "square-of-input": "the input is squared, not the output of tanh.",
        "half-argument": "in the rule with the sigmoid, the sigmoid is taken at 2x, not at x.",
        "square-of-difference": "the square belongs to tanh(x) alone, not to the difference.",
    },
    forbidden=[NUMPY_ONLY, WARNINGS_ON],
    summary="slopes near 0, three shapes, and up to 1e4 without a warning",
    quiet=True,
    elementwise=True,
)

relu = Exercise(
    "relu",
    f"{_REFERENCE}:relu",
    [
        at("relu", x)
        for x in (
            [-2.0, -0.25, 0.0, 0.25, 3.0],
            [-1e4, -30.0, -1e-5, 1e-5, 30.0, 1e4],
            _TABLE,
            -0.8,
        )
    ],
    {
        "absolute-value": "negative inputs became positive; ReLU gives 0 there.",
        "larger-of-one": "this is the larger of x and 1; the positive part is the larger of x and 0.",
        "negative-part": "this keeps the negative inputs and drops the positive ones.",
        "leaky": "negative inputs still pass, made smaller: that is the leaky ReLU.",
        "derivative-for-value": "these are slopes, 0 and 1. ReLU returns positive inputs unchanged.",
    },
    forbidden=[NUMPY_ONLY],
    summary="values on both sides of 0, small and large, three shapes",
    elementwise=True,
)

relu_derivative = Exercise(
    "relu_derivative",
    f"{_REFERENCE}:relu_derivative",
    [
        at("relu_derivative", x)
        for x in ([-2.0, -0.25, 0.0, 0.25, 3.0], [-1e4, -1e-9, 0.0, 1e-9, 1e4], _TABLE, 0.8, -0.8)
    ],
    {
        "one-at-zero": "at x = 0 the convention is the slope 0. Look at the comparison.",
        "half-at-zero": "at x = 0 the convention is the slope 0, not the mean of both sides.",
        "numerical-shortcut": "a difference quotient is wrong near the kink. Use the sign of x.",
        "value-for-derivative": "these are the values of ReLU, not its slopes.",
        "sign-for-derivative": "left of 0 the line is flat; a slope of -1 belongs to |x|.",
        "leaky": "the slope left of 0 is exactly 0; a small one belongs to the leaky ReLU.",
        "division-by-zero": "a quotient such as relu(x) / x has no value at 0. Ask for the sign of x.",
    },
    form=_as_slopes,
    forbidden=[NUMPY_ONLY],
    summary="slopes at 0 and on both sides, three shapes",
    elementwise=True,
)

sigmoid_prime = Exercise(
    "sigmoid_prime",
    f"{_REFERENCE}:sigmoid_prime",
    [at("sigmoid_prime", s) for s in ([0.2, 0.5, 0.9, 0.0, 1.0], [[0.02, 0.65], [0.82, 0.43], [0.5, 0.95]], 0.6)],
    {
        "sigmoid-applied-again": "the argument already is an output of the sigmoid; you apply the sigmoid to it once "
        "more.",
        "tanh-rule": "1 minus the square is tanh's rule.",
        "missing-factor": "one of the two factors is missing.",
    },
    forbidden=[NUMPY_ONLY],
    summary="outputs of the sigmoid, 0 and 1 among them, three shapes",
    elementwise=True,
)

_ELEMENTWISE = {
    exercise.name: exercise
    for exercise in (sigmoid, tanh, relu, sigmoid_derivative, tanh_derivative, relu_derivative, sigmoid_prime)
}
