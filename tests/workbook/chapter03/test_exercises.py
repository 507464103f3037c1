"""Chapter 03's checks: the twin against differences, other right answers, and the floor."""

from __future__ import annotations

import itertools
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.testing import CheckFailed
from workbook.chapter03 import exercises as check
from workbook.chapter03 import figures as digits_figures
from workbook.chapter03.inputs import images, some_labels
from workbook.chapter03.models import probabilities_of
from workbook.chapter03.reference import parts
from workbook.chapter03.reference.steps import after_steps
from workbook.chapter03.reference.twin import Twin, late_direction
from workbook.chapter03.steps import Predictions
from workbook.gradcheck import numerical_gradient, relative_error
from workbook.recorded import recording


def forward(batch: Any, weights: Any) -> Any:
    """A right forward pass in another style: a tuple of layers, the softmax through logaddexp."""
    layers = (batch,)
    for matrix in weights[:-1]:
        layers += (np.exp(-np.logaddexp(0, -(layers[-1] @ matrix))),)
    scores = layers[-1] @ weights[-1]
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)), layers


def backward(p: Any, y: Any, layers: Any, weights: Any) -> Any:
    """Right gradients in another style: sums of outer products, weights changed afterwards."""
    delta, found = (p - y) / len(y), []
    for h, w in zip(layers[::-1], weights[::-1], strict=True):
        found.insert(0, sum(np.outer(a, d) for a, d in zip(h, delta, strict=True)))
        delta = (w @ delta.T).T * (h - h**2)
    return tuple(found)


class OnesFirst:
    """A right model in another style: ones in front, running means as training history, an order by sorting."""

    def __init__(self, layer_sizes: Any, rng: Any) -> None:
        self.classes, self.rng = layer_sizes[-1], rng
        self.w = [rng.uniform(-1, 1, (a, b)) for a, b in itertools.pairwise(layer_sizes)]
        self.train_loss: Any = np.empty(0)
        self.train_acc, self.val_loss, self.val_acc, self.train_time = [], [], [], []

    def _run(self, X: Any) -> Any:
        return forward(np.insert(X, 0, 1.0, axis=1), self.w)

    def predict(self, X: Any) -> Any:
        return self._run(X)[0].argmax(1).tolist()

    def evaluate(self, X: Any, y: Any) -> Any:
        p = self._run(X)[0]
        return [-np.log(p[np.arange(len(y)), y]).mean(), sum(p.argmax(1) == y) / len(y)]

    def train(self, X: Any, y: Any, X_val: Any, y_val: Any, batch_size: int, epochs: int, learning_rate: float) -> None:
        for _ in range(epochs):
            start, losses, hits = time.perf_counter(), [], []
            for part in np.array_split(np.argsort(self.rng.random(len(X))), range(batch_size, len(X), batch_size)):
                p, layers = self._run(X[part])
                losses.extend(-np.log(p[np.arange(len(part)), y[part]]))
                hits.extend(p.argmax(1) == y[part])
                for w, g in zip(self.w, backward(p, np.eye(self.classes)[y[part]], layers, self.w), strict=True):
                    w -= learning_rate * g
            self.train_loss = np.append(self.train_loss, np.mean(losses))
            self.train_acc.append(np.mean(hits))
            loss, accuracy = self.evaluate(X_val, y_val)
            self.val_loss.append(loss)
            self.val_acc.append(accuracy)
            self.train_time.append(time.perf_counter() - start)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6), st.lists(st.integers(1, 4), max_size=2), st.integers(2, 4))
def test_the_twins_gradients_agree_with_central_differences(seed: int, count: int, hidden: list, classes: int) -> None:
    weights = check.some_weights([3, *hidden, classes], seed)
    batch, labels = check.batch_of(count, 3, seed), some_labels(count, classes, seed)
    twin = Twin.of(batch, weights)
    for layer, gradient in enumerate(twin.gradients(labels)):

        def loss(matrix: Any, layer: int = layer) -> float:
            return Twin.of(batch, [*weights[:layer], matrix, *weights[layer + 1 :]]).loss(labels)

        numerical = numerical_gradient(loss, weights[layer])
        assert np.abs(gradient - numerical).max() < 1e-9 or relative_error(gradient, numerical) < 1e-6
        np.testing.assert_allclose(twin.chain(labels)[layer], gradient, rtol=1e-9, atol=1e-14)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 3.0))
