"""Chapter 04: the oracles behind the checks are right themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import CheckFailed
from workbook.chapter04 import exercises as check
from workbook.chapter04.reference import layers as oracle
from workbook.chapter04.reference.layer_mistakes import gradient_mistakes, loss_mistakes, scores_mistakes
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
    x, w, b, dout = check.layer_arrays((count, 2, 3), width, seed)
    for number, gradient in enumerate(oracle.gradients(oracle.fc, dout, x, w, b)):

        def out(values: Any, number: int = number) -> Any:
            return oracle.value(oracle.fc, *[values if i == number else a for i, a in enumerate((x, w, b))])

        numerical = eval_numerical_gradient_array(out, (x, w, b)[number], dout)
        np.testing.assert_allclose(gradient, numerical, rtol=1e-6, atol=1e-8)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), sizes, st.floats(0, 2))
def test_the_gradients_of_a_network_agree_with_central_differences(seed: int, sizes: list[int], reg: float) -> None:
    params, X, y = some_network(sizes, seed)
    # With tanh no pre-activation can lie within the step of a kink; the rest of the code is the same.
    right = oracle.net_loss(params, X, y, reg, activation=oracle.torch.tanh)[1]
    for name, w in params.items():
        numerical = eval_numerical_gradient(
            lambda _: oracle.net_loss(params, X, y, reg, activation=oracle.torch.tanh)[0], w
        )
        assert np.abs(right[name] - numerical).max() < 1e-8 or rel_error(right[name], numerical) < 1e-6


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1), st.floats(0, 0.99), st.integers(1, 5))
def test_the_path_of_momentum_is_the_rule_of_the_text(seed: int, rate: float, momentum: float, steps: int) -> None:
    rng = np.random.default_rng(seed)
    w, slopes = rng.standard_normal((2, 3)), list(rng.standard_normal((steps, 2, 3)))
    point, velocity = w, np.zeros_like(w)
    for slope, expected in zip(slopes, oracle.momentum_path(w, slopes, lr=rate, momentum=momentum), strict=True):
        velocity = momentum * velocity - rate * slope
        point = point + velocity
        np.testing.assert_allclose(point, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_every_named_mistake_of_a_network_differs_from_the_right_values(depth: int) -> None:
    params, X, y = some_network([3, 6, 5, 4, 6, 3][-depth - 1 :], seed=8)
    loss, slopes = oracle.net_loss(params, X, y, 0.7)
    for mistake in scores_mistakes(params, X):
        assert not np.allclose(mistake.wrong, oracle.net_scores(params, X)), mistake.name
    for mistake in loss_mistakes(params, X, y, 0.7):
        assert not np.isclose(mistake.wrong, loss), mistake.name
    for mistake in gradient_mistakes("W1", params, X, y, 0.7):
        beyond_the_first_layer = mistake.name in {"l2-on-biases", "l2-last-layer-missing", "l2-first-layer-only"}
        assert beyond_the_first_layer or not np.allclose(mistake.wrong, slopes["W1"]), mistake.name


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
        check.new_weights(model, (3, 2), 1.0)
    assert failure.value.mistake == "single-precision"
