"""Chapter 08's training record in closed form, for a linear classifier, and the records of wrong loops.

Arguments are the parts of a :class:`workbook.chapter08.inputs.Task` and the seed of the classifier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from scipy.special import log_softmax, softmax

from autograder.testing.answers import Formulas
from workbook.chapter08.inputs import Data, Task
from workbook.linear_classifier import Array, Labels
from workbook.reference.pipeline import LinearTwin, targets

EVERY = 10


@dataclass(frozen=True)
class Trace:
    """A training run in closed form.

    Attributes:
        twins: the classifier before each step and after the last, steps + 1 of them.
        losses, accuracies: of each step's batch, before the update.
        sizes: images in each step's batch.
    """

    twins: tuple[LinearTwin, ...]
    losses: Array
    accuracies: Array
    sizes: Array


class SoftmaxTwice(LinearTwin):
    """A classifier whose probabilities, in place of its logits, go into a cross-entropy that takes a softmax itself."""

    def loss(self, images: Array, labels: Labels, smoothing: float = 0.0) -> float:
        """The mean over the images."""
        logs = log_softmax(self.probabilities(images), axis=1)
        return float(-np.mean(np.sum(targets(labels, smoothing) * logs, axis=1)))

    def gradients(self, images: Array, labels: Labels, smoothing: float = 0.0) -> tuple[Array, Array]:
        """By the chain rule through both softmaxes."""
        p = self.probabilities(images)
        outer = (softmax(p, axis=1) - targets(labels, smoothing)) / len(images)
        delta = p * (outer - np.sum(p * outer, axis=1, keepdims=True))
        return delta.T @ images.reshape(len(images), 64), delta.sum(axis=0)


def follow(task: Task, twin: LinearTwin, accumulate: bool = False, summed: bool = False) -> Trace:
    """Descend step by step.

    Args:
        accumulate: True to add up the gradients of all batches so far, as happens when they are never cleared.
        summed: True for the sum of a batch's losses in place of their mean.
    """
    twins, losses, accuracies, sizes = [twin], [], [], []
    total = np.zeros_like(twin.weight), np.zeros_like(twin.bias)
    for step in range(task.steps):
        images, labels = task.batch(step)
        factor = len(labels) if summed else 1
        weight, bias = twin.gradients(images, labels)
        fresh = factor * weight, factor * bias
        total = (total[0] + fresh[0], total[1] + fresh[1]) if accumulate else fresh
        losses.append(factor * twin.loss(images, labels))
        accuracies.append(accuracy(twin, (images, labels)))
        sizes.append(len(labels))
        twin = twin.moved(total, task.rate)
        twins.append(twin)
    return Trace(tuple(twins), np.array(losses), np.array(accuracies), np.array(sizes))


def accuracy(twin: LinearTwin, data: Data) -> float:
    """The share of images that the classifier gets right."""
    return float(np.mean(twin.logits(data[0]).argmax(axis=1) == data[1]))


def in_tens(values: Array) -> Array:
    """The mean of each ten entries in a row; a rest of fewer than ten is dropped."""
    whole = len(values) // EVERY * EVERY
    return np.asarray(values[:whole].reshape(-1, EVERY).mean(axis=1))


def of_images(trace: Trace) -> Array:
    """The accuracy on the images of each ten steps together, before the updates."""
    return np.asarray(in_tens(trace.accuracies * trace.sizes) / in_tens(trace.sizes))


def scores(trace: Trace, data: Data, measure: Callable[[LinearTwin, Data], float] = accuracy) -> Array:
    """A measure of the classifier after every tenth update."""
    return np.array([measure(trace.twins[step], data) for step in range(EVERY, len(trace.twins), EVERY)])


# --- records --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _run(
    given: tuple[Any, ...], accumulate: bool = False, still: bool = False, summed: bool = False
) -> tuple[Task, Trace]:
    """The task with these parts and its run; ``still`` for one whose steps have no length."""
    *parts, seed = given
    task = Task(*parts)
    return task, follow(replace(task, rate=0.0) if still else task, LinearTwin.random(seed), accumulate, summed)


def loss_curve(*given: Any) -> Array:
    """The mean loss of each ten steps."""
    return _short(in_tens(_run(given)[1].losses))


def loss_curve_mistakes(*given: Any) -> Formulas:
    """Loss curves of loops that forget something or average in another way."""
    task, right = _run(given)
    losses, per_epoch = right.losses, task.batches
    running = np.cumsum(losses) / np.arange(1, len(losses) + 1)
    within = np.concatenate([in_tens(part) for part in losses.reshape(task.epochs, per_epoch)])
    later = np.array([right.twins[step + 1].loss(*task.batch(step)) for step in range(task.steps)])
    whole = len(losses) // EVERY * EVERY
    rest = losses[whole:].mean() if whole < len(losses) else 0
    yield "zero-grad-forgotten", lambda: _short(in_tens(_run(given, accumulate=True)[1].losses))
    yield "no-update", lambda: _short(in_tens(_run(given, still=True)[1].losses))
    yield "loss-summed", lambda: _short(in_tens(_run(given, summed=True)[1].losses))
    yield "softmax-before-loss", lambda: _short(in_tens(_softmax_twice(given).losses))
    yield "one-epoch-only", lambda: _short(in_tens(losses[:per_epoch]))
    yield "last-loss-of-ten", lambda: _short(losses[EVERY - 1 :: EVERY])
    yield "summed-not-averaged", lambda: _short(EVERY * in_tens(losses))
    yield "running-sum-not-reset", lambda: _short(running[EVERY - 1 :: EVERY])
    yield "running-sum-not-reset", lambda: _short(np.cumsum(losses)[EVERY - 1 :: EVERY] / EVERY)
    yield "steps-counted-per-epoch", lambda: _short(within)
    yield "one-entry-per-epoch", lambda: _short(losses.reshape(task.epochs, per_epoch).mean(axis=1))
    yield "one-entry-per-step", lambda: _short(losses)
    yield "loss-after-update", lambda: _short(in_tens(later))
    yield "rest-not-dropped", lambda: _short(np.append(in_tens(losses), rest))


def train_accuracy_curve(*given: Any) -> Array:
    """The accuracy of each ten steps' batches, before their updates."""
    return _short(of_images(_run(given)[1]))


