"""Closed forms for what chapters 07, 08, 09 and 11 do to a linear classifier: both modes, gradients, an epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import log_softmax, softmax

from workbook.linear_classifier import Array, Labels, LinearClassifier


class LinearTwin(LinearClassifier):
    """A linear classifier with what it computes, in float64."""

    def logits(self, images: Array) -> Array:
        """Logits (N, 10) in evaluation mode for images of shape (N, 1, 8, 8)."""
        pixels = images.reshape(len(images), 64)
        if self.statistics is not None:
            mean, variance = self.statistics
            pixels = (pixels - mean) / np.sqrt(variance + 1e-5)
        return pixels @ self.weight.T + self.bias

    def logits_in_train_mode(self, images: Array) -> Array:
        """Logits of one batch when its own mean and variance are used."""
        pixels = images.reshape(len(images), 64)
        return replace(self, statistics=(pixels.mean(axis=0), pixels.var(axis=0))).logits(images)

    def probabilities(self, images: Array) -> Array:
        """Probabilities (N, 10) in evaluation mode."""
        return np.asarray(softmax(self.logits(images), axis=1))

    def loss(self, images: Array, labels: Labels, smoothing: float = 0.0) -> float:
        """Mean cross-entropy against one-hot targets, smoothed as ``torch.nn.CrossEntropyLoss`` does."""
        return float(-np.mean(np.sum(targets(labels, smoothing) * log_softmax(self.logits(images), axis=1), axis=1)))

    def gradients(self, images: Array, labels: Labels, smoothing: float = 0.0) -> tuple[Array, Array]:
        """Gradients of that loss with respect to weight and bias, without a batch normalisation."""
        delta = (self.probabilities(images) - targets(labels, smoothing)) / len(images)
        return delta.T @ images.reshape(len(images), 64), delta.sum(axis=0)

    def gradient_in_train_mode(self, images: Array, labels: Labels, batch_size: int) -> Array:
        """The sum over batches of the weight's gradient, each batch normalised by its own mean and variance."""
        total = np.zeros_like(self.weight)
        for x, y in _batches(images, labels, batch_size):
            pixels = x.reshape(len(x), 64)
            normal = (pixels - pixels.mean(axis=0)) / np.sqrt(pixels.var(axis=0) + 1e-5)
            total += (softmax(normal @ self.weight.T + self.bias, axis=1) - np.eye(10)[y]).T @ normal / len(x)
        return total

    def losses_in_train_mode(self, images: Array, labels: Labels, batch_size: int) -> Array:
        """The mean cross-entropy of each batch, normalised by its own mean and variance."""
        logits = [(self.logits_in_train_mode(x), y) for x, y in _batches(images, labels, batch_size)]
        return np.array([-log_softmax(z, axis=1)[np.arange(len(y)), y].mean() for z, y in logits])

    def moved(self, gradients: tuple[Array, Array], rate: float) -> LinearTwin:
        """The classifier after one step against these gradients."""
        return replace(self, weight=self.weight - rate * gradients[0], bias=self.bias - rate * gradients[1])


def _batches(images: Array, labels: Labels, size: int) -> list[tuple[Array, Labels]]:
    return [(images[start : start + size], labels[start : start + size]) for start in range(0, len(images), size)]


def targets(labels: Labels, smoothing: float) -> Array:
    """One-hot rows (N, 10), smoothed as ``torch.nn.CrossEntropyLoss`` does."""
    return np.asarray((1 - smoothing) * np.eye(10)[labels] + smoothing / 10)


@dataclass(frozen=True)
class Epoch:
    """What an epoch of plain gradient descent on a linear classifier leaves behind.

    Attributes:
        twin: the classifier afterwards.
        losses: the loss of each batch before its step.
        later_losses: the loss of each batch after its step.
        sizes: images in each batch.
    """

    twin: LinearTwin
    losses: Array
    later_losses: Array
    sizes: Array

    @property
    def mean_loss(self) -> float:
        """The mean of the losses over samples."""
        return float(np.average(self.losses, weights=self.sizes))


def descend(
    twin: LinearTwin, images: Array, labels: Labels, batch_size: int, rate: float, *,
    smoothing: float = 0.0, accumulate: bool = False,
) -> Epoch:  # fmt: skip
    """Follow one epoch in closed form.

    Args:
        accumulate: True to add up the gradients of all batches so far, as happens when they are never cleared.
    """
    losses, later, sizes = [], [], []
    total = np.zeros((10, 64)), np.zeros(10)
    for start in range(0, len(images), batch_size):
        x, y = images[start : start + batch_size], labels[start : start + batch_size]
        fresh = twin.gradients(x, y, smoothing)
        total = (total[0] + fresh[0], total[1] + fresh[1]) if accumulate else fresh
        losses.append(twin.loss(x, y, smoothing))
        twin = twin.moved(total, rate)
        later.append(twin.loss(x, y, smoothing))
        sizes.append(len(x))
    return Epoch(twin, np.array(losses), np.array(later), np.array(sizes))
