"""Checks of chapter 03's class ``MLP`` in training: steps, batches, orders, histories."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, Mistake, compare, explained, passed, require, suspect
from workbook.chapter03.inputs import Array, Labels, images, some_labels
from workbook.chapter03.model_checks import by_heart
from workbook.chapter03.models import Class, evaluated, new_model, probabilities_of, train_on
from workbook.chapter03.rules import NUMPY_ONLY
from workbook.chapter03.steps import Predictions, last_batch_mistakes, shuffled_labels, step_mistakes, whole_steps

HISTORIES = ("train_loss", "train_acc", "val_loss", "val_acc", "train_time")


@explained
def mlp_training(MLP: Class) -> None:
    """Check steps against gradient descent, batches and orders, then the histories of twelve epochs."""
    ignores_validation(MLP)
    one_step(new_model(MLP, [4, 3]), images(6, 3), some_labels(6, 3), 3, 0.7)
    one_step(new_model(MLP, [5, 4], 21), images(5, 4, 22), some_labels(5, 4, 23), 4, 1.6)
    uneven_batches(new_model(MLP, [4, 3], 24), 3, 0.4, full=3, size=3, rest=1)
    uneven_batches(new_model(MLP, [4, 3], 25), 3, 0.9, full=0, size=7, rest=4)
    orders(MLP, seed=26)
    histories(new_model(MLP, [4, 5, 4]), 12)
    by_heart(MLP, [13, 12, 4], seed=27)
    NUMPY_ONLY.check(MLP, "MLP")
    passed("MLP, train", "steps of gradient descent, batches, orders, the five histories, samples by heart")


def one_step(model: Any, X: Array, y: Labels, num_classes: int, rate: float) -> None:
    """Train a model without hidden layer for one epoch of one batch and compare with one step of gradient descent."""
    after = whole_steps(Predictions.of(model, X, num_classes), y, rate)
    train_on(model, X, y, batch_size=len(y), epochs=1, rate=rate)
    got = probabilities_of(model, X, num_classes)
    mistakes = step_mistakes(after, rate, len(y))
    mistakes.append(shuffled_labels(lambda order: after([1.0], order), y, got))
    compare(got, after([1.0]), "probabilities after one step", rtol=1e-5, mistakes=mistakes)


def uneven_batches(model: Any, num_classes: int, rate: float, full: int, size: int, rest: int) -> None:
    """Train on copies of one sample, whose order does not matter, in ``full`` batches and a smaller last one."""
    sample, count = images(1, 3), full * size + rest
    after = whole_steps(Predictions.of(model, sample, num_classes), np.array([num_classes - 1]), rate)
    X, y = np.repeat(sample, count, axis=0), np.full(count, num_classes - 1)
    train_on(model, X, y, batch_size=size, epochs=1, rate=rate)
    got = probabilities_of(model, sample, num_classes)
    wrong = last_batch_mistakes(after, full, rest / size)
    compare(got, after([1.0] * (full + 1)), "probabilities after one epoch", rtol=1e-5, mistakes=wrong)


def histories(model: Any, epochs: int) -> None:
    """Train for some epochs and compare the last entries of the five histories with ``evaluate``."""
    X, y, X_val, y_val = images(30, 3), some_labels(30, 4), images(11, 3, 5), some_labels(11, 4, 6)
    started = time.perf_counter()
    train_on(model, X, y, batch_size=30, epochs=epochs - 1, rate=0.5, validation=(X_val, y_val))
    before = evaluated(model, X, y)
    train_on(model, X, y, batch_size=30, epochs=1, rate=0.5, validation=(X_val, y_val))
    elapsed = time.perf_counter() - started
    recorded = {name: _history(model, name) for name in HISTORIES}
    for name, entries in recorded.items():
        require(
            len(entries) in (1, epochs),
            f"{name} has {len(entries)} entries after {epochs} epochs; expected {epochs}.",
            "each epoch appends one entry to each history.",
            "history-length",
        )
    after = evaluated(model, X, y)
    for k, name in enumerate(("train_loss", "train_acc")):
        # A mean over the batches as they were seen is right, too; with one batch that is the value before the step.
        entry = recorded[name][-1]
        right = before[k] if np.isclose(entry, before[k], rtol=1e-6) else after[k]
        compare(entry, right, f"{name}[-1]", rtol=1e-6)
    for k, name in enumerate(("val_loss", "val_acc")):
        hint = "this is the value for the training data. The validation data have a history of their own."
        wrong = [Mistake("validation-is-training", hint, value[k]) for value in (after, before)]
        expected = evaluated(model, X_val, y_val)[k]
        compare(recorded[name][-1], expected, f"{name}[-1]", rtol=1e-6, mistakes=wrong)
    seconds = recorded["train_time"]
    require(
        not np.all(np.diff(seconds[:-1]) > 0),
        "train_time grows from each epoch to the next.",
        "an entry is the time of that epoch alone: start the clock anew in each epoch.",
        "cumulative-time",
    )
    require(
        min(seconds) >= 0 and sum(seconds) <= 2 * elapsed + 0.02,
        f"train_time sums to {sum(seconds):.3g}, but training took {elapsed:.3g} s in all.",
        "an entry is the time of that epoch in seconds.",
        "not-in-seconds",
    )


def _history(model: Any, name: str) -> list[float]:
    try:
        return [float(value) for value in getattr(model, name)]
    except AttributeError:
        raise CheckFailed(
            f"the model has no attribute {name}.", "the docstring names five histories.", "attribute-name"
        ) from None
    except (TypeError, ValueError):
        raise CheckFailed(f"{name} is not a list of numbers.", "append one number in each epoch.") from None


def ignores_validation(MLP: Class) -> None:
    """Require that two equal models stay equal when only their validation labels differ."""
    X, y = images(12, 3), some_labels(12, 3)
    pair = [new_model(MLP, [4, 5, 3], seed=4) for _ in range(2)]
    if not np.isclose(evaluated(pair[0], X, y)[0], evaluated(pair[1], X, y)[0]):
        return  # the first weights do not come from the generator, which init_weights' own check says
    results = []
    for model, other in zip(pair, (y, (y + 1) % 3), strict=True):
        train_on(model, X, y, batch_size=12, epochs=3, rate=1.0, validation=(X, other))
        results.append(evaluated(model, X, y)[0])
    require(
        bool(np.isclose(results[0], results[1], rtol=1e-6)),
        f"the training loss is {results[0]:.4g} or {results[1]:.4g}, depending on the labels of the validation data.",
        "validation data are looked at and never trained on: no gradient may come from them.",
        "trained-on-validation",
    )


def orders(MLP: Class, seed: int) -> None:
    """Require a new order of the samples in each epoch, drawn from the model's generator.

    Steps on single samples of a network without hidden layer tell in which order they came.
    """
    X, y, rate = images(4, 3, seed), np.array([2, 0, 1, 1]), 0.9
    model, found = new_model(MLP, [4, 3], seed), []
    for _ in range(5):
        start = Predictions.of(model, X, 3)
        train_on(model, X, y, batch_size=1, epochs=1, rate=rate)
        got = probabilities_of(model, X, 3)
        found.append(next((o for o in itertools.permutations(range(4)) if _in_order(start, y, rate, o, got)), ()))
    require(
        all(found),
        "the weights after an epoch of batches of one sample fit no order of the four samples.",
        "each sample takes part in an epoch exactly once, with its own label, in batches of batch_size.",
        "samples-not-once",
    )
    require(
        len(set(found)) > 1,
        "five epochs take the samples in the same order each time.",
        "draw a new order at the beginning of each epoch, with the model's generator.",
        "one-order",
    )
    pair = [new_model(MLP, [4, 3], seed) for _ in range(2)]
    first, second = (probabilities_of(twin, X, 3) for twin in pair)
    if not np.allclose(first, second):
        return  # the first weights do not come from the generator, which init_weights' own check says
    for twin in pair:
        train_on(twin, X, y, batch_size=1, epochs=5, rate=rate)
    one, other = (probabilities_of(twin, X, 3) for twin in pair)
    require(
        np.allclose(one, other),
        "two equally seeded models end with different weights after the same training.",
        "draw the order from the generator rng that the model was given, not from np.random.",
        "rng-ignored",
    )
    _one_call(MLP, X, y, rate, seed, one)


def _one_call(MLP: Class, X: Array, y: Labels, rate: float, seed: int, right: Array) -> None:
    """Require that five calls for one epoch each end where one call for five epochs ends."""
    model = new_model(MLP, [4, 3], seed)
    for _ in range(5):
        train_on(model, X, y, batch_size=1, epochs=1, rate=rate)
    hint = "every epoch has the same rate, an order of its own, and starts with the weights that the last one left."
    with suspect("epochs-differ", hint):
        compare(probabilities_of(model, X, 3), right, "probabilities after five epochs in one call", rtol=1e-5)


def _in_order(start: Predictions, y: Labels, rate: float, order: Sequence[int], right: Array) -> bool:
    """Whether steps on single samples in this order lead to these probabilities."""
    reached = start
    for sample in order:
        reached = reached.after([sample], y[[sample]], rate)
    return np.allclose(reached.p, right, rtol=1e-5)
