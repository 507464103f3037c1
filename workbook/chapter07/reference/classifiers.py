"""What right and wrong loops of chapter 07 make of linear classifiers: trained, evaluated and used for predictions.

Arguments are those of the checks: a seed for the classifier, of which the next one is that of its images.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import expit, log_softmax, softmax

from autograder.testing.answers import Formulas
from workbook.linear_classifier import Array, Labels, random_images
from workbook.reference.pipeline import Epoch, LinearTwin, descend


def _normalised(seed: int, count: int) -> tuple[LinearTwin, Array]:
    return LinearTwin.random(seed, normalised=True), random_images(count, seed + 1)[0]


def _batches(rows: Array, size: int) -> list[Array]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _short(values: Array) -> Array:
    """Seven decimals: checks compare single precision."""
    return np.asarray(np.round(values, 7))


# --- training -------------------------------------------------------------------------------------------------------


def _last_epoch(
    seed: int, count: int, batch_size: int, rate: float, epochs: int, smoothing: float,
    *, accumulate: bool = False, first_batch: bool = False, plain: bool = False,
) -> Epoch:  # fmt: skip
    """The last of some epochs, after others that were right."""
    twin, (images, labels) = LinearTwin.random(seed), random_images(count, seed + 1)
    for _ in range(epochs - 1):
        twin = descend(twin, images, labels, batch_size, rate, smoothing=smoothing).twin
    used = slice(batch_size if first_batch else count)
    data = images[used], labels[used]
    return descend(twin, *data, batch_size, rate, smoothing=0.0 if plain else smoothing, accumulate=accumulate)


def weight(seed: int, count: int, batch_size: int, rate: float, epochs: int, smoothing: float) -> Array:
    """The weight (10, 64) after ``epochs`` epochs of plain SGD, with the labels smoothed."""
    return _short(_last_epoch(seed, count, batch_size, rate, epochs, smoothing).twin.weight)


def weight_mistakes(*given: Any) -> Formulas:
    """Weights after an epoch in which a step was left out or came at the wrong time; arguments of :func:`weight`."""
    yield "zero-grad-forgotten", lambda: _short(_last_epoch(*given, accumulate=True).twin.weight)
    yield "first-batch-only", lambda: _short(_last_epoch(*given, first_batch=True).twin.weight)
    yield "loss-function-ignored", lambda: _short(_last_epoch(*given, plain=True).twin.weight)


def mean_loss(*given: Any) -> float:
    """The mean loss over the images of the last epoch; arguments of :func:`weight`."""
    return _last_epoch(*given).mean_loss


def mean_loss_mistakes(*given: Any) -> Formulas:
    """Reported losses that are not a mean over samples, or of another moment; arguments of :func:`weight`."""
    right = _last_epoch(*given)
    losses, sizes = right.losses, right.sizes
    weighted, batches, count = float(losses @ sizes), len(losses), int(sizes.sum())
    yield "mean-of-batch-means", lambda: losses.mean()
    yield "summed-not-averaged", lambda: losses.sum()
    yield "summed-not-averaged", lambda: weighted
    yield "divided-by-the-wrong-count", lambda: weighted / batches
    yield "divided-by-the-wrong-count", lambda: losses.sum() / count
    yield "last-batch-only", lambda: losses[-1]
    yield "loss-after-update", lambda: np.average(right.later_losses, weights=sizes)
    yield "loss-function-ignored", lambda: _last_epoch(*given, plain=True).mean_loss


def train_mode_loss(seed: int, count: int, batch_size: int) -> float:
    """The mean loss in training mode, batches of the same size, of a classifier that is not changed."""
    twin = LinearTwin.random(seed, normalised=True)
    return float(twin.losses_in_train_mode(*random_images(count, seed + 1), batch_size).mean())


def train_mode_gradient(seed: int, count: int, batch_size: int) -> Array:
    """The sum of the weight's gradients of all batches in training mode, (10, 64)."""
    twin = LinearTwin.random(seed, normalised=True)
    return _short(twin.gradient_in_train_mode(*random_images(count, seed + 1), batch_size))


# --- evaluation and prediction --------------------------------------------------------------------------------------


def labels(seed: int, right: Sequence[int]) -> Labels:
    """Labels of which the classifier, with batch normalisation, gets those right that are marked 1."""
    twin, images = _normalised(seed, len(right))
    return np.asarray((twin.logits(images).argmax(axis=1) + 1 - np.array(right)) % 10)


def train_mode_logits(seed: int, count: int) -> Array:
    """Logits of all images as one batch, in training mode."""
    twin, images = _normalised(seed, count)
    return _short(twin.logits_in_train_mode(images))


def accuracy(_seed: int, right: Sequence[int], _batch_size: int) -> float:
    """The share of right answers; batches make no difference."""
    return float(np.mean(right))


def accuracy_mistakes(seed: int, right: Sequence[int], batch_size: int) -> Formulas:
    """Accuracies of a model in the wrong mode, or put together in the wrong way."""
    twin, images = _normalised(seed, len(right))
    shares = [np.mean(right[start : start + batch_size]) for start in range(0, len(right), batch_size)]
    noisy = [twin.logits_in_train_mode(batch).argmax(axis=1) for batch in _batches(images, batch_size)]
    share = float(np.mean(right))
    yield "evaluated-in-train-mode", lambda: np.mean(np.concatenate(noisy) == labels(seed, right))
    yield "mean-of-batch-means", lambda: np.mean(shares)
    yield "percent", lambda: 100 * share
    yield "count-not-fraction", lambda: sum(right)
    yield "divided-by-the-wrong-count", lambda: sum(right) / len(shares)
    yield "divided-by-the-wrong-count", lambda: share / batch_size
    yield "last-batch-only", lambda: shares[-1]
    yield "first-batch-only", lambda: shares[0]
    yield "error-not-accuracy", lambda: 1 - share


def probabilities(seed: int, count: int, _batch_size: int) -> Array:
    """Probabilities (N, 10) in evaluation mode; batches make no difference."""
    twin, images = _normalised(seed, count)
    return _short(twin.probabilities(images))


def probabilities_mistakes(seed: int, count: int, batch_size: int) -> Formulas:
    """Answers that are not probabilities, or those of a model in the wrong mode, or not all of them."""
    twin, images = _normalised(seed, count)
    logits = twin.logits(images)
    right = softmax(logits, axis=1)
    noisy = [twin.logits_in_train_mode(batch) for batch in _batches(images, batch_size)]
    yield "logits-not-probabilities", lambda: _short(logits)
    yield "softmax-twice", lambda: _short(softmax(right, axis=1))
    yield (
        "softmax-over-the-batch",
        lambda: _short(np.concatenate([softmax(batch, axis=0) for batch in _batches(logits, batch_size)])),
    )
    yield "softmax-over-the-batch", lambda: _short(softmax(logits, axis=0))
    yield "log-probabilities", lambda: _short(log_softmax(logits, axis=1))
    yield "evaluated-in-train-mode", lambda: _short(softmax(np.concatenate(noisy), axis=1))
    yield "sigmoid-not-softmax", lambda: _short(expit(logits))
    yield "last-batch-only", lambda: _short(_batches(right, batch_size)[-1])
    yield "first-batch-only", lambda: _short(_batches(right, batch_size)[0])
    yield "labels-not-probabilities", lambda: right.argmax(axis=1)
