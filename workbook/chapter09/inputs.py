"""What chapter 09's checks give to students' functions: networks with known parameters, and images for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autograder.testing import student_side

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Gradients = dict[str, Array]
# A layer: its class in torch.nn, its sizes, and whether it has a bias where it could have one.
Layer = tuple[str, tuple[int, ...], bool]

FIRST, LAST = "1.weight", "3.weight"
INPUTS, HIDDEN, CLASSES = 12, 5, 3


@dataclass(frozen=True)
class TwoLayerNetwork:
    """Flatten, linear, tanh, linear.

    Attributes:
        state: ``1.weight`` (5, 12), ``1.bias`` (5,), ``3.weight`` (3, 5) and ``3.bias`` (3,), in float64.
    """

    state: Gradients

    @classmethod
    def random(cls, seed: int) -> Self:
        """A network with random parameters that float32 holds exactly."""
        rng = np.random.default_rng(seed)
        shapes = {FIRST: (HIDDEN, INPUTS), "1.bias": (HIDDEN,), LAST: (CLASSES, HIDDEN), "3.bias": (CLASSES,)}
        draw = {name: (0.6 * rng.standard_normal(shape)).astype(np.float32) for name, shape in shapes.items()}
        return cls({name: array.astype(np.float64) for name, array in draw.items()})

    def module(self) -> Any:
        """The network as a PyTorch module next to the student's code."""
        nn = student_side.torch.nn
        module = nn.Sequential(nn.Flatten(), nn.Linear(INPUTS, HIDDEN), nn.Tanh(), nn.Linear(HIDDEN, CLASSES))
        student_side.load_arrays(module, self.state)
        return module


def random_batch(count: int, seed: int) -> tuple[Array, Labels]:
    """Random images (count, 1, 3, 4) that float32 holds exactly, and random labels from 0 to 2."""
    rng = np.random.default_rng(seed)
    images = rng.standard_normal((count, 1, 3, 4)).astype(np.float32)
    return images.astype(np.float64), rng.integers(0, CLASSES, count)


def coloured_batches(steps: int, seed: int) -> list[tuple[Array, Labels]]:
    """Batches of two random images (3, 32, 32) with labels from 0 to 9."""
    rng = np.random.default_rng(seed)
    images, labels = rng.standard_normal((2 * steps, 3, 32, 32)), rng.integers(0, 10, 2 * steps)
    return [(images[i : i + 2], labels[i : i + 2]) for i in range(0, 2 * steps, 2)]


# --- networks of any layers -----------------------------------------------------------------------------------------


def layer(kind: str, *sizes: int, bias: bool = True) -> Layer:
    """A layer as plain data, such as ``layer("Conv2d", 3, 4, 3, bias=False)``."""
    return kind, sizes, bias


def made(nn: Any, layers: Sequence[Layer]) -> list[Any]:
    """The modules of these layers.

    Args:
        nn: ``torch.nn``, of this process or next to the student's code.
    """
    return [getattr(nn, kind)(*sizes, **({} if bias else {"bias": False})) for kind, sizes, bias in layers]


def with_weights(layers: Sequence[Layer]) -> list[int]:
    """The numbers of the linear layers and convolutions."""
    return [number for number, (kind, _, _) in enumerate(layers) if kind in ("Linear", "Conv2d")]


def known_parameters(layers: Sequence[Layer]) -> dict[int, dict[str, NDArray[np.float32]]]:
    """Parameters of the linear layers and convolutions by their numbers, drawn as PyTorch draws them."""
    return {number: _drawn(layers[number], number) for number in with_weights(layers)}


def _drawn(layer: Layer, number: int) -> dict[str, NDArray[np.float32]]:
    kind, (inputs, outputs, *kernel), bias = layer
    shape = (outputs, inputs, *(2 * kernel if kind == "Conv2d" else ()))
    rng, bound = np.random.default_rng((9, number)), 1 / np.sqrt(np.prod(shape[1:]))
    values = {"weight": rng.uniform(-bound, bound, shape).astype(np.float32)}
    if bias:
        values["bias"] = rng.uniform(-bound, bound, outputs).astype(np.float32)
    return values
