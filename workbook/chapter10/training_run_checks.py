"""Checks of chapter 10: runs at several learning rates and runs by schedule, replayed from the student's weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.testing import (
    CheckFailed,
    Mistake,
    call,
    compare,
    entries,
    explained,
    numbers,
    passed,
    require,
    student_side,
)
from autograder.testing.student_side import TrainingSteps
from workbook.chapter10.inputs import Data
from workbook.chapter10.training_replay import Replay, State, near, related, replay

Function = Callable[..., Any]
_SUFFIXES = {"_1": 0.1, "_01": 0.01, "_001": 0.001}
_FLOAT32 = {"rtol": 2e-3, "atol": 2e-3}


@explained
def compare_rates(function: Function) -> None:
    """Check ``compare_rates`` on 150 small random images, two epochs of 15 steps, and on another network."""
    rates_compared(function, seed=1, count=150, batch_size=10, epochs=2)
    rates_compared(function, seed=2, count=50, batch_size=5, epochs=1, name="mlp_2")
    passed("compare_rates", "three runs of 30 steps and three of 10, replayed from your networks' own weights")


def rates_compared(
    function: Function, seed: int, count: int, batch_size: int, epochs: int, name: str = "mlp_1"
) -> None:
    """Replay the three runs of ``compare_rates`` on noise and compare all curves."""
    data = Data.random(seed, count, batch_size)
    steps = epochs * data.steps_per_epoch
    got, states, counted = _trained(function, data, [0, steps, 2 * steps], (name,), (epochs,))
    what = f'compare_rates("{name}", …)'
    keys = ["name", *(f"{curve}{end}" for curve in ("loss_curve", "val_acc_curve") for end in _SUFFIXES)]
    entries(got, keys, what)
    named = isinstance(got["name"], str) and got["name"] == name
    require(named, f"{what}: name is {got['name']!r}; expected {name!r}.", _NAME, "name-ignored")
    _counted(counted, 3 * steps, f"three runs of {epochs} epochs")
    for state in states:
        _of_a_new_network(state)
        _called(name, state)
    for run, (end, rate) in enumerate(_SUFFIXES.items()):
        right = replay(states[run], data, [rate] * epochs)
        wrong = _other_runs(states[run], data, rate, epochs)
        _compare_losses(got[f"loss_curve{end}"], right, wrong, data, f"loss_curve{end}")
        _compare_scores(got[f"val_acc_curve{end}"], right, f"val_acc_curve{end}")
        if run:
            previous = replay(states[run - 1], data, [list(_SUFFIXES.values())[run - 1]] * epochs)
            _fresh(states[run], previous.state)


def _trained(
    function: Function, data: Data, at: list[int], before: tuple[Any, ...], after: tuple[Any, ...]
) -> tuple[Any, list[dict[str, Any]], int]:
    """Call a function that trains; return its value, the weights at these steps, and the number of steps."""
    loaders = (
        student_side.array_loader(data.x, data.y, data.batch_size),
        student_side.array_loader(data.x_val, data.y_val, 25),
    )
    watch = TrainingSteps(at)
    try:
        got = call(function, *before, *loaders, *after)
    finally:
        count, states = watch.read()
        watch.close()
    hint, name = "does every run go through the whole loader in every epoch?", "steps-missing"
    if count in at[1:]:
        hint = "the function ends where its next run should begin: look for a return statement inside the loop."
        name = "return-inside-the-loop"
    require(
        len(states) == len(at) or count == 0,
        f"the function trained for {count} steps; expected more than {at[-1]}.",
        hint,
        name,
    )
    require(count > 0, "no network was trained.", "a training step is a forward pass in training mode, with gradients.")
    return got, states, count


def _counted(count: int, expected: int, what: str) -> None:
    require(
        count == expected,
        f"there were {count} training steps; expected {expected} for {what}.",
        "a forward pass in training mode that tracks gradients counts as a step. Evaluate in evaluation mode, without "
        "gradients."
        if count > expected
        else "does every run go through the whole loader in every epoch?",
        "evaluated-in-train-mode" if count > expected else "steps-missing",
    )


def _of_a_new_network(state: State) -> None:
    """Require starting weights of an ordinary size: after huge ones, or zeros, a run is known without training."""
    inputs = 1
    for array in state.values():
        inputs = array.shape[1] if array.ndim == 2 else inputs
        largest, most = float(np.abs(array).max()), 10 / np.sqrt(inputs)
        require(
            largest <= most,
            f"a run starts with weights up to {largest:.3g}; those of a new network are smaller than {most:.2g}.",
            "train each network as build makes it.",
            "network-not-new",
        )
        require(
            array.ndim < 2 or float(array.std()) > 0.05 / np.sqrt(inputs),
            "a run starts with weights that are all but equal; those of a new network are random.",
            "train each network as build makes it.",
            "network-not-new",
        )


def _called(name: str, state: State) -> None:
    """Require the perceptron of this name: mlp_2 has a layer more."""
    layers = sum(array.ndim == 2 for array in state.values())
    require(
        layers == int(name[-1]) + 1,
        f"the network that was trained has {layers} layers with weights; {name} has {int(name[-1]) + 1}.",
        _NAME,
        "name-ignored",
    )


def _other_runs(state: State, data: Data, rate: float, epochs: int) -> list[tuple[str, str, Callable[[], Replay]]]:
    """Runs that a wrong training loop would give."""
    runs: list[tuple[str, str, Callable[[], Replay]]] = [
        ("momentum-used", "the run has momentum 0.9; this comparison is of plain SGD.",
         partial(replay, state, data, [rate] * epochs, momentum=0.9)),
        ("adam-used", "this is Adam's run; this comparison is of plain SGD.",
         partial(replay, state, data, [rate] * epochs, adam=True)),
    ]  # fmt: skip
    for other in (1.0, 0.1, 0.01, 0.001):
        if other != rate:
            name = "one-rate-for-all" if other in _SUFFIXES.values() else "another-rate"
            runs.append(
                (name, f"this run has a learning rate of {other:g}.", partial(replay, state, data, [other] * epochs))
            )
    return runs


def _compare_losses(
    got: Any, right: Replay, others: Sequence[tuple[str, str, Callable[[], Replay]]], data: Data, what: str
) -> None:
    expected = _tens(right.losses)
    epoch = data.steps_per_epoch
    per_epoch = [right.losses[i : i + epoch] for i in range(0, len(right.losses), epoch)]
    mistakes = [
        Mistake("every-tenth-loss", _TENTH, right.losses[9::10]),
        Mistake("every-tenth-loss", _TENTH, right.losses[::10]),
        Mistake("every-step", "there is one entry for every step; expected one for every ten.", right.losses),
        Mistake("one-entry-an-epoch", "there is one entry for every epoch; expected one for every ten steps.",
                [np.mean(part) for part in per_epoch]),
        Mistake("count-starts-anew", _ANEW, np.concatenate([_tens(part) for part in per_epoch])),
        Mistake("mean-since-the-start", "this is the mean of all losses so far: empty the list after every entry.",
                [np.mean(right.losses[: i + 10]) for i in range(0, 10 * len(expected), 10)]),
        *(Mistake(name, hint, partial(_tens_of, other)) for name, hint, other in others),
    ]  # fmt: skip
    compare(got, expected, what, **_FLOAT32, mistakes=mistakes)


def _tens_of(run: Callable[[], Replay]) -> Any:
    return _tens(run().losses)


def _tens(losses: Any) -> Any:
    whole = len(losses) // 10 * 10
    return np.reshape(losses[:whole], (-1, 10)).mean(axis=1)


def _compare_scores(got: Any, right: Replay, what: str) -> None:
    mistakes = [
        Mistake("accuracy-in-percent", "an accuracy is a fraction between 0 and 1.", 100 * right.accuracies[9::10]),
        Mistake("every-step", "there is one entry for every step; expected one for every ten.", right.accuracies),
        Mistake("wrong-images-counted", "this is the share of wrong answers.", 1 - right.accuracies[9::10]),
    ]
    # Rounding may turn a close decision: allow one of the 64 images.
    compare(got, right.accuracies[9::10], what, rtol=0, atol=1.01 / 64, mistakes=mistakes)


def _fresh(state: State, trained: State) -> None:
    same = all(np.allclose(state[key], trained[key], atol=1e-5) for key in state)
    require(
        not same,
        "a run starts with the weights with which the run before it ended.",
        "each rate needs a network of its own; otherwise the last rate inherits what the first has learnt.",
        "network-not-new",
    )


# --- scheduled_run --------------------------------------------------------------------------------------------------


@explained
def scheduled_run(function: Function) -> None:
    """Check ``scheduled_run`` on random images: six epochs with two milestones."""
    run_by_schedule(function, seed=3, count=80, batch_size=10, milestones=[2, 4], epochs=6)
    run_by_schedule(function, seed=4, count=40, batch_size=10, milestones=[1], epochs=3, name="mlp_2")
    run_by_schedule(function, seed=5, count=30, batch_size=10, milestones=[], epochs=2)
    passed("scheduled_run", "runs in three stages, in two and in one, replayed from your networks' own weights")


def run_by_schedule(
    function: Function,
    seed: int,
    count: int,
    batch_size: int,
    milestones: list[int],
    epochs: int,
    name: str = "mlp_1",
) -> None:
    """Replay ``scheduled_run`` and compare the weights after every epoch and the accuracies."""
    data = Data.random(seed, count, batch_size)
    per_epoch = data.steps_per_epoch
    at = [epoch * per_epoch for epoch in range(epochs)]
    got, states, counted = _trained(function, data, at, (name,), (milestones, epochs))
    _counted(counted, epochs * per_epoch, f"{epochs} epochs")
    _of_a_new_network(states[0])
    _called(name, states[0])
    rates = [float(0.1 ** (1 + sum(m <= epoch for m in milestones))) for epoch in range(epochs)]
    right = [replay(states[epoch], data, [rate]) for epoch, rate in enumerate(rates)]
    constant = [near(states[i + 1], replay(states[i], data, [0.1]).state) for i in range(epochs - 1)]
    require(
        not all(constant) or sum(rate < 0.1 for rate in rates[:-1]) < 2,
        "the rate is 0.1 in every epoch.",
        "nothing happens at a milestone. Set the optimizer's learning rate at the beginning of each epoch.",
        "rate-not-lowered",
    )
    for epoch, run in enumerate(right[:-1]):
        _same_weights(states, epoch, run, data, rates, milestones)
    scores = [run.accuracies[-1] for run in right]
    what = f'scheduled_run("{name}", …, {milestones}, {epochs})'
    stages = np.split(np.array(scores), milestones)
    numbers(got, what, "return a flat list with the accuracies of all epochs, one number for each.", "not-a-flat-list")
    mistakes = [
        Mistake("stage-overwritten", _OVERWRITTEN, stages[-1]),
        Mistake("last-epoch-of-each-stage", "only the last epoch of each stage is kept.",
                [s[-1] for s in stages if len(s)]),
        Mistake("accuracy-in-percent", "an accuracy is a fraction between 0 and 1.", 100 * np.array(scores)),
        Mistake("every-tenth-step", "there is an entry for every ten steps; expected one for every epoch.",
                np.concatenate([run.accuracies for run in right])[9::10]),
        Mistake("accuracy-before-the-epoch", "an accuracy belongs to the end of its epoch.", [0.0, *scores[:-1]]),
    ]  # fmt: skip
    if len(got) == len(stages[-1]) != len(scores):
        raise CheckFailed(f"{what} has {len(got)} entries; expected {epochs}.", _OVERWRITTEN, "stage-overwritten")
    compare(got, scores, what, rtol=0, atol=1.01 / 64, mistakes=mistakes)


def _same_weights(
    states: Sequence[State], epoch: int, run: Replay, data: Data, rates: Sequence[float], milestones: Sequence[int]
) -> None:
    """Require that the weights with which an epoch starts are those that the right rate leaves in the one before."""
    after = states[epoch + 1]
    if near(after, run.state):
        return
    early, late = ((rates[0], *rates, rates[-1])[epoch + shift] for shift in (2, 0))
    again, rate = partial(replay, states[epoch], data), rates[epoch : epoch + 1]
    causes = [
        ("schedule-one-epoch-late", f"this epoch still ran at the rate before the milestone. {_MILESTONE}",
         again([late]).state),
        ("schedule-one-epoch-early", f"this epoch ran at the rate after the milestone. {_MILESTONE}",
         again([early]).state),
        ("momentum-used", "this is SGD with momentum 0.9; the run is of plain SGD.", again(rate, momentum=0.9).state),
        ("adam-used", "this is Adam; the run is of plain SGD.", again(rate, adam=True).state),
    ]  # fmt: skip
    name, hint = next(((n, h) for n, h, wrong in causes if near(after, wrong)), (None, None))
    anew = "lowering the rate must not start a new network.", "stage-starts-anew"
    if name is None and not related(states[epoch], after):
        raise CheckFailed(f"epoch {epoch + 1} does not start with the weights with which epoch {epoch} ended.", *anew)
    if name is None and epoch + 1 in milestones:
        stage = sum(milestone <= epoch + 1 for milestone in milestones) + 1
        raise CheckFailed(f"stage {stage} does not start with the weights with which the stage before it ended.", *anew)
    message = f"the weights after epoch {epoch} are not those of plain SGD at the rate of that epoch."
    raise CheckFailed(message, hint or "print the rate in every epoch; each epoch goes through the loader once.", name)


_MILESTONE = "A milestone is the first epoch with the lower rate, epochs counted from 0."
_NAME = "the first argument is the name of the network; is it handed to build?"
_TENTH = "these are the losses of every tenth step. An entry is the mean of ten losses."
_ANEW = "steps are counted anew in every epoch, so the last ones of an epoch are lost. Count through."
_OVERWRITTEN = (
    "only the last stage is left: each stage overwrites the list of the one before. All epochs belong in the result."
)
