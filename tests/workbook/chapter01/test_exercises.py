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

from autograder.testing import CheckFailed, suspect
from tests.support.inprocess import read_chapter, run_chapter
from workbook.chapter01 import exercises as check
from workbook.chapter01 import reference
from workbook.gradcheck import numerical_gradient

CHAPTER = "01_activation_derivatives"

finite = st.floats(-30, 30, allow_nan=False, width=64)
inputs = arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=finite)


@settings(max_examples=40, deadline=None)
@given(inputs)
def test_the_derivative_oracles_agree_with_the_closed_forms(x: np.ndarray) -> None:
    s, t = reference.sigmoid(x), reference.tanh(x)
    np.testing.assert_allclose(reference.sigmoid_derivative(x), s * (1 - s), atol=1e-14)
    np.testing.assert_allclose(reference.sigmoid_prime(s), reference.sigmoid_derivative(x), atol=1e-14)
    np.testing.assert_allclose(reference.tanh_derivative(x), 1 - t**2, atol=1e-14)
    np.testing.assert_array_equal(reference.relu_derivative(x), (x > 0) * 1.0)


@settings(max_examples=40, deadline=None)
@given(inputs, finite)
def test_the_softmax_oracle_is_shift_invariant_and_sums_to_one(x: np.ndarray, shift: float) -> None:
    p = reference.softmax(x)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    np.testing.assert_allclose(reference.softmax(x + shift), p, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.floats(-3, 3), st.floats(0.05, 1), st.sampled_from([np.exp, np.sin]))
def test_the_central_difference_in_closed_form_is_what_its_formula_gives(x: float, h: float, f: Any) -> None:
    point = np.array([x])
    expected = numerical_gradient(lambda z: float(f(z)[0]), point, h)
    np.testing.assert_allclose(reference.numerical_derivative(f, point, h), expected, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(inputs, st.floats(0, 31))
def test_the_share_counted_in_sorted_entries_is_the_mean_of_a_comparison(x: np.ndarray, threshold: float) -> None:
    assert reference.saturation_fraction(x, threshold) == pytest.approx(np.mean(np.abs(x) < threshold))


ALTERNATIVES = {
    "sigmoid-by-own-tanh": (
        "sigmoid",
        "def sigmoid(x):\n    return 0.5 * (1 + tanh(np.asarray(x) / 2))\n\n"
        "def tanh(x):\n    e = np.exp(-2 * np.abs(x))\n    return np.sign(x) * (1 - e) / (1 + e)",
    ),
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


def _figure(*slopes: Callable[[Any], Any], x: Any = np.linspace(-5, 5, 101)) -> Any:  # noqa: B008
    def plot_activations() -> Any:
        figure, panels = plt.subplots(1, 3)
        values = (reference.sigmoid, reference.tanh, reference.relu)
        for axes, f, slope in zip(panels, values, slopes, strict=True):
            axes.plot(x, f(x), label="f")
            axes.plot(x, slope(x), "--", label="slope")
            axes.set(xlabel="x", ylabel="y")
            axes.legend()
        return figure

    return plot_activations


SLOPES = (reference.sigmoid_derivative, reference.tanh_derivative, reference.relu_derivative)


def test_a_figure_may_be_drawn_on_any_grid_that_reaches_far_enough() -> None:
    for x in (np.arange(-5, 5, 0.1), np.linspace(-7, 7, 400), np.linspace(5, -5, 150)):
        check.drawn(_figure(*SLOPES, x=x))
    for x in (np.linspace(-4, 5, 150), np.linspace(-5, 4.5, 150)):
        with pytest.raises(CheckFailed, match="no panel shows sigmoid from -5 to 5"):
            check.drawn(_figure(*SLOPES, x=x))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2), st.floats(0.9, 1.1), st.floats(-0.05, 0.05))
def test_a_curve_that_is_a_little_off_is_no_derivative(which: int, factor: float, shift: float) -> None:
    slopes = list(SLOPES)
    if abs(factor - 1) < 0.06 and abs(shift) < 0.02:
        return
    slopes[which] = lambda x: factor * SLOPES[which](x) + shift
    with pytest.raises(CheckFailed) as failure:
        check.drawn(_figure(*slopes))
    assert failure.value.mistake == "wrong-derivative"


def test_a_function_drawn_twice_has_a_wrong_derivative() -> None:
    with pytest.raises(CheckFailed) as failure:
        check.drawn(_figure(SLOPES[0], reference.tanh, SLOPES[2]))
    assert failure.value.mistake == "wrong-derivative"


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
