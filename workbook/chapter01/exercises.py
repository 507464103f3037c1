"""Checks of chapter 01: activation functions and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import call, compare, explained, passed, suspect
from autograder.testing.hint_display import Hints
from workbook.chapter01.elementwise_checks import far, rises, shapes, values
from workbook.chapter01.figure_checks import drawn, plot_activations
from workbook.chapter01.reference.activation_mistakes import (
    difference_mistakes,
    sigmoid_prime_mistakes,
    softmax_mistakes,
)
from workbook.chapter01.reference.activations import (
    expected_softmax,
    expected_value,
    global_maximum,
    vector_only,
    wrong_shift,
)
from workbook.chapter01.reference.saturation_mistakes import fraction_mistakes

Function = Callable[..., Any]
# Used by the chapter's test cells.
__all__ = ["drawn", "far", "plot_activations", "rises", "shapes", "values"]


# --- numerical derivative -------------------------------------------------------------------------------------


@explained
def numerical_derivative(function: Function) -> None:
    """Check the central difference with two steps, with the default step, and for other shapes."""
    coarse_step(function, [-1.0, 0.0, 2.0], 0.3)
    coarse_step(function, [[-0.4, 1.1], [0.7, -2.0], [0.2, 1.6]], 0.3)
    coarse_step(function, 0.8, 0.2)
    default_step(function, [-2.5, -0.6, 0.3, 1.9])
    passed("numerical_derivative", "np.exp with coarse steps and np.sin with the default one, three shapes")


def coarse_step(function: Function, x: ArrayLike, h: float) -> None:
    """Compare with the central difference of the exponential, which is known for any step."""
    point = np.asarray(x, dtype=np.float64)
    right, what = (
        np.exp(point) * (np.sinh(h) / h),
        f"numerical_derivative(np.exp, x, h={h:g}), x of shape {point.shape}",
    )
    if point.ndim == 1:
        compare(call(function, np.exp, point, h=h), right, what, mistakes=difference_mistakes(point, h), given=point)
        return
    with vector_only():
        compare(call(function, np.exp, point, h), right, what, mistakes=difference_mistakes(point, h), given=point)


def default_step(function: Function, x: ArrayLike) -> None:
    """Compare with the derivative of the sine, without saying which step to take."""
    point = np.asarray(x, dtype=np.float64)
    what = "numerical_derivative(np.sin, x), compared with np.cos(x)"
    hint = (
        "where h is not given it is 1e-5, in float64. A larger step truncates, a smaller one rounds; and f is an "
        "argument: it may be any function."
    )
    with suspect("default-step", hint):
        compare(call(function, np.sin, point), np.cos(point), what, rtol=0, atol=1e-8, given=point)


# --- sigmoid, tanh and their derivatives --------------------------------------------------------------------------


@explained
def sigmoid(function: Function) -> None:
    """Check values near zero and other shapes, then large inputs of either sign."""
    values(function, "sigmoid", [-3.0, -1.0, 0.0, 0.5, 2.0])
    shapes(function, "sigmoid", [[1.2, -0.7, 0.1], [-2.5, 0.0, 4.0]], 0.8)
    far(function, "sigmoid", 1000.0, 1e4)
    rises(function, "sigmoid", [-32, -24, -21, -15, -9, -3, 0, 3, 9, 15, 21, 24, 31])
    passed("sigmoid", "values near 0, three shapes, and up to 1e4 without a warning")


@explained
def tanh(function: Function) -> None:
    """Check values near zero and other shapes, then large inputs of either sign."""
    values(function, "tanh", [-2.0, -0.5, 0.0, 0.5, 3.0])
    shapes(function, "tanh", [[1.2, -0.7, 0.1], [-2.5, 0.0, 4.0]], 0.8)
    far(function, "tanh", 1000.0, 1e4)
    rises(function, "tanh", [-16, -13, -11, -8, -5, -1, 0, 1, 5, 8, 11, 13, 16])
    passed("tanh", "values near 0, three shapes, and up to 1e4 without a warning")


@explained
def sigmoid_derivative(function: Function) -> None:
    """Check slopes near zero, other shapes and large inputs against PyTorch's automatic differentiation."""
    _slopes(function, "sigmoid_derivative", "does your sigmoid pass its own check? If you do not call it")


@explained
def tanh_derivative(function: Function) -> None:
    """Check slopes near zero, other shapes and large inputs against PyTorch's automatic differentiation."""
    _slopes(function, "tanh_derivative", "does your tanh pass its own check? If you do not call it")


def _slopes(function: Function, name: str, hint: str) -> None:
    values(function, name, [-3.0, -1.0, 0.0, 0.5, 2.0])
    shapes(function, name, [[1.2, -0.7, 0.1], [-2.5, 0.0, 4.0]], 0.8)
    with suspect("warns-far-out", f"{hint}, your formula takes an exponential of a large positive number."):
        values(function, name, [-1e4, -1000.0, 1000.0, 1e4], quiet=True)
    passed(name, "slopes near 0, three shapes, and up to 1e4 without a warning")


# --- ReLU, the derivative from the output ------------------------------------------------------------------------


@explained
def relu(function: Function) -> None:
    """Check values on both sides of the kink, small and large, and other shapes."""
    values(function, "relu", [-2.0, -0.25, 0.0, 0.25, 3.0])
    values(function, "relu", [-1e4, -30.0, -1e-5, 1e-5, 30.0, 1e4])
    shapes(function, "relu", [[1.2, -0.7, 0.1], [-2.5, 0.0, 4.0]], -0.8)
    passed("relu", "values on both sides of 0, small and large, three shapes")


