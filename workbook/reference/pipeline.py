"""Independent computations for chapter 07: a functional forward pass, and a linear classifier in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
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


def likely_logits(state: Mapping[str, NDArray[Any]], images: Array) -> Iterator[Array]:
    """Logits of every network of two convolutions and a linear layer that these arrays could belong to.

    Its padding, its pooling and its activations are not known: all that fit the linear layer are tried.
    """
    kernels = sorted((a for a in state.values() if a.ndim == 4), key=lambda kernel: kernel.shape[1])
    linear = [a for a in state.values() if a.ndim == 2]
    if len(kernels) != 2 or len(linear) != 1 or kernels[0].shape[1] != 1 or kernels[1].shape[1] != len(kernels[0]):
        return
    biases = {len(a): torch.as_tensor(a) for a in state.values() if a.ndim == 1}
    activations: tuple[Callable[[torch.Tensor], torch.Tensor], ...] = (
        torch.relu,
        torch.tanh,
        torch.sigmoid,
        lambda x: x,
    )
    pools: tuple[tuple[int, Callable[[torch.Tensor], torch.Tensor]], ...] = (
        (2, lambda x: F.max_pool2d(x, 2)),
        (2, lambda x: F.avg_pool2d(x, 2)),
        (1, lambda x: x),
    )
    for paddings, (parts, pool) in product(product((0, 1), repeat=2), pools):
        size = images.shape[-1] + sum(2 * p + 1 - k.shape[-1] for k, p in zip(kernels, paddings, strict=True))
        if len(kernels[1]) * (size // parts) ** 2 != linear[0].shape[1]:
            continue
        for active in product(activations, repeat=2):
            x = torch.as_tensor(images, dtype=torch.float32)
            for kernel, padding, activate in zip(kernels, paddings, active, strict=True):
                x = activate(F.conv2d(x, torch.as_tensor(kernel), biases.get(len(kernel)), padding=padding))
            x = F.linear(pool(x).flatten(start_dim=1), torch.as_tensor(linear[0]), biases.get(len(linear[0])))
            yield np.asarray(x.double().numpy())


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


def normalised_logits(state: Mapping[str, NDArray[Any]], images: Array, own_statistics: bool) -> Array:
    """Logits of the module of a twin with batch normalisation, from its arrays as they are now.

    Args:
        own_statistics: True for the mean and variance of these images, as in training mode.
    """
    pixels = images.reshape(len(images), 64)
    mean, variance = state["1.running_mean"], state["1.running_var"]
    if own_statistics:
        mean, variance = pixels.mean(axis=0), pixels.var(axis=0)
    scale, shift = state.get("1.weight", 1.0), state.get("1.bias", 0.0)
    normal = (pixels - mean) / np.sqrt(variance + 1e-5) * scale + shift
    return np.asarray(normal @ state["2.weight"].T + state["2.bias"], dtype=np.float64)


def is_training(module: Any, images: Array) -> bool:
    """Whether the module of a twin with batch normalisation is in training mode: seen by what it returns."""
    state = student_side.state_arrays(module)
    got = student_side.outputs(module, images)
    right = normalised_logits(state, images, own_statistics=True)
    return got.shape == right.shape and np.allclose(got, right, rtol=1e-2, atol=1e-3)


def follows(before: Array, after: Array, gradient: Array) -> bool:
    """True where weights have moved against a gradient: steps of any length, several of them, with or without momentum.

    Random changes of 640 weights have a cosine below 0.2 with whatever direction.
    """
    change = np.asarray(after, dtype=np.float64) - before
    size = float(np.linalg.norm(change) * np.linalg.norm(gradient))
    return bool(np.isfinite(size)) and size > 0 and -float(np.vdot(change, gradient)) / size > 0.3


def random_images(count: int, seed: int) -> tuple[Array, Labels]:
    """Random images (count, 1, 8, 8) with pixels in [0, 1), and random labels."""
    rng = np.random.default_rng(seed)
    return rng.random((count, 1, 8, 8)), rng.integers(0, 10, count)
