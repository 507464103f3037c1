"""Chapter 02: the PyTorch twin is right, its wrong gradients are wrong, and correct variants pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import CheckFailed
from workbook.chapter02 import exercises as check
from workbook.chapter02.figures import draw_network
from workbook.chapter02.reference.xor_mlp import NAMES, Twin, read_weights
from workbook.chapter02.reference.xor_mlp_mistakes import gradient_mistakes
from workbook.gradcheck import numerical_gradient, relative_error

KINDS = ("tanh", "sigmoid", "relu")


class Weights:
    """The four arrays of a network and nothing else."""

    def __init__(self, sizes: tuple[int, int, int], seed: int) -> None:
        rng = np.random.default_rng(seed)
        inputs, hidden, outputs = sizes
        shapes = ((inputs, hidden), (1, hidden), (hidden, outputs), (1, outputs))
        for name, shape in zip(NAMES, shapes, strict=True):
            setattr(self, name, rng.standard_normal(shape))


class InPlace(Weights):
    """A correct network in the style of a student who updates in place and differentiates from the outputs."""

    def __init__(self, n: int, h: int, m: int, activation: str = "tanh", output_activation: str = "sigmoid", rng=None):
        rng = rng or np.random.default_rng()
        self.kinds = activation, output_activation
        self.weights_hidden_output, self.bias_output = rng.normal(0, 1, (h, m)), np.zeros((1, m))
        self.weights_input_hidden, self.bias_hidden = rng.normal(0, 1, (n, h)), np.zeros((1, h))

    def forward(self, inputs):
        return Twin.of(self, inputs, *self.kinds).forward()

    def loss(self, inputs, targets):
        return float(np.mean((self.forward(inputs) - targets.reshape(len(inputs), -1)) ** 2))

    def gradients(self, inputs, targets):
        return Twin.of(self, inputs, *self.kinds).gradients(targets)

    def update(self, gradients, learning_rate):
        for name in reversed(NAMES):
            array = getattr(self, name)
            array -= learning_rate * gradients[name]


def sorted_search(X: Any, y: Any) -> float:
    """A correct search in another style: sort along each direction, count on both sides of every gap."""
    labels, best = np.ravel(y) > 0.5, 0
    for angle in np.deg2rad(np.arange(0.25, 180, 1.5)):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        for cut in np.append(np.sort(along), -np.inf):
            right = np.sum((along > cut) == labels)
            best = max(best, right, len(labels) - right)
    return float(best / len(labels))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 3), st.sampled_from(KINDS), st.sampled_from(KINDS))
def test_the_twins_gradients_agree_with_central_differences(
    seed: int, count: int, width: int, activation: str, output_activation: str
) -> None:
    model = Weights((2, 3, width), seed)
    X, y = check.points(count, 2, width, seed=seed + 1)
    twin = Twin.of(model, X, activation, output_activation)
    if min(np.abs(twin.z1.detach().numpy()).min(), np.abs(twin.z2.detach().numpy()).min()) < 1e-3:
        return  # a ReLU's kink lies within reach of the step
    for name, gradient in twin.gradients(y).items():

        def loss(values: Any, name: str = name) -> float:
            moved = Weights((2, 3, width), seed)
            setattr(moved, name, values)
            return Twin.of(moved, X, activation, output_activation).loss(y)

        numerical = numerical_gradient(loss, read_weights(model)[name])
        assert np.abs(gradient - numerical).max() < 1e-9 or relative_error(gradient, numerical) < 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_unchanged_factors_give_the_right_gradients_and_every_mistake_can_differ(name: str) -> None:
    X, y = check.points(5, 2, 2)
    twin = Twin.of(Weights((2, 3, 2), 0), X)
    right = twin.gradients(y)[name]
    np.testing.assert_allclose(twin.wrong_gradients(y)[name], right, rtol=1e-12)
    for mistake in gradient_mistakes(twin, y, name):
        same = np.allclose(mistake.wrong, right, rtol=1e-6)
        output_layer_untouched = mistake.name in {"error-instead-of-delta", "hidden-derivative-missing"}
        slope_only = mistake.name in {"derivative-at-the-output", "output-formula-at-pre-activation"}
        among_others = mistake.name == "derivative-of-another"  # the right activation is one of them
        assert not same or among_others or (name in NAMES[2:] and (output_layer_untouched or slope_only))


def test_a_correct_network_in_another_style_passes() -> None:
    check.mlp_forward(InPlace)
    check.mlp_gradients(InPlace)
    check.mlp_update(InPlace)
    check.train(train_in_place, InPlace)
    check.epochs_in_a_row(train_in_place, InPlace, 4, 1.5)
    check.accuracy(lambda m, X, y, t=0.5: sum(m.forward(X)[:, 0] > t) and float(shares(m, X, y, t)), InPlace)


def train_in_place(model: Any, X: Any, y: Any, epochs: int, learning_rate: float) -> Any:
    history = np.zeros(epochs)
    for epoch in range(epochs):
        history[epoch] = model.loss(X, y)
        model.update(model.gradients(X, y), learning_rate)
    return history


def shares(model: Any, X: Any, y: Any, threshold: float) -> Any:
    return 1 - np.mean(np.abs((model.forward(X)[:, 0] > threshold).astype(int) - np.ravel(y)))


def test_a_correct_search_in_another_style_passes() -> None:
    check.best_line_accuracy(sorted_search)


def test_a_model_without_the_named_attributes_is_told_so() -> None:
    with pytest.raises(CheckFailed, match="no attribute weights_input_hidden"):
        read_weights(object())


def test_an_unwritten_update_leaves_the_other_steps_checkable() -> None:
    class NoUpdate(InPlace):
        def update(self, gradients, learning_rate):
            raise NotImplementedError

    check.mlp_forward(NoUpdate)
    check.mlp_gradients(NoUpdate)
    with pytest.raises(CheckFailed) as failure:
        check.mlp_update(NoUpdate)
    assert failure.value.mistake == "not-written"


def test_the_diagram_has_a_circle_for_every_node_and_bias() -> None:
    figure = draw_network([["x"], ["a", "b"], ["y"]], ["W", "V"], ["b", "c"], ["in", "hidden", "out"])
    assert len(figure.axes[0].patches) == 1 + 2 + 1 + 2
    assert len(figure.axes[0].lines) == (1 * 2 + 2) + (2 * 1 + 1)
