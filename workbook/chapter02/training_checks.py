"""Checks of chapter 02: accuracy with a threshold, and a training loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import (
    CheckFailed,
    Mistake,
    arrays,
    call,
    compare,
    explained,
    method,
    passed,
    require,
    student_side,
    suspect,
)
from workbook.chapter02.reference.xor_mlp import (
    NAMES,
    mirrored_points,
    new_model,
    outputs_of,
    points,
    read_weights,
    targets_for,
)
from workbook.chapter02.reference.xor_mlp_mistakes import FLAT_TARGETS, accuracy_mistakes, flat_targets, update_mistakes

Array = NDArray[np.float64]
Function = Callable[..., Any]


# --- train ------------------------------------------------------------------------------------------------------


@explained
def train(function: Function, MLP: Callable[..., Any]) -> None:
    """Check one epoch against the model's own loss and gradients, then several epochs, none, and many."""
    one_epoch(function, new_model(MLP), *points(12), 0.3)
    one_epoch(function, new_model(MLP, (3, 4, 1), "relu", seed=2), *points(8, 3, seed=3), 1.7)
    flat_one_epoch(function, MLP, seed=4)
    history_length(function, new_model(MLP), 7)
    epochs_in_a_row(function, MLP, 4, 0.8, seed=7)
    no_epochs(function, new_model(MLP, seed=9))
    history_length(function, new_model(MLP, seed=10), 250)
    passed("train", "one epoch, four, none and 250; both shapes of targets")


def one_epoch(function: Function, model: Any, X: Array, y: Array, rate: float) -> None:
    """Train for one epoch and compare loss and parameters with the model's own ``loss`` and ``gradients``."""
    before, loss = read_weights(model), _loss(model, X, y)
    slopes = call(method(model, "gradients"), X, y)
    history = call(function, model, X, y, 1, rate)
    after_loss = _loss(model, X, y)
    compare(
        history,
        [loss],
        "train(model, X, y, epochs=1, …)",
        mistakes=[
            Mistake("loss-after-update", "record the loss of an epoch before its update, not after it.", [after_loss])
        ],
    )
    after = read_weights(model)
    require(
        any(not np.array_equal(after[name], before[name]) for name in NAMES),
        "no parameter of the model has changed after one epoch.",
        "train has to change the model that it is given, once in each epoch.",
        "model-not-trained",
    )
    for name in NAMES:
        slope = np.asarray(slopes.get(name, 0.0 * before[name]))
        two = "the parameter moved twice as far as one step: look for a second update in the loop."
        compare(
            after[name],
            before[name] - rate * slope,
            f"{name} after one epoch",
            mistakes=[
                Mistake("two-updates", two, before[name] - 2 * rate * slope),
                *update_mistakes(before[name], slope, rate, after[name]),
            ],
        )


def flat_one_epoch(function: Function, MLP: Callable[..., Any], seed: int) -> None:
    """Require that targets of shape (N,) train as targets of shape (N, 1) do."""
    X, y = points(9, seed=seed)
    models = [new_model(MLP, seed=seed) for _ in range(2)]
    if not _takes_flat_targets(models[0], X, y):
        return  # the check of MLP says so
    student_side.set_arrays(models[1], read_weights(models[0]))
    with suspect("broadcast-targets", FLAT_TARGETS):
        column, flat = (call(function, model, X, t, 1, 0.4) for model, t in zip(models, (y, y.ravel()), strict=True))
        compare(flat, np.asarray(column), "the losses for targets of shape (N,)")
        right, got = map(read_weights, models)
        for name in NAMES:
            compare(got[name], right[name], f"{name} after training with targets of shape (N,)")


def _takes_flat_targets(model: Any, X: Array, y: Array) -> bool:
    """Whether the model's own loss and gradients are the same for targets of shape (N,) and (N, 1)."""
    try:
        flat_targets(method(model, "loss"), X, y, "loss")
        flat_targets(method(model, "gradients"), X, y, "gradients")
    except CheckFailed:
        return False
    return True


def _loss(model: Any, X: Array, y: Array) -> float:
    got = call(method(model, "loss"), X, y)
    value = arrays([got], "loss(X, y)")[0]
    is_number = got is not None and value.size == 1 and bool(np.isfinite(value).all())
    require(is_number, "loss(X, y) does not return a finite number.", "fix the class MLP first.", "network-wrong")
    return float(value.item())


def history_length(function: Function, model: Any, epochs: int) -> None:
    """Require one loss for each epoch, however small the loss gets."""
    X, y = points(4, seed=11)
    losses = np.asarray(call(function, model, X, y, epochs, 0.9))
    require(
        losses.shape == (epochs,),
        f"train(model, X, y, epochs={epochs}, …) returns {losses.size} loss(es); expected a list of {epochs}.",
        "one loss for each epoch, recorded before its update. Every epoch takes place.",
        "history-length",
    )