def test_gradients_through_updated_weights_are_recognised_at_any_rate(seed: int, rate: float) -> None:
    weights = check.some_weights([3, 4, 3], seed)
    batch, y = check.batch_of(5, 3, seed), check.some_targets(5, 3, seed)

    def too_early(p: Any, y: Any, layers: Any, weights: Any) -> Any:
        right = backward(p, y, layers, weights)
        return backward(p, y, layers, [weights[0], weights[1] - rate * right[1]])[0], right[1]

    late = too_early(forward(batch, weights)[0], y, forward(batch, weights)[1], weights)[0]
    right = Twin.of(batch, weights).gradients(y.argmax(axis=1))[0]
    way = late_direction(batch, y, weights)
    np.testing.assert_allclose(late - right, -rate * way, rtol=1e-6, atol=1e-12)
    with pytest.raises(CheckFailed) as failure:
        check.gradients(too_early, forward, batch, y, weights)
    assert failure.value.mistake == "updated-too-early"


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 40), st.integers(0, 1000))
def test_no_scores_of_a_sigmoid_get_below_the_floor(classes: int, seed: int) -> None:
    scores = 1 / (1 + np.exp(-20 * np.random.default_rng(seed).standard_normal((50, classes))))
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = scores.argmax(axis=1)
    lowest = -np.log(p[np.arange(50), labels]).min()
    assert lowest > parts.floor(classes)
    np.testing.assert_allclose(parts.floor(classes), np.log1p((classes - 1) / np.e), rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 2.0), st.lists(st.integers(0, 5), min_size=1, unique=True))
def test_predictions_after_a_step_are_those_of_the_stepped_weights(seed: int, rate: float, rows: list[int]) -> None:
    model, X, y = OnesFirst([4, 3], np.random.default_rng(seed)), images(6, 3, seed), some_labels(6, 3, seed)
    start = Predictions.of(model, X, 3)
    batch = np.insert(X, 0, 1.0, axis=1)
    model.w = after_steps(batch[rows], y[rows], model.w, rate, [1.0])
    np.testing.assert_allclose(start.after(rows, y[rows], rate).p, probabilities_of(model, X, 3), rtol=1e-9)


def test_steps_are_plain_gradient_descent() -> None:
    weights = check.some_weights([3, 4, 2])
    batch, labels = check.batch_of(6, 3), some_labels(6, 2)
    moved = after_steps(batch, labels, weights, 0.5, [2.0])
    for before, after, gradient in zip(weights, moved, Twin.of(batch, weights).gradients(labels), strict=True):
        np.testing.assert_allclose(after, before - gradient, rtol=1e-10)


def test_right_answers_in_another_style_pass() -> None:
    check.one_hot(lambda labels, c: (np.asarray(labels)[:, None] == np.arange(c)).astype(np.float32))
    check.init_weights(lambda sizes, rng: tuple(2 * rng.random(s) - 1 for s in itertools.pairwise(sizes)))
    check.feed_forward(forward)
    check.cross_entropy(lambda p, y: -np.log(p[y == 1]).mean())
    check.cross_entropy(lambda p, y: -np.sum(y * np.log(p + 1e-12)) / len(p))
    check.back_prop(backward, forward)
    check.softmax_floor(lambda c: np.float64(np.log1p((c - 1) / np.e)))


def test_a_right_model_in_another_style_passes() -> None:
    check.mlp_untrained(OnesFirst)
    check.mlp_training(OnesFirst)
    check.uneven_batches(check.new_model(OnesFirst, [4, 3], 5), 3, 0.6, full=2, size=4, rest=2)
    X, y = images(14, 20, 8), some_labels(14, 3, 9)
    check.learns(check.new_model(OnesFirst, [21, 16, 3], 10), X, y, 150, 4, 1.0, 1.0)


def test_recorded_runs_stand_above_their_floor() -> None:
    made = recording("digits_mlp")
    squashed, plain = (np.array(made.curves(name, "loss_curve")) for name in ("sigmoid before the softmax", "softmax"))
    assert squashed.shape == plain.shape == (3, 26)
    assert squashed.min() > np.log(np.e + 9) - 1
    assert squashed[:, -1].max() < 1.51
    assert plain[:, -1].max() < 0.2


def test_figures_show_what_they_are_given() -> None:
    figure = digits_figures.sweep({"width": {4: [0.5, 0.6], 8: [0.7, 0.9]}, "rate": {1.0: [0.8]}})
    assert [len(axes.lines) for axes in figure.axes] == [2, 1]
    figure = digits_figures.labelled_digits(np.zeros((3, 784)), [1, 2, 3], [3, 2, 1], [0.5, 0.6, 0.7], columns=2)
    assert [axes.get_title() for axes in figure.axes] == ["1→3, 50 %", "2→2, 60 %", "3→1, 70 %", ""]
