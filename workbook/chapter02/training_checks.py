"""Checks of chapter 02: accuracy with a threshold, and a training loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import Mistake, arrays, call, compare, explained, method, passed, require, suspect
from workbook.chapter02.flat_target_checks import FLAT_TARGETS, takes_flat_targets
from workbook.chapter02.rules import NUMPY_ONLY
from workbook.chapter02.situations import NAMES, Array, Model, Situation, Sizes, outputs_of, read_weights, situation
from workbook.chapter02.update_checks import moved_by

Function = Callable[..., Any]


# --- train ------------------------------------------------------------------------------------------------------


@explained
def train(function: Function, MLP: Model) -> None:
    """Check one epoch against the model's own methods, then several epochs, none, and many."""
    one_epoch(function, MLP, situation(count=12), 0.3)
    one_epoch(function, MLP, situation((3, 4, 1), "relu", seed=2), 1.7)
    flat_one_epoch(function, MLP, seed=4)
    history_length(function, MLP, 7)
    epochs_in_a_row(function, MLP, 4, 0.8, seed=7)
    no_epochs(function, MLP, seed=9)
    history_length(function, MLP, 250)
    NUMPY_ONLY.check(function, "train")
    passed("train", "one epoch, four, none and 250; both shapes of targets", 7)


def one_epoch(function: Function, MLP: Model, one: Situation, rate: float) -> None:
    """Train for one epoch and compare with what the model's own methods do, called one after the other."""
    model, by_hand = (one.model(MLP) for _ in range(2))
    loss = _loss(by_hand, one)
    call(method(by_hand, "update"), call(method(by_hand, "gradients"), one.X, one.y), rate)
    after_loss, expected = _loss(by_hand, one), read_weights(by_hand)
    moves = any(not np.array_equal(expected[name], one.weights[name]) for name in NAMES)
    require(moves, "update(gradients(X, y), rate) moves nothing.", "fix the class MLP first.", "network-wrong")
    history = call(function, model, one.X, one.y, 1, rate)
    late = Mistake("loss-after-update", "record the loss of an epoch before its update, not after it.", [after_loss])
    compare(history, [loss], "train(model, X, y, epochs=1, …)", mistakes=[late])
    after = read_weights(model)
    require(
        any(not np.array_equal(after[name], one.weights[name]) for name in NAMES),
        "no parameter of the model has changed after one epoch.",
        "train has to change the model that it is given, once in each epoch.",
        "model-not-trained",
    )
    twice = "the parameter moved twice as far as one step: look for a second update in the loop."
    for name in NAMES:
        step = expected[name] - one.weights[name]
        double = Mistake("two-updates", twice, one.weights[name] + 2 * step)
        moved_by(after[name], one.weights[name], step, rate, f"{name} after one epoch", double)


def flat_one_epoch(function: Function, MLP: Model, seed: int) -> None:
    """Require that targets of shape (N,) train as targets of shape (N, 1) do."""
    one = situation(seed=seed, count=9)
    models = [one.model(MLP) for _ in range(2)]
    if not all(takes_flat_targets(MLP, one, name) for name in ("loss", "gradients")):
        return  # the check of MLP says so
    with suspect("broadcast-targets", FLAT_TARGETS):
        column, flat = (
            call(function, model, one.X, y, 1, 0.4) for model, y in zip(models, (one.y, one.y.ravel()), strict=True)
        )
        compare(flat, np.asarray(column), "the losses for targets of shape (N,)")
        right, got = map(read_weights, models)
        for name in NAMES:
            compare(got[name], right[name], f"{name} after training with targets of shape (N,)")


def _loss(model: Any, one: Situation) -> float:
    got = call(method(model, "loss"), one.X, one.y)
    value = arrays([got], "loss(X, y)")[0]
    is_number = got is not None and value.size == 1 and bool(np.isfinite(value).all())
    require(is_number, "loss(X, y) does not return a finite number.", "fix the class MLP first.", "network-wrong")
    return float(value.item())


def history_length(function: Function, MLP: Model, epochs: int) -> None:
    """Require one loss for each epoch, however small the loss gets."""
    one = situation(seed=11, count=4)
    losses = np.asarray(call(function, one.model(MLP), one.X, one.y > 0.5, epochs, 0.9))
    require(
        losses.shape == (epochs,),
        f"train(model, X, y, epochs={epochs}, …) returns {losses.size} loss(es); expected a list of {epochs}.",
        "one loss for each epoch, recorded before its update. Every epoch takes place.",
        "history-length",
    )


def epochs_in_a_row(function: Function, MLP: Model, epochs: int, rate: float, seed: int) -> None:
    """Require that one long run equals as many runs of one epoch from the same start."""
    one = situation((2, 4, 1), "sigmoid", seed=seed, count=20)
    at_once, in_turn = (one.model(MLP) for _ in range(2))
    history = call(function, at_once, one.X, one.y, epochs, rate)
    end, ways = read_weights(at_once), []
    single = []
    for _ in range(epochs):
        single.append(float(np.asarray(call(function, in_turn, one.X, one.y, 1, rate)).item()))
        ways.append(read_weights(in_turn))
    stale = "every epoch uses the gradients of the first one. They change with each step."
    with suspect("epochs-differ", "every epoch is the same step, with the same rate, from where the last one ended."):
        for name, start in one.weights.items():
            first_again = Mistake("stale-gradients", stale, start + epochs * (ways[0][name] - start))
            compare(end[name], ways[-1][name], f"{name} after training", mistakes=[first_again])
        compare(history, single, "the losses")