def epochs_in_a_row(function: Function, MLP: Callable[..., Any], epochs: int, rate: float, seed: int = 5) -> None:
    """Require that one long run equals as many runs of one epoch from the same start."""
    X, y = points(20, seed=seed + 1)
    model = new_model(MLP, (2, 4, 1), "sigmoid", seed=seed)
    start = read_weights(model)
    slopes = call(method(model, "gradients"), X, y)
    history = call(function, model, X, y, epochs, rate)
    end = read_weights(model)
    call(method(model, "update"), {name: end[name] - start[name] for name in NAMES}, 1.0)
    single = [float(np.asarray(call(function, model, X, y, 1, rate)).item()) for _ in range(epochs)]
    stale = "every epoch uses the gradients of the first one. They change with each step."
    with suspect("epochs-differ", "every epoch is the same step, with the same rate, from where the last one ended."):
        for name, value in read_weights(model).items():
            once = start[name] - epochs * rate * np.asarray(slopes.get(name, 0.0))
            compare(end[name], value, f"{name} after training", mistakes=[Mistake("stale-gradients", stale, once)])
        compare(history, single, "the losses")


def no_epochs(function: Function, model: Any) -> None:
    """Require an empty history and an unchanged model for no epochs."""
    before = read_weights(model)
    hint = "with epochs=0 nothing happens: no loss, no update. Look where the loop begins and ends."
    length = len(np.atleast_1d(call(function, model, *points(5), 0, 0.1)))
    require(length == 0, "train(model, X, y, epochs=0, …) returns a loss.", hint, "history-length")
    after = read_weights(model)
    moved = [name for name in NAMES if not np.array_equal(before[name], after[name])]
    require(not moved, "train(model, X, y, epochs=0, …) changes the model.", hint, "history-length")


# --- accuracy -----------------------------------------------------------------------------------------------------


@explained
def accuracy(function: Function, MLP: Callable[..., Any]) -> None:
    """Check both shapes of targets, several thresholds, outputs of a ReLU, and a single sample."""
    threshold_share(function, MLP, None, 3, seed=8)
    for threshold in (0.1, 0.3, 0.75):
        threshold_share(function, MLP, threshold, 3, seed=12)
    relu_outputs(function, MLP, 4, seed=13)
    single_sample(function, MLP, seed=14)
    passed("accuracy", "both shapes of targets, five thresholds, ReLU outputs, one sample")


def threshold_share(
    function: Function, MLP: Callable[..., Any], threshold: float | None, wrong: int, seed: int
) -> None:
    """Check a share of predictions for targets of both shapes; a threshold of None is not passed on."""
    model = new_model(MLP, (2, 4, 1), seed=seed, moved=False)
    X, level = mirrored_points(5, seed=seed + 1), 0.5 if threshold is None else threshold
    y = targets_for(model, X, wrong, level)
    more = () if threshold is None else (threshold,)
    for targets, shape in ((y, "(10, 1)"), (y.ravel(), "(10,)")):
        text = "" if threshold is None else f", threshold={threshold:g}"
        what = f"accuracy(model, X, y{text}) with targets of shape {shape}"
        mistakes = accuracy_mistakes(model, X, y, level)
        compare(call(function, model, X, targets, *more), 1 - wrong / 10, what, mistakes=mistakes)


def relu_outputs(function: Function, MLP: Callable[..., Any], wrong: int, seed: int) -> None:
    """Check outputs far above 1, and outputs of exactly 0 at a threshold of 0: these are not greater."""
    model = new_model(MLP, (2, 6, 1), "tanh", "relu", seed=seed, moved=False)
    X = 9 * mirrored_points(10, seed=seed + 1)
    for threshold in (0.5, 0.0):
        y = targets_for(model, X, wrong, threshold)
        what, mistakes = f"accuracy of a network with ReLU output, threshold={threshold:g}", []
        if threshold:
            mistakes = accuracy_mistakes(model, X, y, threshold)
        else:
            at_least = float(np.mean((outputs_of(model, X).reshape(-1, 1) >= 0) == y))
            hint = "an output that equals the threshold is not greater than it."
            mistakes = [Mistake("boundary-counted", hint, at_least)]
        compare(call(function, model, X, y.ravel(), threshold), 1 - wrong / 20, what, mistakes=mistakes)


def single_sample(function: Function, MLP: Callable[..., Any], seed: int) -> None:
    """Check a batch of one sample."""
    model = new_model(MLP, (2, 6, 1), seed=seed, moved=False)
    X = points(1, seed=seed)[0]
    hint = "a batch may have one sample. Something such as squeeze() or an index loses its axis."
    with suspect("single-sample", hint):
        for targets in (targets_for(model, X, 0), targets_for(model, X, 0).ravel()):
            compare(call(function, model, X, targets), 1.0, "accuracy of one sample")