@explained
def relu_derivative(function: Function) -> None:
    """Check slopes at the kink, near it and far away, and other shapes."""
    values(function, "relu_derivative", [-2.0, -0.25, 0.0, 0.25, 3.0])
    values(function, "relu_derivative", [-1e4, -1e-9, 0.0, 1e-9, 1e4])
    shapes(function, "relu_derivative", [[1.2, -0.7, 0.1], [-2.5, 0.0, 4.0]], 0.8)
    passed("relu_derivative", "slopes at 0 and on both sides, three shapes")


@explained
def sigmoid_prime(function: Function) -> None:
    """Check outputs worked out by hand, the ends of the interval, and other shapes."""
    output = np.array([0.2, 0.5, 0.9, 0.0, 1.0])
    right, mistakes = [0.16, 0.25, 0.09, 0.0, 0.0], sigmoid_prime_mistakes(output)
    compare(call(function, output), right, "sigmoid_prime([0.2, 0.5, 0.9, 0, 1])", mistakes=mistakes, given=output)
    from_outputs(function, [[-4.0, 0.6], [1.5, -0.3], [0.0, 3.0]])
    from_outputs(function, 0.4)
    passed("sigmoid_prime", "outputs worked out by hand, 0 and 1 among them, three shapes")


def from_outputs(function: Function, x: ArrayLike) -> None:
    """Compare ``sigmoid_prime`` of the outputs for x, of any shape, with the rule."""
    outputs = expected_value("sigmoid", x)
    with vector_only():
        compare(
            call(function, outputs),
            outputs - outputs**2,
            f"sigmoid_prime(s), s of shape {outputs.shape}",
            mistakes=sigmoid_prime_mistakes(outputs),
            given=outputs,
        )


# --- softmax, saturation ---------------------------------------------------------------------------------------


@explained
def softmax(function: Function) -> None:
    """Check arrays of samples: scores near 0, near 1000, and far apart."""
    x = np.array([[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]])
    probabilities(function, x)
    probabilities(function, [[0.3, -1.0, 2.0], [1.0, 1.0, -4.0], [5.0, 0.0, 0.5]])
    probabilities(function, [[0.7, -0.2, 1.9, 0.4]])
    compare(call(function, x + 1000, quiet=True), expected_softmax(x), "softmax(x + 1000)")
    far_apart(function, [[0.0, 1.0, -2.0], [8000.0, 8001.0, 8002.5], [-8000.0, -8001.0, -7999.0]])
    one_wide_sample(function, [[-1e4, 0.0, 1.0, 3.0]])
    one_wide_sample(function, [[-7000.0, -7002.0, -7001.0]])
    passed("softmax", "arrays of one to three samples, scores from -1e4 to 8000")


@explained
def softmax_of_vector(function: Function) -> None:
    """Check one sample without a batch axis, and samples on two axes."""
    probabilities(function, [0.2, -1.3, 0.9, 2.0])
    probabilities(function, [[[1.0, 0.5], [2.0, -1.0], [0.3, 0.8]], [[-2.0, 0.1], [0.4, 0.9], [1.5, -0.6]]])
    compare(call(function, np.zeros(4)), np.full(4, 0.25), "softmax([0, 0, 0, 0])")
    passed("softmax", "one sample of four scores, and an array of shape (2, 3, 2)")


def probabilities(function: Function, x: ArrayLike) -> None:
    """Compare with PyTorch's softmax along the last axis."""
    scores = np.asarray(x, dtype=np.float64)
    what = f"softmax(x), x of shape {scores.shape}"
    compare(call(function, scores), expected_softmax(scores), what, mistakes=softmax_mistakes(scores), given=scores)


def far_apart(function: Function, x: ArrayLike) -> None:
    """Compare for samples that differ by thousands from each other."""
    with global_maximum():
        compare(call(function, np.asarray(x), quiet=True), expected_softmax(x), "softmax(x) for rows far apart")


def one_wide_sample(function: Function, x: ArrayLike) -> None:
    """Compare for one sample with scores far from 0 or from each other."""
    with wrong_shift():
        compare(call(function, np.asarray(x), quiet=True), expected_softmax(x), "softmax(x) for one wide sample")


@explained
def saturation_fraction(function: Function) -> None:
    """Check the default threshold, another one, negative entries, an entry on the threshold, and a batch."""
    derivatives = np.array([0.25, 0.2, 0.004, 0.1, 0.0, 0.02, 0.009, 0.15])
    share(function, derivatives, 3 / 8, "eight derivatives")
    share(function, [-0.7, 0.004, -0.02, 0.3, -0.001], 2 / 5, "negative entries, as in a gradient")
    share(function, [0.15, 0.4, 0.05, 0.003, 0.8, 0.9], 3 / 6, "another threshold", threshold=0.2)
    share(function, [0.5, 0.125, 0.01, 0.25], 1 / 4, "an entry on the threshold", threshold=0.125)
    share(function, derivatives.reshape(4, 2), 3 / 8, "a batch of shape (4, 2)")
    share(function, [[[0.0, 0.2, 0.3]], [[0.1, 0.5, -0.6]]], 1 / 6, "an array of shape (2, 1, 3)")
    passed("saturation_fraction", "three thresholds, negative entries, vectors and batches")


def share(function: Function, entries: ArrayLike, right: float, what: str, threshold: float | None = None) -> None:
    """Compare the share of small entries with ``right``; a threshold of None is not passed on."""
    entries = np.asarray(entries)
    got = call(function, entries) if threshold is None else call(function, entries, threshold=threshold)
    mistakes = fraction_mistakes(entries, 0.01 if threshold is None else threshold)
    compare(got, right, f"saturation_fraction of {what}", mistakes=mistakes)


hint = Hints("workbook.chapter01")
