"""Independent computations for chapter 12: image files from arrays, a classifier in NumPy, little image networks."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.special import softmax

from autograder.testing import compare, student_side

Array = NDArray[np.float64]
Pixels = NDArray[np.uint8]

CHANNELS, SIDE = 3, 4
FEATURES = 6
_RATE = 0.5
# How three families of networks call their head, the last linear layer.
HEADS = ("fc", "_fc", "classifier.6")


def png(pixels: Pixels) -> bytes:
    """A PNG file of grey (H, W), RGB (H, W, 3) or RGBA (H, W, 4) pixels: nothing is lost."""
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def random_pixels(seed: int, height: int, width: int, channels: int = 3) -> Pixels:
    """Random pixels, (height, width) for one channel, else (height, width, channels); a fourth channel is opaque."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    if channels == 4:
        pixels[:, :, 3] = 255
    return pixels


def rgb(pixels: Pixels) -> Array:
    """The same pixels as float64, (3, H, W): grey three times, without an opaque fourth channel."""
    colour = np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels[:, :, :3]
    return colour.transpose(2, 0, 1).astype(np.float64)


@dataclass(frozen=True)
class ImageTwin:
    """A linear classifier of RGB images of 4×4 pixels behind a batch normalisation of the channels.

    Attributes:
        weight, bias: (C, 48) and (C,).
        mean, variance: running statistics of the batch normalisation, (3,) each.
    """

    weight: Array
    bias: Array
    mean: Array
    variance: Array

    @classmethod
    def random(cls, seed: int, classes: int = 20) -> ImageTwin:
        """Weights near 0.3; running statistics far from those of any batch of standard normal pixels."""
        rng = np.random.default_rng(seed)
        weight = 0.3 * rng.standard_normal((classes, CHANNELS * SIDE**2))
        return cls(weight, rng.standard_normal(classes), rng.uniform(0.5, 1.0, 3), rng.uniform(2.0, 5.0, 3))

    def module(self) -> Any:
        """The same network as a PyTorch module beside the student's code."""
        nn = student_side.torch.nn
        module = nn.Sequential(nn.BatchNorm2d(CHANNELS), nn.Flatten(), nn.Linear(CHANNELS * SIDE**2, len(self.bias)))
        student_side.load_arrays(module, {"0.running_mean": self.mean, "0.running_var": self.variance})
        student_side.load_arrays(module, {"2.weight": self.weight, "2.bias": self.bias})
        return module

    def logits(self, images: Array) -> Array:
        """Logits (N, C) in evaluation mode for images (N, 3, 4, 4)."""
        mean, variance = self.mean[:, None, None], self.variance[:, None, None]
        pixels = (images - mean) / np.sqrt(variance + 1e-5)
        return pixels.reshape(len(images), -1) @ self.weight.T + self.bias

    def logits_in_train_mode(self, images: Array) -> Array:
        """Logits of one batch when its own mean and variance are used."""
        return replace(self, mean=images.mean(axis=(0, 2, 3)), variance=images.var(axis=(0, 2, 3))).logits(images)

    def probabilities(self, images: Array) -> Array:
        """Probabilities (N, C) in evaluation mode."""
        return np.asarray(softmax(self.logits(images), axis=1))


def random_images(seed: int, count: int) -> Array:
    """Random images (count, 3, 4, 4), standard normal."""
    return np.random.default_rng(seed).standard_normal((count, CHANNELS, SIDE, SIDE))


def little_network(head: str, classes: int, seed: int) -> Any:
    """A network with six features whose head is called as in ResNet, EfficientNet or VGG.

    Args:
        head: its full name, one of :data:`HEADS` or another. Before ``"classifier.6"`` there are two more linear layers
            and dropout, as in VGG.
        classes: outputs of its head, at least six.
    """
    torch = student_side.torch
    torch.manual_seed(seed)
    nn = torch.nn
    network = nn.Sequential()
    network.add_module("features", nn.Sequential(nn.Conv2d(3, FEATURES, 3), nn.BatchNorm2d(FEATURES), nn.ReLU()))
    network.add_module("pool", nn.AdaptiveAvgPool2d(1))
    network.add_module("flatten", nn.Flatten())
    if head == "classifier.6":
        first, second = nn.Linear(FEATURES, 9), nn.Linear(9, FEATURES)
        layers = first, nn.ReLU(), nn.Dropout(0.5), second, nn.ReLU(), nn.Dropout(0.5), nn.Linear(FEATURES, classes)
        network.add_module("classifier", nn.Sequential(*layers))
    else:
        *parents, name = head.split(".")
        owner = network
        for parent in parents:
            inner = nn.Sequential()
            owner.add_module(parent, inner)
            owner = inner
        owner.add_module(name, nn.Linear(FEATURES, classes))
    return network


def features(network: Any, head: str, images: Array) -> Array:
    """What reaches the head of a little network in evaluation mode, (N, 6); its head is overwritten for that."""
    classes = len(student_side.state_arrays(network)[f"{head}.bias"])
    identity = {f"{head}.weight": np.eye(classes, FEATURES), f"{head}.bias": np.zeros(classes)}
    student_side.load_arrays(network, identity)
    network.eval()
    return np.asarray(student_side.outputs(network, images)[:, :FEATURES], dtype=np.float64)


def moved_by_a_step(network: Any, head: str, images: Array, reached: Array) -> list[str]:
    """The names of the arrays that one step along the gradient changes: these are trainable.

    Args:
        head: the name of the last layer. If it moves, then to the values that are computed here.
        reached: what reaches the head for these images.

    Raises:
        CheckFailed: if the head has moved to other values.
    """
    before = student_side.state_arrays(network)
    weight, bias = f"{head}.weight", f"{head}.bias"
    labels = np.arange(len(images)) % len(before[bias])
    network.eval()
    student_side.take_step(network, images, labels, _RATE)
    after = student_side.state_arrays(network)
    moved = [name for name in before if not np.array_equal(before[name], after[name])]
    logits = reached @ before[weight].T + before[bias]
    slope = (softmax(logits, axis=1) - np.eye(len(before[bias]))[labels]) / len(images)
    for name, gradient in ((weight, slope.T @ reached), (bias, slope.sum(axis=0))):
        if name in moved:
            right = before[name] - _RATE * gradient
            compare(after[name], right, f"{name} after a step along the gradient", rtol=1e-3, atol=1e-4)
    return moved
