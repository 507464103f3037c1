"""Chapter 02: the references are right, wrong values of theirs are wrong, and right answers in other styles pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course
from autograder.grading.exercise_graph import exercise_graph
from autograder.grading.source import prepare_source
from autograder.testing import CheckFailed
from tests.conftest import ROOT
from tests.support.inprocess import read_chapter, run_chapter
from workbook.chapter02 import exercises as check
from workbook.chapter02 import reference
from workbook.chapter02.figures import draw_network
from workbook.chapter02.situations import NAMES, read_weights, situation
from workbook.gradcheck import numerical_gradient, relative_error

KINDS = ("tanh", "sigmoid", "relu")
STEPS = (check.mlp_forward, check.mlp_loss, check.mlp_output_gradients, check.mlp_hidden_gradients, check.mlp_update)


class InPlace:
    """A right network in the style of a student who updates in place."""

    def __init__(self, n: int, h: int, m: int, activation: str = "tanh", output_activation: str = "sigmoid", rng=None):
        rng = rng or np.random.default_rng()
        self.kinds = activation, output_activation
        self.weights_hidden_output, self.bias_output = rng.normal(0, 1, (h, m)), np.zeros((1, m))
        self.weights_input_hidden, self.bias_hidden = rng.normal(0, 1, (n, h)), np.zeros((1, h))

    def forward(self, inputs):
        return reference.forward(read_weights(self), inputs, *self.kinds)

    def loss(self, inputs, targets):
        return float(np.mean((self.forward(inputs) - targets.reshape(len(inputs), -1)) ** 2))

    def gradients(self, inputs, targets):
        return {name: reference.gradient(name, read_weights(self), inputs, targets, *self.kinds) for name in NAMES}

    def update(self, gradients, learning_rate):
        for name in reversed(NAMES):
            array = getattr(self, name)
            array -= learning_rate * gradients[name]


def sorted_search(X: Any, y: Any) -> float:
    """A right search in another style: sort along each direction, count on both sides of every gap."""
    labels, best = np.ravel(y) > 0.5, 0
    for angle in np.deg2rad(np.arange(0.25, 180, 1.5)):
        along = X @ np.array([np.cos(angle), np.sin(angle)])
        for cut in np.append(np.sort(along), -np.inf):
            right = np.sum((along > cut) == labels)
            best = max(best, right, len(labels) - right)
    return float(best / len(labels))


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 3), st.sampled_from(KINDS), st.sampled_from(KINDS))
def test_autograd_agrees_with_central_differences(
    seed: int, count: int, width: int, activation: str, output_activation: str
) -> None:
    one = situation((2, 3, width), activation, output_activation, seed, count)
    net = reference.Pass.of(one.weights, one.X, *one.kinds)
    if min(np.abs(net.z1.detach().numpy()).min(), np.abs(net.z2.detach().numpy()).min()) < 1e-3:
        return  # a ReLU's kink lies within reach of the step
    for name in NAMES:

        def loss(values: Any, name: str = name) -> float:
            return reference.loss({**one.weights, name: values}, one.X, one.y, *one.kinds)

        gradient = reference.gradient(name, one.weights, one.X, one.y, *one.kinds)
        numerical = numerical_gradient(loss, one.weights[name])
        assert np.abs(gradient - numerical).max() < 1e-9 or relative_error(gradient, numerical) < 1e-6


def wrong_where_it_can_be(mistake: str, name: str) -> bool:
    """Whether a mistake shows in the gradient of this parameter."""
    hidden_layer_only = {"error-instead-of-delta", "hidden-derivative-missing"}
    return not (name in NAMES[2:] and mistake in hidden_layer_only)


@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_gives_another_gradient_where_it_shows(name: str) -> None:
    one = situation((2, 3, 2), seed=3)
    right = reference.gradient(name, one.weights, one.X, one.y, *one.kinds)
    differ: dict[str, bool] = {}
    for mistake, formula in reference.gradient_mistakes(name, one.weights, one.X, one.y, *one.kinds):
        wrong = formula()
        assert wrong.shape == right.shape
        differ[mistake] = differ.get(mistake, False) or not np.allclose(wrong, right, rtol=1e-6)
    assert differ == {mistake: wrong_where_it_can_be(mistake, name) for mistake in differ}


def test_a_difference_quotient_is_wrong_for_inputs_in_the_thousands() -> None:
    one = situation((2, 3, 2), seed=3)
    large = one.in_large_units()
    same = [reference.forward(each.weights, each.X, *each.kinds) for each in (one, large)]
    np.testing.assert_allclose(*same, rtol=1e-12)
    arguments = ("weights_input_hidden", large.weights, large.X, large.y, *large.kinds)
    quotients = [
        formula() for name, formula in reference.gradient_mistakes(*arguments) if name == "difference-quotient"
    ]
    for quotient in quotients:
        assert not np.allclose(quotient, reference.gradient(*arguments), rtol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 9))
def test_no_line_of_a_dense_search_is_better_than_the_best_of_all_divisions(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((count, 2)), rng.integers(0, 2, count)
    assert reference.best_line_accuracy(X, y) >= sorted_search(X, y) - 1e-12


def test_a_correct_network_in_another_style_passes() -> None:
    for step in STEPS:
        step(InPlace)
    check.train(train_in_place, InPlace)
    check.epochs_in_a_row(train_in_place, InPlace, 4, 1.5, seed=3)
    check.accuracy(shares, InPlace)


def train_in_place(model: Any, X: Any, y: Any, epochs: int, learning_rate: float) -> Any:
    history = np.zeros(epochs)
    for epoch in range(epochs):
        history[epoch] = model.loss(X, y)
        model.update(model.gradients(X, y), learning_rate)
    return history


def shares(model: Any, X: Any, y: Any, threshold: float = 0.5) -> Any:
    return 1 - np.mean(np.abs((model.forward(X)[:, 0] > threshold).astype(int) - np.ravel(y)))


def test_a_correct_search_in_another_style_passes() -> None:
    check.best_line_accuracy(sorted_search)


def test_a_model_without_the_named_attributes_is_told_so() -> None:
    with pytest.raises(CheckFailed, match="no attribute weights_input_hidden"):
        read_weights(object())


def test_a_wrong_network_does_not_make_a_right_training_loop_wrong() -> None:
    class Uphill(InPlace):
        def update(self, gradients, learning_rate):
            super().update(gradients, -0.1 * learning_rate)

    with pytest.raises(CheckFailed):
        check.mlp_update(Uphill)
    check.train(train_in_place, Uphill)


def test_a_network_that_never_moves_is_blamed_and_not_the_loop() -> None:
    class Still(InPlace):
        def update(self, gradients, learning_rate):
            pass

    with pytest.raises(CheckFailed) as failure:
        check.train(train_in_place, Still)
    assert failure.value.mistake == "network-wrong"


@pytest.mark.parametrize("fixed", [0.1, 0.3, 0.75, 0.5])
def test_labels_for_the_accuracy_tell_every_fixed_threshold(fixed: float) -> None:
    share = f"np.mean((model.forward(X) > {fixed}).ravel() == y.ravel())"
    source = f"def accuracy(model, X, y, threshold=0.5):\n    return {share}"
    failure = run_chapter(read_chapter("02_xor_mlp"), {"accuracy": source})["test-accuracy"]
    assert failure.mistake == "threshold-ignored"


class FirstSteps(InPlace):
    """The network of a student who has written ``forward`` and nothing else."""

    def loss(self, inputs, targets):
        raise NotImplementedError

    def gradients(self, inputs, targets):
        raise NotImplementedError

    def update(self, gradients, learning_rate):
        raise NotImplementedError


class OutputLayerOnly(FirstSteps):
    """One step on: the loss, and gradients of the output layer."""

    loss = InPlace.loss

    def gradients(self, inputs, targets):
        return {name: InPlace.gradients(self, inputs, targets)[name] for name in check.OUTPUT_LAYER}


class NoUpdate(FirstSteps):
    """All gradients, and no update."""

    loss, gradients = InPlace.loss, InPlace.gradients


@pytest.mark.parametrize(("network", "written"), [(FirstSteps, 1), (OutputLayerOnly, 3), (NoUpdate, 4)])
def test_each_step_can_be_checked_before_later_ones_are_written(network: Any, written: int) -> None:
    for step in STEPS[:written]:
        step(network)
    for step in STEPS[written:]:
        with pytest.raises(CheckFailed) as failure:
            step(network)
        assert failure.value.mistake in ("not-written", "missing-gradient")


def test_wrong_gradients_of_the_hidden_layer_do_not_cost_the_output_layer_its_points() -> None:
    class Shifted(InPlace):
        def gradients(self, inputs, targets):
            right = super().gradients(inputs, targets)
            self.weights_input_hidden = self.weights_input_hidden + 1.0
            return right

    class OtherKind(InPlace):
        def gradients(self, inputs, targets):
            return {**super().gradients(inputs, targets), "weights_input_hidden": None, "bias_hidden": "zero"}

    for network in (Shifted, OtherKind):
        check.mlp_output_gradients(network)
        with pytest.raises(CheckFailed):
            check.mlp_hidden_gradients(network)


@pytest.mark.parametrize(
    ("names", "large"),
    [
        (check.OUTPUT_LAYER, situation((2, 3, 2), seed=3).with_large_activations()),
        (check.HIDDEN_LAYER, situation((2, 3, 2), seed=3).in_large_units()),
    ],
)
def test_a_difference_quotient_fails_in_the_step_of_either_layer(names: Any, large: Any) -> None:
    class Measured(InPlace):
        def gradients(self, inputs, targets):
            def loss(values, name):
                weights = {**read_weights(self), name: values}
                return reference.loss(weights, inputs, targets, *self.kinds)

            return {name: numerical_gradient(lambda v, n=name: loss(v, n), getattr(self, name)) for name in NAMES}

    check.gradients(Measured, names, situation((2, 3, 2), seed=3))
    with pytest.raises(CheckFailed) as failure:
        check.gradients(Measured, names, large)
    assert failure.value.mistake == "difference-quotient"


def test_one_line_counts_points_on_it_as_label_0() -> None:
    points, weights = np.array([[0.0, 1.0], [3.0, 3.0], [3.0, 1.0], [0.0, 4.0]]), np.array([2.0, -3.0])
    assert reference.line_accuracy(points, np.array([0, 0, 1, 0]), weights, 3.0) == 1.0
    assert reference.line_accuracy(points, np.array([[1], [0], [1], [1]]), weights, 3.0) == 0.5


def test_a_correct_accuracy_of_one_line_in_another_style_passes() -> None:
    def line_accuracy(X, y, weights, bias):
        right = [int(np.dot(weights, point) > -bias) == int(label) for point, label in zip(X, y.ravel(), strict=True)]
        return sum(right) / len(right)

    check.line_accuracy(line_accuracy)


def test_a_search_is_not_blamed_for_a_wrong_accuracy_of_one_line() -> None:
    """Follow-through examines it again with the author's ``line_accuracy``, which the author's search uses."""
    graph = exercise_graph(prepare_source(Course(ROOT), "02_xor_mlp"))
    assert "line-accuracy" in graph.needs["test-best-line-accuracy"]


def test_the_diagram_has_a_circle_for_every_node_and_bias() -> None:
    figure = draw_network([["x"], ["a", "b"], ["y"]], ["W", "V"], ["b", "c"], ["in", "hidden", "out"])
    assert len(figure.axes[0].patches) == 1 + 2 + 1 + 2
    assert len(figure.axes[0].lines) == (1 * 2 + 2) + (2 * 1 + 1)
