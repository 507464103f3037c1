"""Independent computations for chapter 07: a functional forward pass, and a linear classifier in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing import student_side

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

# Shapes of the six parameters of the network of the text; no two are equal, so a name is not needed.
CNN_SHAPES = {
    "first convolution": ((16, 1, 3, 3), (16,)),
    "second convolution": ((32, 16, 3, 3), (32,)),
    "linear layer": ((10, 512), (10,)),
}


def cnn_logits(
    state: dict[str, NDArray[Any]], images: Array, *, relu: Sequence[bool] = (True, True), pool: str = "max"
) -> Array:
    """Logits of the network of the text, from its parameters, found by their shapes.

    Args:
        images: (N, 1, 8, 8).
        relu: whether each of the two activations is there.
        pool: ``"max"`` or ``"average"``.
    """
    found = {array.shape: torch.as_tensor(array) for array in state.values()}
    (k1, b1), (k2, b2), (w, b) = ([found[shape] for shape in pair] for pair in CNN_SHAPES.values())
    x = torch.as_tensor(images, dtype=torch.float32)
    for kernel, bias, active in ((k1, b1, relu[0]), (k2, b2, relu[1])):
        x = F.conv2d(x, kernel, bias, padding=1)
        x = x.clamp(min=0) if active else x
    x = F.max_pool2d(x, 2) if pool == "max" else F.avg_pool2d(x, 2)
    return np.asarray((x.reshape(len(x), 512) @ w.T + b).double().numpy())


@dataclass(frozen=True)
class LinearTwin:
    """A linear classifier of 8×8 images in float64, optionally behind a batch normalisation of the pixels.

    Attributes:
        weight, bias: (10, 64) and (10,).
        statistics: running mean and variance of the batch normalisation, (64,) each; None without one.
    """

    weight: Array
    bias: Array
    statistics: tuple[Array, Array] | None = None

    @classmethod
    def random(cls, seed: int, normalised: bool = False) -> LinearTwin:
        """Weights near 0.2; running statistics far from those of any batch of pixels between 0 and 1."""
        rng = np.random.default_rng(seed)
        weight, bias = 0.2 * rng.standard_normal((10, 64)), rng.standard_normal(10)
        if not normalised:
            return cls(weight, bias)
        return cls(weight, bias, (rng.uniform(0.0, 0.3, 64), rng.uniform(0.5, 4.0, 64)))

    def module(self) -> Any:
        """The same network as a PyTorch module beside the student's code."""
        nn = student_side.torch.nn
        linear, flat = nn.Linear(64, 10), nn.Flatten()
        if self.statistics is None:
            module = nn.Sequential(flat, linear)
            student_side.load_arrays(module, {"1.weight": self.weight, "1.bias": self.bias})
        else:
            module = nn.Sequential(flat, nn.BatchNorm1d(64), linear)
            mean, variance = self.statistics
            student_side.load_arrays(module, {"1.running_mean": mean, "1.running_var": variance})
            student_side.load_arrays(module, {"2.weight": self.weight, "2.bias": self.bias})
        return module

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
        return float(-np.mean(np.sum(_targets(labels, smoothing) * log_softmax(self.logits(images), axis=1), axis=1)))

    def gradients(self, images: Array, labels: Labels, smoothing: float = 0.0) -> tuple[Array, Array]:
        """Gradients of that loss with respect to weight and bias, without a batch normalisation."""
        delta = (self.probabilities(images) - _targets(labels, smoothing)) / len(images)
        return delta.T @ images.reshape(len(images), 64), delta.sum(axis=0)

    def moved(self, gradients: tuple[Array, Array], rate: float) -> LinearTwin:
        """The classifier after one step against these gradients."""
        return replace(self, weight=self.weight - rate * gradients[0], bias=self.bias - rate * gradients[1])


def _targets(labels: Labels, smoothing: float) -> Array:
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


def random_images(count: int, seed: int) -> tuple[Array, Labels]:
    """Random images (count, 1, 8, 8) with pixels in [0, 1), and random labels."""
    rng = np.random.default_rng(seed)
    return rng.random((count, 1, 8, 8)), rng.integers(0, 10, count)
