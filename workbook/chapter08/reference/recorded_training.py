"""Chapter 08's training record in closed form, for a linear classifier, and the records of wrong loops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.testing import Mistake
from workbook.linear_classifier import Array, Labels, random_images
from workbook.reference.pipeline import LinearTwin

EVERY = 10
Data = tuple[Array, Labels]


@dataclass(frozen=True)
class Task:
    """A small training task: batches in a fixed order, plain gradient descent.

    Attributes:
        train, val, test: images (N, 1, 8, 8) with pixels around zero, and labels that a linear classifier can learn.
        batch_size: of the training loader; it divides the number of training images.
        held_out_batch: of the two other loaders; it leaves a smaller last batch.
        epochs, rate: of the training.
    """

    train: Data
    val: Data
    test: Data
    batch_size: int
    held_out_batch: int
    epochs: int
    rate: float

    @classmethod
    def random(cls, seed: int, batches: int = 7, batch_size: int = 4, epochs: int = 3, rate: float = 0.4) -> Task:
        """Labels from a random linear teacher, so that accuracies move."""
        teacher = LinearTwin.random(seed + 1)
        parts = []
        for i, count in enumerate((batches * batch_size, 34, 43)):
            images, _ = random_images(count, seed + 2 + i)
            images = images - 0.5
            parts.append((images, (teacher.logits(images) - teacher.bias).argmax(axis=1)))
        train, val, test = parts
        return cls(train, val, test, batch_size, 16, epochs, rate)

    @property
    def steps(self) -> int:
        """Optimizer steps in all."""
        return self.epochs * len(self.train[0]) // self.batch_size

    def batch(self, step: int) -> Data:
        """The images and labels of step number ``step``, from 0."""
        start = step * self.batch_size % len(self.train[0])
        return self.train[0][start : start + self.batch_size], self.train[1][start : start + self.batch_size]


@dataclass(frozen=True)
class Trace:
    """A training run in closed form.

    Attributes:
        twins: the classifier before each step and after the last, steps + 1 of them.
        losses, accuracies: of each step's batch, before the update.
    """

    twins: tuple[LinearTwin, ...]
    losses: Array
    accuracies: Array


def follow(task: Task, twin: LinearTwin, accumulate: bool = False) -> Trace:
    """Descend step by step.

    Args:
        accumulate: True to add up the gradients of all batches so far, as happens when they are never cleared.
    """
    twins, losses, accuracies = [twin], [], []
    total = np.zeros_like(twin.weight), np.zeros_like(twin.bias)
    for step in range(task.steps):
        images, labels = task.batch(step)
        fresh = twin.gradients(images, labels)
        total = (total[0] + fresh[0], total[1] + fresh[1]) if accumulate else fresh
        losses.append(twin.loss(images, labels))
        accuracies.append(accuracy(twin, (images, labels)))
        twin = twin.moved(total, task.rate)
        twins.append(twin)
    return Trace(tuple(twins), np.array(losses), np.array(accuracies))


def accuracy(twin: LinearTwin, data: Data) -> float:
    """The share of images that the classifier gets right."""
    return float(np.mean(twin.logits(data[0]).argmax(axis=1) == data[1]))


def in_tens(values: Array) -> Array:
    """The mean of each ten entries in a row; a rest of fewer than ten is dropped."""
    whole = len(values) // EVERY * EVERY
    return np.asarray(values[:whole].reshape(-1, EVERY).mean(axis=1))


def scores(trace: Trace, data: Data, measure: Callable[[LinearTwin, Data], float] = accuracy) -> Array:
    """A measure of the classifier after every tenth update."""
    return np.array([measure(trace.twins[step], data) for step in range(EVERY, len(trace.twins), EVERY)])


# --- wrong records --------------------------------------------------------------------------------------------------


def loss_mistakes(task: Task, right: Trace, accumulated: Trace) -> list[Mistake]:
    """Loss curves of loops that forget something or average in another way."""
    losses, per_epoch = right.losses, task.steps // task.epochs
    running = np.cumsum(losses) / np.arange(1, len(losses) + 1)
    within = np.concatenate([in_tens(part) for part in losses.reshape(task.epochs, per_epoch)])
    later = np.array([right.twins[step + 1].loss(*task.batch(step)) for step in range(task.steps)])
    whole = len(losses) // EVERY * EVERY
    return [
        Mistake("zero-grad-forgotten", ZERO_GRAD, in_tens(accumulated.losses)),
        Mistake("no-update", NO_UPDATE, in_tens(follow(_still(task), right.twins[0]).losses)),
        Mistake("last-loss-of-ten", LAST_OF_TEN, losses[EVERY - 1 :: EVERY]),
        Mistake("summed-not-averaged", SUMMED, EVERY * in_tens(losses)),
        Mistake("running-sum-not-reset", NOT_RESET, running[EVERY - 1 :: EVERY]),
        Mistake("running-sum-not-reset", NOT_RESET, np.cumsum(losses)[EVERY - 1 :: EVERY] / EVERY),
        Mistake("steps-counted-per-epoch", PER_EPOCH, within),
        Mistake("one-entry-per-epoch", EACH_EPOCH, losses.reshape(task.epochs, per_epoch).mean(axis=1)),
        Mistake("one-entry-per-step", EACH_STEP, losses),
        Mistake("loss-after-update", AFTER, in_tens(later)),
        Mistake(
            "rest-not-dropped", REST, np.append(in_tens(losses), losses[whole:].mean() if whole < len(losses) else 0)
        ),
    ]


def _still(task: Task) -> Task:
    return Task(task.train, task.val, task.test, task.batch_size, task.held_out_batch, task.epochs, 0.0)


def train_accuracy_mistakes(task: Task, right: Trace) -> list[Mistake]:
    """Training accuracies of other images, or of another moment."""
    later = np.array([accuracy(right.twins[step + 1], task.batch(step)) for step in range(task.steps)])
    curve = in_tens(right.accuracies)
    return [
        Mistake("accuracy-after-update", ACCURACY_AFTER, in_tens(later)),
        Mistake("last-batch-only", LAST_BATCH, right.accuracies[EVERY - 1 :: EVERY]),
        Mistake("whole-training-set", WHOLE, scores(right, task.train)),
        Mistake("percent", PERCENT, 100 * curve),
        Mistake("count-not-fraction", COUNT, curve * EVERY * task.batch_size),
        Mistake("count-not-fraction", COUNT, curve * task.batch_size),
        Mistake("summed-not-averaged", SUMMED, curve * EVERY),
    ]


def held_out_mistakes(task: Task, trace: Trace, data: Data, swapped: Data) -> list[Mistake]:
    """Accuracies on validation or test images that are put together in the wrong way, or of other images."""
    size = task.held_out_batch

    def of_batch_means(twin: LinearTwin, held_out: Data) -> float:
        parts = [(held_out[0][i : i + size], held_out[1][i : i + size]) for i in range(0, len(held_out[0]), size)]
        return float(np.mean([accuracy(twin, part) for part in parts]))

    def of_first_batch(twin: LinearTwin, held_out: Data) -> float:
        return accuracy(twin, (held_out[0][:size], held_out[1][:size]))

    def percent(twin: LinearTwin, held_out: Data) -> float:
        return 100 * accuracy(twin, held_out)

    return [
        Mistake("mean-of-batch-means", BATCH_MEANS, lambda: scores(trace, data, of_batch_means)),
        Mistake("first-batch-only", FIRST_BATCH, lambda: scores(trace, data, of_first_batch)),
        Mistake("percent", PERCENT, lambda: scores(trace, data, percent)),
        Mistake("loaders-exchanged", SWAPPED, lambda: scores(trace, swapped)),
    ]


ZERO_GRAD = (
    "backward() adds to the gradients that are there. From the second batch on you step along the sum of all gradients "
    "so far. When do the old ones have to go?"
)
NO_UPDATE = (
    "the weights do not change. Clearing the gradients between backward() and step() leaves nothing to step along."
)
LAST_OF_TEN = "this is the loss of every tenth batch; the curve wants the mean of ten."
SUMMED = "this is a sum over ten batches; divide."
NOT_RESET = "losses of earlier tens are still in the sum. Start anew after each entry."
PER_EPOCH = "the count of steps starts anew in each epoch, so steps at the end of an epoch are lost. Count through."
EACH_EPOCH = "there is one entry for each epoch; the curve wants one for every ten steps."
EACH_STEP = "there is one entry for each step; the curve wants the mean of each ten."
AFTER = "the loss of a batch is that of its forward pass, before the update."
REST = "the last few steps, fewer than ten, get no entry."
ACCURACY_AFTER = (
    "these accuracies are of the network after each update. Use the logits that the loss was computed from."
)
LAST_BATCH = "this is the accuracy of every tenth batch alone; the curve wants the ten batches together."
WHOLE = (
    "this is the accuracy on the whole training set; the curve wants the ten batches of its step, which cost nothing."
)
PERCENT = "an accuracy is a fraction between 0 and 1; only figures show percent."
COUNT = "this is a number of images; divide by how many there were."
BATCH_MEANS = (
    "this is the mean of the batches' accuracies. The last batch is smaller, so its images count more than the "
    "others'. Count over all batches, divide once."
)
FIRST_BATCH = "only the first batch of the loader is used."
SWAPPED = "these are the accuracies on the images of another loader. Which belongs where?"