def no_epochs(function: Function, MLP: Model, seed: int) -> None:
    """Require an empty history and an unchanged model for no epochs."""
    one = situation(seed=seed)
    model = one.model(MLP)
    hint = "with epochs=0 nothing happens: no loss, no update. Look where the loop begins and ends."
    length = len(np.atleast_1d(call(function, model, one.X, one.y, 0, 0.1)))
    require(length == 0, "train(model, X, y, epochs=0, …) returns a loss.", hint, "history-length")
    after = read_weights(model)
    moved = [name for name in NAMES if not np.array_equal(one.weights[name], after[name])]
    require(not moved, "train(model, X, y, epochs=0, …) changes the model.", hint, "history-length")


# --- accuracy -----------------------------------------------------------------------------------------------------


@explained
def accuracy(function: Function, MLP: Model) -> None:
    """Check both shapes of targets, several thresholds, outputs of a ReLU, and a single sample."""
    for threshold in (0.1, 0.3, 0.75):
        threshold_share(function, MLP, threshold, 3, seed=62)
    with suspect("other-default", "where no threshold is given it is 0.5, as in the first line of the stub."):
        threshold_share(function, MLP, None, 3, seed=62)
    relu_outputs(function, MLP, 4, seed=185)
    single_sample(function, MLP, seed=14)
    NUMPY_ONLY.check(function, "accuracy")
    passed("accuracy", "both shapes of targets, five thresholds, ReLU outputs, one sample", 12)


def _labelled(
    MLP: Model, sizes: Sizes, output_activation: str, seed: int, threshold: float, wrong: int
) -> tuple[Any, Array, Array]:
    """A model, inputs, and labels that its outputs, compared with the threshold, miss for the first ``wrong`` ones."""
    one = situation(sizes, "tanh", output_activation, seed, 10)
    model, X = one.model(MLP), 2 * one.X
    above = outputs_of(model, X).reshape(-1, 1) > threshold
    above[:wrong] = ~above[:wrong]
    return model, X, above.astype(np.float64)


def _share_mistakes(right: float, y: Array, wrong: int) -> list[Mistake]:
    """Accuracies that are something else, or of every output with every label."""
    above = np.concatenate([1 - y[:wrong], y[wrong:]])
    ones, labels = float(above.mean()), float(y.mean())
    crossed = ones * labels + (1 - ones) * (1 - labels)
    return [
        Mistake("no-threshold", "outputs are numbers between classes; compare them with the threshold first.", 0.0),
        Mistake("broadcast-targets", FLAT_TARGETS, crossed),
        Mistake("error-not-accuracy", "this is the share of wrong predictions.", 1 - right),
        Mistake("percent", "an accuracy is a fraction between 0 and 1.", 100 * right),
        Mistake("count-not-fraction", "this is a number of samples; divide by how many there are.", right * len(y)),
    ]


def threshold_share(function: Function, MLP: Model, threshold: float | None, wrong: int, seed: int) -> None:
    """Check a share of predictions for targets of both shapes; a threshold of None is not passed on."""
    model, X, y = _labelled(MLP, (2, 4, 1), "sigmoid", seed, 0.5 if threshold is None else threshold, wrong)
    more = () if threshold is None else (threshold,)
    text = "" if threshold is None else f", threshold={threshold:g}"
    hint = "the outputs are compared with 0.5, or rounded, whatever the threshold is."
    right = 1 - wrong / len(y)
    for targets in (y, y.ravel()):
        got = call(function, model, X, targets, *more)
        mistakes = _share_mistakes(right, y, wrong)
        if more:
            mistakes.insert(1, Mistake("threshold-ignored", hint, call(function, model, X, targets, 0.5)))
        compare(got, right, f"accuracy(model, X, y{text}) with targets of shape {targets.shape}", mistakes=mistakes)


def relu_outputs(function: Function, MLP: Model, wrong: int, seed: int) -> None:
    """Check outputs far above 1, and outputs of exactly 0 at a threshold of 0: these are not greater."""
    for threshold in (0.5, 0.0):
        model, X, y = _labelled(MLP, (2, 6, 1), "relu", seed, threshold, wrong)
        right, mistakes = 1 - wrong / len(y), []
        if threshold:
            mistakes = _share_mistakes(right, y, wrong)
        else:
            hint = "an output that equals the threshold is not greater than it."
            mistakes = [Mistake("boundary-counted", hint, float(y.mean()))]
        what = f"accuracy of a network with ReLU output, threshold={threshold:g}"
        compare(call(function, model, X, y.ravel(), threshold), right, what, mistakes=mistakes)


def single_sample(function: Function, MLP: Model, seed: int) -> None:
    """Check a batch of one sample."""
    one = situation((2, 6, 1), seed=seed, count=1)
    model = one.model(MLP)
    y = (outputs_of(model, one.X).reshape(-1, 1) > 0.5).astype(np.float64)
    hint = "a batch may have one sample. Something such as squeeze() or an index loses its axis."
    with suspect("single-sample", hint):
        for targets in (y, y.ravel()):
            compare(call(function, model, one.X, targets), 1.0, "accuracy of one sample")