def train_accuracy_curve_mistakes(*given: Any) -> Formulas:
    """Training accuracies of other images, or of another moment."""
    task, right = _run(given)
    later = np.array([accuracy(right.twins[step + 1], task.batch(step)) for step in range(task.steps)])
    curve, unweighted = of_images(right), in_tens(right.accuracies)
    yield "mean-of-batch-means", lambda: _short(unweighted)
    yield "accuracy-after-update", lambda: _short(in_tens(later * right.sizes) / in_tens(right.sizes))
    yield "last-batch-only", lambda: _short(right.accuracies[EVERY - 1 :: EVERY])
    yield "whole-training-set", lambda: _short(scores(right, task.train))
    yield "percent", lambda: _short(100 * curve)
    yield "count-not-fraction", lambda: _short(curve * EVERY * task.batch_size)
    yield "count-not-fraction", lambda: _short(curve * task.batch_size)
    yield "summed-not-averaged", lambda: _short(curve * EVERY)


def val_accuracy_curve(*given: Any) -> Array:
    """The accuracy on the validation images after every tenth update."""
    task, right = _run(given)
    return _short(scores(right, task.val))


def val_accuracy_curve_mistakes(*given: Any) -> Formulas:
    """Validation accuracies that are put together in the wrong way, of other images or of another moment."""
    task, right = _run(given)
    size = task.held_out_batch
    yield "mean-of-batch-means", lambda: _short(scores(right, task.val, partial(_of_batch_means, size=size)))
    yield "first-batch-only", lambda: _short(scores(right, (task.val[0][:size], task.val[1][:size])))
    yield "percent", lambda: _short(100 * scores(right, task.val))
    yield "loaders-exchanged", lambda: _short(scores(right, task.test))
    yield "loaders-exchanged", lambda: _short(scores(right, task.train))
    yield "divided-by-batches", lambda: _short(scores(right, task.val) * _per_batch(task.val, size))
    before = range(EVERY - 1, task.steps, EVERY)
    yield (
        "validated-before-the-update",
        lambda: _short(np.array([accuracy(right.twins[step], task.val) for step in before])),
    )


def test_accuracy(*given: Any) -> float:
    """The accuracy on the test images at the end."""
    task, right = _run(given)
    return accuracy(right.twins[-1], task.test)


def test_accuracy_mistakes(*given: Any) -> Formulas:
    """Test accuracies that are put together in the wrong way or of other images."""
    task, right = _run(given)
    yield "mean-of-batch-means", lambda: _of_batch_means(right.twins[-1], task.test, task.held_out_batch)
    yield "loaders-exchanged", lambda: accuracy(right.twins[-1], task.val)
    yield "percent", lambda: 100 * accuracy(right.twins[-1], task.test)
    yield (
        "divided-by-batches",
        lambda: accuracy(right.twins[-1], task.test) * _per_batch(task.test, task.held_out_batch),
    )


def _per_batch(data: Data, size: int) -> float:
    """Images of a loader divided by its number of batches."""
    return len(data[1]) / -(-len(data[1]) // size)


def _softmax_twice(given: tuple[Any, ...]) -> Trace:
    *parts, seed = given
    return follow(Task(*parts), SoftmaxTwice.random(seed))


def _of_batch_means(twin: LinearTwin, data: Data, size: int) -> float:
    starts = range(0, len(data[0]), size)
    return float(np.mean([accuracy(twin, (data[0][i : i + size], data[1][i : i + size])) for i in starts]))


def train_mode_gradient(*given: Any) -> Array:
    """The sum of the weight's gradients (10, 64) of an epoch in training mode, with batch normalisation.

    Four decimals: a check looks at the direction.
    """
    *parts, seed = given
    task = Task(*parts)
    return np.round(LinearTwin.random(seed, normalised=True).gradient_in_train_mode(*task.train, task.batch_size), 4)


def _short(values: Array) -> Array:
    """Seven decimals: checks compare single precision."""
    return np.asarray(np.round(values, 7))
