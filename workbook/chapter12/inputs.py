"""What chapter 12's checks give to students' functions: pictures, their files, and a classifier of small images."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from autograder.testing import student_side

Array = NDArray[np.float64]
Pixels = NDArray[np.uint8]

CHANNELS, SIDE = 3, 4


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


def random_images(seed: int, count: int) -> Array:
    """Random images (count, 3, 4, 4), standard normal."""
    return np.random.default_rng(seed).standard_normal((count, CHANNELS, SIDE, SIDE))


@dataclass(frozen=True)
class ImageClassifier:
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
    def random(cls, seed: int, classes: int = 20) -> Self:
        """Weights near 0.3; running statistics far from those of any batch of standard normal pixels."""
        rng = np.random.default_rng(seed)
        weight = 0.3 * rng.standard_normal((classes, CHANNELS * SIDE**2))
        return cls(weight, rng.standard_normal(classes), rng.uniform(0.5, 1.0, 3), rng.uniform(2.0, 5.0, 3))

    def module(self) -> Any:
        """The network as a PyTorch module next to the student's code."""
        nn = student_side.torch.nn
        module = nn.Sequential(nn.BatchNorm2d(CHANNELS), nn.Flatten(), nn.Linear(CHANNELS * SIDE**2, len(self.bias)))
        student_side.load_arrays(module, {"0.running_mean": self.mean, "0.running_var": self.variance})
        student_side.load_arrays(module, {"2.weight": self.weight, "2.bias": self.bias})
        return module
