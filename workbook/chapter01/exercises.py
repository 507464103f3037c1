"""Checks of chapter 01: activation functions and their derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.testing import CheckFailed, Mistake, call, compare, passed, require, student_side, suspect
from workbook.chapter01.reference.activation_curves import curves_of, panel_of
from workbook.chapter01.reference.activations import (
    ACTIVATIONS,
    difference_mistakes,
    expected_derivative,
    expected_softmax,
    expected_value,
    fraction_mistakes,
    negative_side,
    relu_mistakes,
    sigmoid_derivative_mistakes,
    sigmoid_mistakes,
    softmax_mistakes,
    tanh_derivative_mistakes,
    tanh_mistakes,
)

Array = NDArray[np.float64]
Function = Callable[..., Any]
_SILENCERS = {"errstate", "seterr", "catch_warnings", "simplefilter", "filterwarnings"}


# --- numerical derivative -------------------------------------------------------------------------------------


def numerical_derivative(function: Function) -> None:
    """Check the central difference on the exponential, where the right quotient is known for any step."""
    x, h = np.array([-1.0, 0.0, 2.0]), 0.5
    got = call(function, np.exp, x, h=h)
    expected = np.exp(x) * (np.sinh(h) / h)
    compare(got, expected, "numerical_derivative(np.exp, x, h=0.5)", mistakes=difference_mistakes(x, h))
    passed("numerical_derivative", "np.exp at three points with a large step")


# --- sigmoid and tanh -----------------------------------------------------------------------------------------


def _warns(function: Function, x: Array) -> bool:
    try:
        call(function, x, quiet=True)
    except CheckFailed as failure:
        return failure.mistake == "numerical-warning"
    return False


def stable(function: Function, name: str, x: ArrayLike) -> None:
    """Require values without an overflow at x; recognise ``np.where``, which warns for both signs with right values."""
    silencers = sorted(_SILENCERS & set(student_side.names_in(function)))
    if silencers:
        raise CheckFailed(
            f"{name} uses {silencers[0]}, which switches warnings off.",
            "a silenced overflow is still one, and the next one may not end well. Make the exponent harmless instead.",
            "silenced-warning",
        )
    point = np.asarray(x, dtype=np.float64)
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
        compare(got, expected_value(name, point), f"{name}(x) for large |x|")
    _unpoisoned(function, name, point)


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
    with suspect("clipped", "the input is cut off far too early: the function is flat where it should still rise."):
        values = np.asarray(call(function, np.asarray(x, dtype=np.float64)), dtype=np.float64)
        require(bool(np.all(np.diff(values) > 0)), f"{name} does not rise from each x to the next.")


def sigmoid(function: Function) -> None:
    """Check values near zero, then large inputs of either sign."""
    x = np.array([-3.0, -1.0, 0.0, 0.5, 2.0])
    compare(
        call(function, x),
        expected_value("sigmoid", x),
        "sigmoid([-3, -1, 0, 0.5, 2])",
        mistakes=sigmoid_mistakes(x),
    )
    for far in (-1000.0, 1000.0):
        stable(function, "sigmoid", [far])
    passed("sigmoid", "five values near 0, then -1000 and 1000 without a warning")


def sigmoid_derivative(function: Function) -> None:
    """Check a few slopes against PyTorch's automatic differentiation."""
    x = np.array([-3.0, -1.0, 0.0, 0.5, 2.0])
    expected = expected_derivative("sigmoid", x)
    compare(
        call(function, x),
        expected,
        "sigmoid_derivative([-3, -1, 0, 0.5, 2])",
        mistakes=sigmoid_derivative_mistakes(x),
    )
    passed("sigmoid_derivative", "five slopes, compared with PyTorch's automatic differentiation")


def tanh(function: Function) -> None:
    """Check values near zero, then one large positive input."""
    x = np.array([-2.0, -0.5, 0.0, 0.5, 3.0])
    compare(
        call(function, x),
        expected_value("tanh", x),
        "tanh([-2, -0.5, 0, 0.5, 3])",
        mistakes=tanh_mistakes(x),
    )
    stable(function, "tanh", [1000.0])
    with negative_side():
        stable(function, "tanh", [-1000.0])
    passed("tanh", "five values near 0, then -1000 and 1000 without a warning")


def tanh_derivative(function: Function) -> None:
    """Check a few slopes against PyTorch's automatic differentiation."""
    x = np.array([-2.0, -0.5, 0.0, 0.5, 3.0])
    expected = expected_derivative("tanh", x)
    compare(
        call(function, x),
        expected,
        "tanh_derivative([-2, -0.5, 0, 0.5, 3])",
        mistakes=tanh_derivative_mistakes(x),
    )
    passed("tanh_derivative", "five slopes, compared with PyTorch's automatic differentiation")


# --- ReLU, the derivative from the output ------------------------------------------------------------------------


def relu(function: Function) -> None:
    """Check values on both sides of the kink."""
    x = np.array([-2.0, -0.25, 0.0, 0.25, 3.0])
    compare(
        call(function, x),
        expected_value("relu", x),
        "relu([-2, -0.25, 0, 0.25, 3])",
        mistakes=relu_mistakes(x),
    )
    passed("relu", "five values on both sides of 0")


