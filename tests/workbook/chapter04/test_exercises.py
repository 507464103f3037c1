"""Chapter 04: the references behind the checks are right themselves, and the checks set up what they mean to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import CheckFailed, ReferenceMissing
from autograder.testing.connection import connected
from workbook.chapter04 import exercises as check
from workbook.chapter04.inputs import layer_arrays
from workbook.chapter04.new_networks import new_weights
from workbook.chapter04.reference import layers, networks
from workbook.chapter04.reference import momentum as rules
from workbook.gradcheck import eval_numerical_gradient, eval_numerical_gradient_array, rel_error

sizes = st.lists(st.integers(1, 4), min_size=2, max_size=4)


def some_network(sizes: list[int], seed: int) -> tuple[dict[str, Any], Any, Any]:
    rng = np.random.default_rng(seed)
    params = {}
    for layer in range(1, len(sizes)):
        params[f"W{layer}"] = rng.standard_normal((sizes[layer - 1], sizes[layer]))
        params[f"b{layer}"] = rng.standard_normal(sizes[layer])
    return params, rng.standard_normal((5, sizes[0])), rng.integers(0, sizes[-1], 5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 4))
def test_the_gradients_of_a_layer_agree_with_central_differences(seed: int, count: int, width: int) -> None:
    x, w, b, dout = layer_arrays((count, 2, 3), width, seed)
    for number, gradient in enumerate(layers.gradients(layers.fc, dout, x, w, b)):

        def out(values: Any, number: int = number) -> Any:
            return layers.value(layers.fc, *[values if i == number else a for i, a in enumerate((x, w, b))])

        numerical = eval_numerical_gradient_array(out, (x, w, b)[number], dout)
        np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), sizes, st.floats(0, 2))
def test_the_gradients_of_a_network_agree_with_central_differences(seed: int, sizes: list[int], reg: float) -> None:
    params, X, y = some_network(sizes, seed)
    # With tanh no pre-activation can lie within the step of a kink; the rest of the code is the same.
    right = networks.loss_and_gradients(params, X, y, reg, activation=torch.tanh)[1]
    for name, w in params.items():
        numerical = eval_numerical_gradient(
            lambda _: networks.loss_and_gradients(params, X, y, reg, activation=torch.tanh)[0], w
        )
        assert np.abs(right[name] - numerical).max() < 1e-8 or rel_error(right[name], numerical) < 1e-6


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1), st.floats(0, 0.99), st.integers(1, 5))
def test_the_path_of_momentum_is_the_rule_of_the_text(seed: int, rate: float, momentum: float, steps: int) -> None:
    rng = np.random.default_rng(seed)
    w, slopes = rng.standard_normal((2, 3)), list(rng.standard_normal((steps, 2, 3)))
    point, velocity = w, np.zeros_like(w)
    for step, slope in enumerate(slopes, 1):
        velocity = momentum * velocity - rate * slope
        point = point + velocity
        given = w, slopes[:step], rate, momentum
        np.testing.assert_allclose(point, rules.parameter(*given), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(velocity, rules.velocity(*given), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_every_named_mistake_of_a_network_differs_from_the_right_values(depth: int) -> None:
    params, X, y = some_network([3, 6, 5, 4, 6, 3][-depth - 1 :], seed=8)
    loss, slopes = networks.loss_and_gradients(params, X, y, 0.7)
    for name, wrong in networks.scores_mistakes(params, X):
        assert not np.allclose(wrong(), networks.scores(params, X)), name
    for name, wrong in networks.loss_mistakes(params, X, y, 0.7):
        assert not np.isclose(wrong(), loss), name
    for name, wrong in networks.gradient_mistakes("W1", params, X, y, 0.7):
        beyond_the_first_layer = name in {"l2-on-biases", "l2-last-layer-missing", "l2-first-layer-only"}
        assert beyond_the_first_layer or not np.allclose(wrong(), slopes["W1"]), name


class Bare:
    """A two-layer network that remembers the share of hidden units that were on."""

    def __init__(self, params: dict[str, Any]) -> None:
        self.params, self.shares = params, []

    def loss(self, X: Any) -> Any:
        z = X @ self.params["W1"] + self.params["b1"]
        self.shares.append(np.mean(z > 0))
        return np.maximum(z, 0) @ self.params["W2"] + self.params["b2"]


@pytest.mark.parametrize("seed", [51, 52, 54, 55])
def test_random_parameters_switch_about_half_of_the_hidden_units_off(seed: int) -> None:
    model = Bare(some_network([6, 9, 4], 0)[0])
    check.network_scores(model, (6, 9, 4), seed=seed)
    assert 0.3 < model.shares[-1] < 0.7


def test_single_precision_is_named() -> None:
    model = Bare({name: w.astype(np.float32) for name, w in some_network([3, 2], 0)[0].items()})
    with pytest.raises(CheckFailed) as failure:
        new_weights(model, (3, 2), 1.0)
    assert failure.value.mistake == "single-precision"


def trained_on(images: Any, sizes: list[int]) -> tuple[Bare, Any]:
    """A network with random parameters, and the labels that it gives to the images."""
    model = Bare(some_network(sizes, 3)[0])
    return model, model.loss(images).argmax(axis=1)


def test_a_grader_judges_a_trained_model_by_its_parameters() -> None:
    images = np.random.default_rng(0).standard_normal((40, 6))
    model, labels = trained_on(images, [6, 5, 4])
    check.trained(model, images, labels, 1.0, "best_model")
    model.loss = lambda _: np.eye(4)[labels]  # type: ignore[method-assign]
    model.params["W2"] = -model.params["W2"]
    with pytest.raises(CheckFailed):
        check.trained(model, images, labels, 1.0, "best_model")


def test_a_notebook_without_the_reference_asks_the_trained_model_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbook.chapter04.trained_checks.live_answers", lambda *_: None)
    images = np.random.default_rng(0).standard_normal((40, 6))
    model, labels = trained_on(images, [6, 5, 4])
    check.trained(model, images, labels, 1.0, "best_model")
    model.loss = lambda _: np.zeros(3)  # type: ignore[method-assign,assignment]
    with pytest.raises(CheckFailed, match=r"shape \(3,\); expected \(40, 4\)"):
        check.trained(model, images, labels, 1.0, "best_model")
    with connected(object()), pytest.raises(ReferenceMissing):  # type: ignore[arg-type]
        check.trained(model, images, labels, 1.0, "best_model")


def test_another_network_does_not_count_as_the_two_layer_network() -> None:
    images = np.random.default_rng(0).standard_normal((40, 6))
    model, labels = trained_on(images, [6, 5, 4])
    check.trained(model, images, labels, 1.0, "two_layer_model", layers=2)
    deeper = Bare(some_network([6, 5, 5, 4], 3)[0])
    with pytest.raises(CheckFailed, match="3 layers with weights; expected 2") as failure:
        check.trained(deeper, images, labels, 0.0, "two_layer_model", layers=2)
    assert failure.value.mistake == "number-of-layers"
