"""What a small image classifier answers, right and wrong, and rankings of probabilities.

Arguments are those of the checks: a seed for the classifier, of which the next one is that of its images.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax

from autograder.testing.answers import Formulas
from workbook.chapter12.inputs import Array, ImageClassifier, random_images

# Wrong values of a wide output would be most of the recorded file, and narrower cases name the same mistakes.
_WIDE = 100


class ImageTwin(ImageClassifier):
    """The classifier with what it computes, in float64."""

    def logits(self, images: Array) -> Array:
        """Logits (N, C) in evaluation mode for images (N, 3, 4, 4)."""
        mean, variance = self.mean[:, None, None], self.variance[:, None, None]
        pixels = (images - mean) / np.sqrt(variance + 1e-5)
        return pixels.reshape(len(images), -1) @ self.weight.T + self.bias

    def logits_in_train_mode(self, images: Array) -> Array:
        """Logits of one batch when its own mean and variance are used."""
        return replace(self, mean=images.mean(axis=(0, 2, 3)), variance=images.var(axis=(0, 2, 3))).logits(images)


def _classified(seed: int, count: int, classes: int) -> tuple[ImageTwin, Array]:
    return ImageTwin.random(seed, classes), random_images(seed + 1, count)


def _batches(rows: Array, size: int) -> list[Array]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _short(values: Array) -> Array:
    """Seven decimals: checks compare single precision."""
    return np.asarray(np.round(values, 7))


def probabilities(seed: int, count: int, _batch_size: int, classes: int) -> Array:
    """Probabilities (N, C) in evaluation mode; batches make no difference."""
    twin, images = _classified(seed, count, classes)
    return _short(softmax(twin.logits(images), axis=1))


def probabilities_mistakes(seed: int, count: int, batch_size: int, classes: int) -> Formulas:
    """Answers that are not probabilities, or those of a model in the wrong mode, or not all of them."""
    if classes > _WIDE:
        return
    twin, images = _classified(seed, count, classes)
    logits = twin.logits(images)
    right = softmax(logits, axis=1)
    noisy = [twin.logits_in_train_mode(batch) for batch in _batches(images, batch_size)]
    yield "softmax-missing", lambda: _short(logits)
    yield "softmax-twice", lambda: _short(softmax(right, axis=1))
    yield (
        "softmax-over-the-batch",
        lambda: _short(np.concatenate([softmax(batch, axis=0) for batch in _batches(logits, batch_size)])),
    )
    yield "softmax-over-the-batch", lambda: _short(softmax(logits, axis=0))
    yield "log-probabilities", lambda: _short(log_softmax(logits, axis=1))
    yield "predicted-in-train-mode", lambda: _short(softmax(np.concatenate(noisy), axis=1))
    yield "sigmoid-not-softmax", lambda: _short(expit(logits))
    yield "last-batch-only", lambda: _short(_batches(right, batch_size)[-1])
    yield "first-batch-only", lambda: _short(_batches(right, batch_size)[0])
    yield "labels-not-probabilities", lambda: right.argmax(axis=1)


def best(rows: Array, k: int) -> NDArray[Any]:
    """The numbers (N, k) of the k most probable categories of each row, the most probable first."""
    return np.argsort(-rows, axis=1)[:, :k]


def best_mistakes(rows: Array, k: int) -> Formulas:
    """Wrong rankings; arguments of :func:`best`."""
    order, (count, categories) = np.argsort(-rows, axis=1), rows.shape
    yield "ascending", lambda: order[:, ::-1][:, :k]
    yield "ascending", lambda: order[:, :k][:, ::-1]
    yield "not-sorted", lambda: np.sort(order[:, :k], axis=1)
    yield "not-sorted", lambda: np.tile(np.arange(k), (count, 1))
    yield "labels-off-by-one", lambda: (order[:, :k] + 1) % categories
    yield "labels-off-by-one", lambda: (order[:, :k] - 1) % categories
    yield "best-left-out", lambda: order[:, 1 : k + 1]
