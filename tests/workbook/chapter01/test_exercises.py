"""Chapter 01: oracles that the checks rely on, right answers in other words, and what a message may not say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from autograder.testing import CheckFailed, student_side, suspect
from tests.support.inprocess import read_chapter, run_chapter
from workbook.chapter01 import exercises as check
from workbook.chapter01.reference import activation_curves
from workbook.chapter01.reference import activations as oracle
from workbook.chapter01.reference.activation_mistakes import difference_mistakes

CHAPTER = "01_activation_derivatives"

finite = st.floats(-30, 30, allow_nan=False, width=64)
inputs = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=finite)


@settings(max_examples=40, deadline=None)
@given(inputs)
def test_the_derivative_oracles_agree_with_the_closed_forms(x: np.ndarray) -> None:
    s, t = oracle.expected_value("sigmoid", x), oracle.expected_value("tanh", x)
    np.testing.assert_allclose(oracle.expected_derivative("sigmoid", x), s * (1 - s), atol=1e-14)
    np.testing.assert_allclose(oracle.expected_derivative("tanh", x), 1 - t**2, atol=1e-14)
    np.testing.assert_array_equal(oracle.expected_derivative("relu", x), (x > 0) * 1.0)


@settings(max_examples=40, deadline=None)
@given(inputs, finite)
def test_the_softmax_oracle_is_shift_invariant_and_sums_to_one(x: np.ndarray, shift: float) -> None:
    p = oracle.expected_softmax(x)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    np.testing.assert_allclose(oracle.expected_softmax(x + shift), p, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.floats(-3, 3), st.floats(0.05, 1))
def test_the_named_difference_quotients_are_what_their_formulas_give(x: float, h: float) -> None:
    wrong = {mistake.name: mistake.wrong for mistake in difference_mistakes(x, h)}
    up, here, down = np.exp(x + h), np.exp(x), np.exp(x - h)
    assert wrong["forward-difference"] == pytest.approx((up - here) / h, rel=1e-9)
    assert wrong["backward-difference"] == pytest.approx((here - down) / h, rel=1e-9)
    assert wrong["not-halved"] == pytest.approx((up - down) / h, rel=1e-9)
    assert wrong["precedence"] == pytest.approx((up - down) / 2 * h, rel=1e-9)


ALTERNATIVES = {
    "sigmoid-by-tanh": ("sigmoid", "def sigmoid(x):\n    return 0.5 * (1 + np.tanh(x / 2))"),
    "sigmoid-by-clipping": ("sigmoid", "def sigmoid(x):\n    return 1 / (1 + np.exp(-np.clip(x, -500, 500)))"),
    "sigmoid-by-masks": (
        "sigmoid",
        "def sigmoid(x):\n    out = np.empty_like(x)\n    up = x >= 0\n    out[up] = 1 / (1 + np.exp(-x[up]))\n"
        "    e = np.exp(x[~up])\n    out[~up] = e / (1 + e)\n    return out",
    ),
    "sigmoid-by-logaddexp": ("sigmoid", "def sigmoid(x):\n    return np.exp(-np.logaddexp(0, -x))"),
    "sigmoid-derivative-by-symmetry": (
        "sigmoid-derivative",
        "def sigmoid_derivative(x):\n    return sigmoid(x) * sigmoid(-x)",
    ),
    "tanh-by-sigmoid": ("tanh", "def tanh(x):\n    return 2 * sigmoid(2 * x) - 1"),
    "tanh-by-clipping": (
        "tanh",
        "def tanh(x):\n    x = np.clip(x, -50, 50)\n    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))",
    ),
    "tanh-by-numpy": ("tanh", "def tanh(x):\n    return np.tanh(x)"),
    "tanh-derivative-by-sigmoid": (
        "tanh-derivative",
        "def tanh_derivative(x):\n    return 4 * sigmoid_derivative(2 * x)",
    ),
    "relu-by-product": ("relu", "def relu(x):\n    return x * (x > 0)"),
    "relu-in-place": ("relu", "def relu(x):\n    x = x.copy()\n    x[x < 0] = 0\n    return x"),
    "relu-derivative-of-integers": ("relu-derivative", "def relu_derivative(x):\n    return np.where(x > 0, 1, 0)"),
    "relu-derivative-by-cast": ("relu-derivative", "def relu_derivative(x):\n    return (x > 0).astype(float)"),
    "fraction-as-float": (
        "saturation-fraction",
        "def saturation_fraction(derivative_values, threshold=0.01):\n"
        "    small = np.count_nonzero(np.abs(derivative_values) < threshold)\n"
        "    return small / derivative_values.size",
    ),
    "figure-with-guides-and-measured-slopes": (
        "plot-activations",
        "def plot_activations():\n    x = np.linspace(-6, 6, 241)\n    figure, panels = plt.subplots(3, 1)\n"
        "    for axes, f in zip(panels, (tanh, relu, sigmoid)):\n        axes.axhline(0)\n"
        "        axes.plot(x, numerical_derivative(f, x), ':', label='slope')\n"
        "        axes.plot(x, f(x), label='value')\n"
        "        axes.set_xlabel('x')\n        axes.set_ylabel('y')\n        axes.legend()\n    return figure",
    ),
}


@pytest.mark.parametrize(("grade_id", "source"), ALTERNATIVES.values(), ids=ALTERNATIVES)
def test_another_right_answer_passes(grade_id: str, source: str) -> None:
    failed = {
        test: str(error) for test, error in run_chapter(read_chapter(CHAPTER), {grade_id: source}).items() if error
    }
    assert not failed


def _panels(curves: dict[str, list[Callable[[Any], Any]]]) -> list[dict[str, Any]]:
    x = np.linspace(-5, 5, 101)
    figure, panels = plt.subplots(1, len(curves))
    for axes, functions in zip(panels, curves.values(), strict=True):
        for function in functions:
            axes.plot(x, function(x))
    content = student_side.figure_content(figure)
    plt.close(figure)
    return content


def test_a_panel_without_derivative_and_one_with_a_wrong_derivative_are_told_apart() -> None:
    content = _panels({"sigmoid": [lambda x: 1 / (1 + np.exp(-x))], "tanh": [np.tanh, np.cos]})
    with pytest.raises(CheckFailed) as missing:
        activation_curves.drawn_derivative(content, "sigmoid")
    with pytest.raises(CheckFailed) as wrong:
        activation_curves.drawn_derivative(content, "tanh")
    assert (missing.value.mistake, wrong.value.mistake) == ("missing-derivative", "wrong-derivative")


def test_two_formulas_joined_by_where_are_told_from_the_textbook_quotient() -> None:
    def joined(x: Any) -> Any:
        return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))

    def quotient(x: Any) -> Any:
        return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))

    with pytest.raises(CheckFailed) as both:
        check.sigmoid(joined)
    with pytest.raises(CheckFailed) as textbook:
        check.tanh(quotient)
    assert (both.value.mistake, textbook.value.mistake) == ("both-branches", "numerical-warning")


def test_a_name_of_its_own_survives_suspicion() -> None:
    with pytest.raises(CheckFailed) as failure, suspect("general", "a general hint"):
        raise CheckFailed("message", "a special hint", "special")
    assert (failure.value.mistake, failure.value.hint) == ("special", "a special hint")