def slopes(function: Function, x: ArrayLike) -> Any:
    """Call ``relu_derivative``: whole numbers 0 and 1 are as good as floats, truth values are not."""
    got = call(function, np.asarray(x, dtype=np.float64))
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


def relu_derivative(function: Function) -> None:
    """Check slopes away from the kink."""
    x = np.array([-2.0, -0.25, 0.25, 3.0])
    compare(
        slopes(function, x),
        expected_derivative("relu", x),
        "relu_derivative([-2, -0.25, 0.25, 3])",
        mistakes=[
            Mistake("value-for-derivative", "these are the values of ReLU, not its slopes.", expected_value("relu", x)),
            Mistake("sign-for-derivative", "left of 0 the line is flat; a slope of -1 belongs to |x|.", np.sign(x)),
            Mistake(
                "leaky",
                "the slope left of 0 is exactly 0; a small one belongs to the leaky ReLU.",
                np.where(x > 0, 1, 0.01),
            ),
        ],
    )
    passed("relu_derivative", "four slopes away from 0")


def sigmoid_prime(function: Function) -> None:
    """Check three outputs by hand: 0.2 · 0.8, 0.5 · 0.5, 0.9 · 0.1."""
    s = np.array([0.2, 0.5, 0.9])
    twice = expected_value("sigmoid", s)
    compare(
        call(function, s),
        np.array([0.16, 0.25, 0.09]),
        "sigmoid_prime([0.2, 0.5, 0.9])",
        mistakes=[
            Mistake(
                "sigmoid-applied-again",
                "the argument already is an output of the sigmoid; you apply the sigmoid to it once more.",
                twice * (1 - twice),
            ),
            Mistake("tanh-rule", "1 minus the square is tanh's rule.", 1 - s**2),
            Mistake("missing-factor", "one of the two factors is missing.", 1 - s),
        ],
    )
    passed("sigmoid_prime", "three outputs worked out by hand")


# --- softmax, saturation ---------------------------------------------------------------------------------------


def softmax(function: Function) -> None:
    """Check two samples of three scores, then scores near 1000."""
    x = np.array([[1.0, 2.0, 3.0], [0.5, 0.0, -1.0]])
    compare(call(function, x), expected_softmax(x), "softmax(x), x of shape (2, 3)", mistakes=softmax_mistakes(x))
    shifted = x + 1000
    compare(call(function, shifted, quiet=True), expected_softmax(shifted), "softmax(x + 1000)")
    passed("softmax", "two samples of three scores, near 0 and near 1000")


def saturation_fraction(function: Function) -> None:
    """Check a vector of eight derivatives, three of them below 0.01."""
    values = np.array([0.25, 0.2, 0.004, 0.1, 0.0, 0.02, 0.009, 0.15])
    mistakes = fraction_mistakes(values, 0.01)
    compare(call(function, values), 3 / 8, "saturation_fraction of eight derivatives", mistakes=mistakes)
    passed("saturation_fraction", "eight derivatives, three of them small")


# --- the figure ------------------------------------------------------------------------------------------------


def plot_activations(function: Function) -> None:
    """Check that the figure has a labelled panel with two curves for each activation, and the right values of f."""
    figure = call(function)
    hint = "return the figure, for example the first value of plt.subplots(1, 3)."
    require(figure is not None, "plot_activations() is None.", hint, "no-return")
    require(hasattr(figure, "axes"), "plot_activations() does not return a Figure.", hint, "no-figure")
    content = student_side.figure_content(figure)
    plt.close("all")
    hint = "one panel for each activation, side by side: sigmoid, tanh, ReLU."
    require(len(content) == 3, f"the figure has {len(content)} axes; expected 3.", hint, "panel-count")
    for name in ACTIVATIONS:
        hint = "draw f from -5 to 5. If it is drawn, does the function pass its own check?"
        require(
            panel_of(content, name) is not None,
            f"no panel shows {name} from -5 to 5.",
            hint,
            "missing-curve",
        )
    for number, panel in enumerate(content, start=1):
        count = len(panel["lines"])
        require(
            count >= 2,
            f"panel {number} has {count} line(s); expected two, f and its derivative.",
            None,
            "missing-derivative",
        )
        hint = "label both axes of every panel, also where they say the same."
        require(
            bool(panel["xlabel"] and panel["ylabel"]),
            f"panel {number} lacks an axis label.",
            hint,
            "no-axis-labels",
        )
        hint = "give each line a label, then call legend() on the panel."
        require(len(panel["legend"]) >= 2, f"panel {number} has no legend with two entries.", hint, "no-legend")
        fewest = min(len(line["x"]) for line in curves_of(panel))
        hint = "with few points a curve is drawn as a chain of straight pieces."
        require(fewest >= 100, f"a curve of panel {number} has {fewest} points; expected 100.", hint, "few-points")
        styles = {line["style"] for line in curves_of(panel)}
        hint = "who prints the page, or sees no colours, tells f from its derivative by the style of the line."
        require(len(styles) >= 2, f"the curves of panel {number} have one style.", hint, "same-style")
    passed("plot_activations", "three labelled panels, and the values of f in each")


def softmax_of_vector(function: Function) -> None:
    """Check one sample without a batch axis: equal scores give equal probabilities."""
    compare(call(function, np.zeros(4)), np.full(4, 0.25), "softmax([0, 0, 0, 0])")
    passed("softmax", "one sample of four equal scores")
