"""Checks of chapter 11's ``run_study``: what is measured, how it is trained, modes and seconds."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from autograder.testing import CheckFailed, call, compare, numbers, passed, require, returned, student_side
from workbook.chapter11.reference.study_mistakes import average_mistakes, history_mistakes
from workbook.linear_classifier import Array, Labels, follows, is_training, normalised_logits, random_images
from workbook.reference.pipeline import Epoch, LinearTwin, descend

Function = Callable[..., Any]
Data = tuple[NDArray[np.float32], Labels]
_KEYS = ("train_loss", "test_loss", "train_acc", "test_acc", "seconds")
_DEFAULT_BATCH = 64
_FLOAT32 = {"rtol": 1e-3, "atol": 1e-5}


def run_study(function: Function) -> None:
    """Check all four curves for classifiers that stand still."""
    evaluated(function, seed=120, sizes=(330, 300), batch_size=64)
    evaluated(function, seed=123, sizes=(6, 4), batch_size=50, epochs=1)
    evaluated(function, seed=126, sizes=(90, 410), batch_size=25, epochs=3)
    passed("run_study, evaluation", "loss and accuracy on few images and on many, classifiers at rate 0")


def evaluated(function: Function, seed: int, sizes: tuple[int, int], batch_size: int, epochs: int = 2) -> None:
    """Run a study at learning rate 0, and compare what it measured with a closed form."""
    twin = LinearTwin.random(seed)
    train, test = (_data(size, seed + 1 + number) for number, size in enumerate(sizes))
    module = twin.module()
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=0.0)
    history = _history(call(function, module, optimizer, train, test, epochs, batch_size=batch_size), epochs)
    measured = {}
    for part, (images, labels) in (("train", train), ("test", test)):
        logits = twin.logits(images.astype(np.float64))
        measured[f"{part}_loss"] = -log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
        measured[f"{part}_acc"] = (logits.argmax(axis=1) == labels).astype(np.float64)
    for key, values in measured.items():
        other = key.replace("train", "TEST").replace("test", "train").replace("TEST", "test")
        mistakes = average_mistakes(values, epochs, batch_size, float(measured[other].mean()))
        compare(history[key], np.full(epochs, values.mean()), f"history[{key!r}]", **_FLOAT32, mistakes=mistakes)


def _data(count: int, seed: int) -> Data:
    images, labels = random_images(count, seed)
    return images.astype(np.float32), labels


def _history(history: Any, epochs: int) -> dict[str, NDArray[np.float64]]:
    """The five curves as arrays, each with one number for each epoch."""
    returned(history, "run_study(…)", hasattr(history, "keys"), "a dict")
    curves = {}
    for key in _KEYS:
        try:
            values = list(history[key])
        except KeyError:
            hint = "the seconds of each epoch belong to the result." if key == "seconds" else "compare the docstring."
            name = "seconds-missing" if key == "seconds" else "key-missing"
            raise CheckFailed(f"the result has no entry {key!r}.", hint, name) from None
        except TypeError:
            message = f"the result's entry {key!r} is no list; expected one number for each epoch."
            raise CheckFailed(message, "collect a number after each epoch.", "not-a-list") from None
        require(
            len(values) == epochs,
            f"history[{key!r}] has {len(values)} entries after {epochs} epochs; expected {epochs}.",
            "one number for each epoch, not one for each batch and not one for the whole run.",
            "not-per-epoch",
        )
        curves[key] = numbers(values, f"history[{key!r}]")
    return curves


# --- training -------------------------------------------------------------------------------------------------------


def training(function: Function) -> None:
    """Check the losses after each of three epochs with one batch each, then that the order of images is drawn."""
    trained(function, seed=130, count=12, rate=0.5, epochs=3)
    trained(function, seed=135, count=7, rate=0.15, epochs=2)
    passed("run_study, training", "three epochs of a linear classifier and two of another, against a closed form")


def trained(function: Function, seed: int, count: int, rate: float, epochs: int) -> None:
    """Compare the losses after each epoch of one batch with a closed form; then look at the order of 20 images."""
    twin, (images, labels) = LinearTwin.random(seed), _data(count, seed + 1)
    test = _data(9, seed + 2)
    module = twin.module()
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=rate)
    history = _history(call(function, module, optimizer, (images, labels), test, epochs, batch_size=count + 5), epochs)
    exact = images.astype(np.float64)
    twins = [twin]
    for _ in range(epochs):
        twins.append(descend(twins[-1], exact, labels, count, rate).twin)
    piled = _accumulated(twin, exact, labels, rate, epochs)
    mistakes = history_mistakes(twins[:-1], twin, piled, exact, labels)
    for part, (x, y) in (("train", (exact, labels)), ("test", (test[0].astype(np.float64), test[1]))):
        expected = np.array([one.loss(x, y) for one in twins[1:]])
        named = mistakes if part == "train" else history_mistakes(twins[:-1], twin, piled, x, y)
        compare(history[f"{part}_loss"], expected, f"history['{part}_loss']", **_FLOAT32, mistakes=named)
    _shuffled(function, seed + 3, rate)
    _drawn_anew(function, seed + 5, rate)


def _accumulated(twin: LinearTwin, images: Array, labels: Labels, rate: float, epochs: int) -> list[LinearTwin]:
    """The classifier after each epoch of one batch, if gradients pile up over epochs."""
    repeated = np.concatenate([images] * epochs), np.concatenate([labels] * epochs)
    ends = [len(images) * (epoch + 1) for epoch in range(epochs)]
    runs: list[Epoch] = [
        descend(twin, repeated[0][:end], repeated[1][:end], len(images), rate, accumulate=True) for end in ends
    ]
    return [run.twin for run in runs]


def _shuffled(function: Function, seed: int, rate: float) -> None:
    """Require another result than that of batches in the order of the data."""
    twin, (images, labels) = LinearTwin.random(seed), _data(20, seed + 1)
    module = twin.module()
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=rate)
    call(function, module, optimizer, (images, labels), (images[:3], labels[:3]), 1, batch_size=4)
    got = student_side.state_arrays(module)["1.weight"]
    in_order = descend(twin, images.astype(np.float64), labels, 4, rate).twin.weight
    require(
        not np.allclose(got, in_order, rtol=1e-3, atol=1e-5),
        "the batches come in the order of the data.",
        "the order of the images should be drawn anew in each epoch: neighbours in the data always share a batch.",
        "not-shuffled",
    )


def _drawn_anew(function: Function, seed: int, rate: float, runs: int = 8) -> None:
    """Require that two epochs do not always have the same order of images, which the weights at the end show.

    Three images in batches of one have six orders. By chance, an order that is drawn anew is the same in both epochs
    of all runs once in 1.7 million.
    """
    twin, (images, labels) = LinearTwin.random(seed), _data(3, seed + 1)
    ends = {}
    for orders in itertools.product(itertools.permutations(range(3)), repeat=2):
        chosen = [*orders[0], *orders[1]]
        ends[orders] = descend(twin, images[chosen].astype(np.float64), labels[chosen], 1, rate).twin.weight
    repeated = 0
    for run in range(runs):
        student_side.torch.manual_seed(seed + run)
        module = twin.module()
        optimizer = student_side.torch.optim.SGD(module.parameters(), lr=rate)
        call(function, module, optimizer, (images, labels), (images[:2], labels[:2]), 2, batch_size=1)
        got = student_side.state_arrays(module)["1.weight"]
        first, second = min(ends, key=lambda orders: float(np.abs(ends[orders] - got).max()))
        repeated += first == second
    require(
        repeated < runs,
        f"in {runs} runs of two epochs, the images came in the same order in both epochs.",
        "the order is drawn once and kept. Draw it anew in each epoch.",
        "same-order-in-each-epoch",
    )


# --- modes and seconds ----------------------------------------------------------------------------------------------


def study_modes(function: Function) -> None:
    """Check in which mode the model is trained, evaluated and given back, and the seconds."""
    left_as_found(function, in_training=True)
    left_as_found(function, in_training=False)
    left_as_found(function, in_training=False, count=140, batch_size=_DEFAULT_BATCH, epochs=2)
    passed("run_study, modes and seconds", "models that come in training mode and in evaluation mode, default batches")


def left_as_found(
    function: Function, in_training: bool, count: int = 230, batch_size: int = 20, epochs: int = 5
) -> None:
    """Judge a study by the modes of its forward passes and by what these modes do; then mode and seconds at the end."""
    twin, train, test = LinearTwin.random(140, normalised=True), _data(count, 141), _data(50, 142)
    module = twin.module()
    module.train(in_training)
    passes = student_side.ForwardPasses(module)
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=0.02)
    began = time.perf_counter()
    given: dict[str, Any] = {} if batch_size == _DEFAULT_BATCH else {"batch_size": batch_size}
    result = call(function, module, optimizer, train, test, epochs, **given)
    wall = time.perf_counter() - began
    _judge_passes(passes.read(), epochs * -(-count // batch_size))
    history = _history(result, epochs)
    _judge_weights(twin, student_side.state_arrays(module), train, test, history["test_loss"], batch_size)
    after = is_training(module, test[0].astype(np.float64))
    names = {True: "training", False: "evaluation"}
    require(
        after == in_training,
        f"a model that came in {names[in_training]} mode is in {names[after]} mode after the study.",
        "whoever uses the model next gets another mode than before, and no error says so. Note the mode before you "
        "change it.",
        "mode-not-restored",
    )
    _judge_seconds(history["seconds"], wall)


def _judge_weights(
    twin: LinearTwin, state: dict[str, NDArray[Any]], train: Data, test: Data, losses: Array, batch_size: int
) -> None:  # fmt: skip
    """Require weights that moved in training mode, and a last test loss that is theirs in evaluation mode."""
    images, labels = train[0].astype(np.float64), train[1]
    require(
        follows(twin.weight, state["2.weight"], twin.gradient_in_train_mode(images, labels, batch_size)),
        "the weights have not moved along the gradients that batches have in training mode.",
        "a loop that trains sets the mode that it needs; then loss, gradient, step.",
        "trained-in-eval-mode",
    )
    logits = normalised_logits(state, test[0].astype(np.float64), own_statistics=False)
    values = -log_softmax(logits, axis=1)[np.arange(len(test[1])), test[1]]
    # An average of another kind costs points in its own test.
    known = [values.mean(), *(np.asarray(m.wrong)[-1] for m in average_mistakes(values, 1, batch_size, np.nan))]
    require(
        any(np.isclose(losses[-1], value, rtol=1e-2) for value in known),
        f"the last test loss is {losses[-1]:.4g}; the model as it is after training has {values.mean():.4g} in "
        "evaluation mode.",
        "measure after each epoch, in evaluation mode, with the weights of that moment.",
        "evaluated-in-train-mode",
    )


def _judge_passes(passes: list[dict[str, bool]], batches: int) -> None:
    in_training = sum(entry["training"] for entry in passes)
    learning = sum(entry["tracked"] for entry in passes)
    require(
        in_training > 0,
        "the model was in evaluation mode all the time, while it was trained, too.",
        "no dropout, and frozen statistics. A loop that trains has to set the mode that it needs.",
        "trained-in-eval-mode",
    )
    require(
        in_training < len(passes),
        "the model was in training mode all the time, in the evaluations, too.",
        "with dropout active and statistics taken from each batch the numbers are not those of your network.",
        "evaluated-in-train-mode",
    )
    require(
        not any(entry["tracked"] and not entry["training"] for entry in passes) or learning <= batches,
        "the evaluations track gradients.",
        "PyTorch records every operation for a backward pass that never comes. There is a context manager against it.",
        "gradients-tracked",
    )
    require(
        in_training >= batches,
        f"{in_training} batches were trained in training mode; expected {batches}.",
        "after the first evaluation the model stays in evaluation mode, or batches are left out. Each epoch has to set "
        "the mode that it needs and to use all images.",
        "trained-in-eval-mode",
    )
    require(
        in_training == batches,
        f"there were {in_training} forward passes in training mode; expected {batches} for the batches.",
        "either an evaluation runs in training mode, or batch_size is not used.",
        "evaluated-in-train-mode",
    )


def _judge_seconds(seconds: NDArray[np.float64], wall: float) -> None:
    require(
        bool(np.all(seconds > 0)),
        "the seconds of an epoch are 0 or negative.",
        "take the clock before and after: end minus beginning.",
        "seconds-missing",
    )
    require(
        float(seconds.sum()) <= 1.02 * wall + 0.002,
        f"the seconds add up to {seconds.sum():.3g}, but the whole study took {wall:.3g}.",
        "these are seconds since the start of the study, or since another epoch. Take the clock anew in each epoch.",
        "seconds-add-up",
    )
