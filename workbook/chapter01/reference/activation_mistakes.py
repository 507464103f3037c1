"""Wrong answers of chapter 01's exercises that have a name."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Mistake
from workbook.chapter01.reference.activations import Array, expected_derivative, expected_softmax, expected_value


def difference_mistakes(x: ArrayLike, h: float) -> list[Mistake]:
    """Wrong difference quotients of ``np.exp``, in closed form."""
    slope = np.exp(np.asarray(x, dtype=np.float64))
    return [
        Mistake(
            "forward-difference",
            "this is the forward difference: one of its two points is x itself. The central one steps to both sides.",
            slope * np.expm1(h) / h,
        ),
        Mistake(
            "backward-difference",
            "this uses x - h and x. The central difference does not use x itself.",
            -slope * np.expm1(-h) / h,
        ),
        Mistake(
            "not-halved",
            "the two points lie 2h apart, but the difference was divided by h.",
            slope * 2 * np.sinh(h) / h,
        ),
        Mistake(
            "precedence",
            "in Python a / 2 * h means (a / 2) * h. The whole of 2h belongs in the denominator.",
            slope * np.sinh(h) * h,
        ),
        Mistake(
            "not-divided", "this is the difference of the two values; the division is missing.", slope * 2 * np.sinh(h)
        ),
        Mistake("step-not-divided", "the difference is halved, but not divided by the step.", slope * np.sinh(h)),
        Mistake("divided-twice", "the step divides once too often.", slope * 2 * np.sinh(h) / h**2),
        Mistake("divided-twice", "the step divides once too often.", slope * np.sinh(h) / h**2),
        Mistake(
            "double-step",
            "the points lie 2h away from x; the step to either side is h.",
            slope * np.sinh(2 * h) / (2 * h),
        ),
        Mistake(
            "half-step",
            "the points lie h/2 away from x; here the step to either side is h.",
            slope * np.sinh(h / 2) / (h / 2),
        ),
        Mistake(
            "step-ignored",
            "the result does not depend on the argument h. Look for a step that is written as a number.",
            slope,
        ),
    ]


def sigmoid_mistakes(x: ArrayLike) -> list[Mistake]:
    """Wrong values of the sigmoid at x."""
    x = np.asarray(x, dtype=np.float64)
    return [
        Mistake(
            "exponent-sign",
            "this curve falls from 1 to 0. Look at the sign in the exponent.",
            expected_value("sigmoid", -x),
        ),
        Mistake("missing-one", "the exponential alone is not a sigmoid: it leaves the interval (0, 1).", np.exp(x)),
        Mistake(
            "double-argument",
            "this is the sigmoid of 2x. Look at the argument of the exponential.",
            expected_value("sigmoid", 2 * x),
        ),
        Mistake("tanh-for-sigmoid", "these values lie between -1 and 1: this is tanh.", np.tanh(x)),
    ]


def tanh_mistakes(x: ArrayLike) -> list[Mistake]:
    """Wrong values of tanh at x."""
    x = np.asarray(x, dtype=np.float64)
    return [
        Mistake(
            "half-argument",
            "this is tanh(x/2). Look at the factor 2 in the exponent.",
            expected_value("tanh", x / 2),
        ),
        Mistake(
            "sigmoid-for-tanh", "these values lie between 0 and 1: this is a sigmoid.", expected_value("sigmoid", x)
        ),
        Mistake("inverted", "numerator and denominator are exchanged.", lambda: 1 / expected_value("tanh", x)),
        Mistake("sinh-for-tanh", "this is the numerator alone. The division is missing.", 2 * np.sinh(x)),
    ]


def relu_mistakes(x: ArrayLike) -> list[Mistake]:
    """Wrong values of ReLU at x."""
    x = np.asarray(x, dtype=np.float64)
    return [
        Mistake("absolute-value", "negative inputs became positive; ReLU gives 0 there.", np.abs(x)),
        Mistake(
            "larger-of-one", "this is the larger of x and 1; the positive part is the larger of x and 0.", np.fmax(x, 1)
        ),
        Mistake("negative-part", "this keeps the negative inputs and drops the positive ones.", np.minimum(x, 0)),
        Mistake(
            "leaky",
            "negative inputs still pass, made smaller: that is the leaky ReLU.",
            np.where(x > 0, x, 0.01 * x),
        ),
        Mistake(
            "derivative-for-value",
            "these are slopes, 0 and 1. ReLU returns positive inputs unchanged.",
            (x > 0) * 1.0,
        ),
    ]


def sigmoid_derivative_mistakes(x: ArrayLike) -> list[Mistake]:
    """Wrong derivatives of the sigmoid at x."""
    x = np.asarray(x, dtype=np.float64)
    s = expected_value("sigmoid", x)
    return [
        Mistake(
            "input-taken-for-output",
            "you put x itself where the output of the sigmoid belongs. The rule s(1 - s) is about s = sigmoid(x).",
            x * (1 - x),
        ),
        Mistake("tanh-rule", "1 minus the square is tanh's rule. The sigmoid has another one.", 1 - s**2),
        Mistake("half-from-the-output", "one factor is built from x, the other from sigmoid(x).", s * (1 - x)),
        Mistake("sign-in-factor", "the second factor is a difference, 1 - s, not a sum.", s * (1 + s)),
        Mistake("missing-factor", "one of the two factors of s(1 - s) is missing.", 1 - s),
        Mistake(
            "missing-factor",
            "one of the two factors of s(1 - s) is missing, or the derivative was not taken.",
            s,
        ),
        Mistake(
            "sigmoid-twice",
            "the sigmoid is applied once too often.",
            expected_value("sigmoid", s) * (1 - expected_value("sigmoid", s)),
        ),
    ]


def tanh_derivative_mistakes(x: ArrayLike) -> list[Mistake]:
    """Wrong derivatives of tanh at x."""
    x = np.asarray(x, dtype=np.float64)
    t = expected_value("tanh", x)
    return [
        Mistake(
            "input-taken-for-output",
            "you squared x itself; the rule is about the square of tanh(x).",
            1 - x**2,
        ),
        Mistake("sigmoid-rule", "t(1 - t) is the sigmoid's rule. tanh has another one.", t * (1 - t)),
        Mistake("missing-square", "the square is missing.", 1 - t),
        Mistake("missing-square", "this is twice tanh(x), not its square.", 1 - 2 * t),
        Mistake("sign-of-square", "the square is subtracted from 1, not added.", 1 + t**2),
        Mistake("square-of-input", "the input is squared, not the output of tanh.", 1 - np.tanh(x**2)),
        Mistake(
            "half-argument",
            "in the rule with the sigmoid, the sigmoid is taken at 2x, not at x.",
            4 * expected_derivative("sigmoid", x),
        ),
        Mistake(
            "square-of-difference",
            "the square belongs to tanh(x) alone, not to the difference.",
            (1 - t) ** 2,
        ),
    ]


def relu_derivative_mistakes(x: ArrayLike) -> list[Mistake]:
    """Wrong derivatives of ReLU at x, those with another convention at 0 included."""
    x, h = np.asarray(x, dtype=np.float64), 1e-5
    quotient = (np.maximum(x + h, 0) - np.maximum(x - h, 0)) / (2 * h)
    one, half = "at x = 0 the convention is the slope 0", "at x = 0 the convention is the slope 0, not the mean"
    return [
        Mistake("one-at-zero", f"{one}. Look at the comparison.", (x >= 0) * 1.0),
        Mistake("half-at-zero", f"{half} of both sides.", np.heaviside(x, 0.5)),
        Mistake("numerical-shortcut", "a difference quotient is wrong near the kink. Use the sign of x.", quotient),
        Mistake("value-for-derivative", "these are the values of ReLU, not its slopes.", np.maximum(x, 0)),
        Mistake("sign-for-derivative", "left of 0 the line is flat; a slope of -1 belongs to |x|.", np.sign(x)),
        Mistake("leaky", "the slope left of 0 is exactly 0; a small one belongs to the leaky ReLU.", _leaky(x)),
        Mistake(
            "division-by-zero",
            "a quotient such as relu(x) / x has no value at 0. Ask for the sign of x.",
            lambda: np.maximum(x, 0) / x,
        ),
    ]


def _leaky(x: Array) -> Array:
    return np.where(x > 0, 1, 0.01)


def sigmoid_prime_mistakes(s: ArrayLike) -> list[Mistake]:
    """Wrong derivatives of the sigmoid, given its outputs s."""
    s = np.asarray(s, dtype=np.float64)
    twice = expected_value("sigmoid", s)
    return [
        Mistake(
            "sigmoid-applied-again",
            "the argument already is an output of the sigmoid; you apply the sigmoid to it once more.",
            twice * (1 - twice),
        ),
        Mistake("tanh-rule", "1 minus the square is tanh's rule.", 1 - s**2),
        Mistake("missing-factor", "one of the two factors is missing.", 1 - s),
    ]


def softmax_mistakes(x: ArrayLike) -> list[Mistake]:
    """Wrong softmax functions of x."""
    x = np.asarray(x, dtype=np.float64)
    whole = expected_softmax(x.reshape(-1)).reshape(x.shape)
    wrong = [
        Mistake(
            "each-score-alone",
            "each score was divided by itself: a loop over the first axis finds single scores where there is no batch.",
            np.ones_like(x),
        ),
        Mistake("whole-array", "the whole array sums to 1. Each sample needs a sum of 1 of its own.", whole),
        Mistake("not-normalised", "the exponentials are there, but they are not divided by their sum.", np.exp(x)),
        Mistake(
            "no-exponential",
            "the scores are divided by their sum, but not exponentiated first.",
            lambda: x / x.sum(axis=-1, keepdims=True),
        ),
        Mistake(
            "sigmoid-for-softmax", "each score is squashed on its own, as by a sigmoid.", expected_value("sigmoid", x)
        ),
        Mistake("wrong-base", "the base of the power is e, not 2.", lambda: expected_softmax(x * np.log(2))),
    ]
    for axis in range(x.ndim - 1):
        by_axis = np.moveaxis(expected_softmax(np.moveaxis(x, axis, -1)), -1, axis)
        name = "wrong-axis" if axis == 0 else "second-axis"
        hint = f"the sums are 1 along axis {axis}. The classes are on the last axis, whichever number it has."
        wrong.append(Mistake(name, hint, by_axis))
    return wrong


MISTAKES: dict[str, Callable[[ArrayLike], list[Mistake]]] = {
    "sigmoid": sigmoid_mistakes,
    "tanh": tanh_mistakes,
    "relu": relu_mistakes,
    "sigmoid_derivative": sigmoid_derivative_mistakes,
    "tanh_derivative": tanh_derivative_mistakes,
    "relu_derivative": relu_derivative_mistakes,
}
"""The wrong answers of the elementwise exercises, by the exercise's name."""
