"""What chapter 08's checks give to students' code: requests, parameters, pictures, layers and training tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from workbook.linear_classifier import Array, Labels, LinearClassifier, random_images

Data = tuple[Array, Labels]
Arrays = dict[str, NDArray[np.float32]]
NAMES = ("mlp_1", "mlp_2", "cnn_3", "cnn_4", "cnn_5")


@dataclass(frozen=True)
class Request:
    """One call of ``build``: the arguments by name."""

    name: str
    num_classes: int = 10
    padding: str = "valid"
    activation: str = "relu"
    head: int | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What to hand to ``build`` besides the name: only what differs from its defaults."""
        default = Request(self.name)
        names = ("num_classes", "padding", "activation", "head")
        return {key: getattr(self, key) for key in names if getattr(self, key) != getattr(default, key)}

    @property
    def key(self) -> tuple[Any, ...]:
        """All arguments, as plain data."""
        return astuple(self)

    def __str__(self) -> str:
        return f"build({', '.join([repr(self.name), *(f'{k}={v!r}' for k, v in self.arguments.items())])})"


# --- parameters of networks, by layer -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layer:
    """The shapes of a layer with parameters; ``bias`` is None where there is none."""

    weight: tuple[int, ...]
    bias: tuple[int, ...] | None


def layers_of(table: NDArray[Any]) -> list[Layer]:
    """The layers of a table (L, 5): the axes of a weight, filled up with zeros, and the length of its bias, or zero."""
    return [Layer(tuple(n for n in row[:4] if n), (row[4],) if row[4] else None) for row in table.tolist()]


def table_of(layers: Sequence[Layer]) -> NDArray[np.int64]:
    """The table of these layers, as :func:`layers_of` reads it."""
    rows = [[*layer.weight, *[0] * (4 - len(layer.weight)), *(layer.bias or (0,))] for layer in layers]
    return np.array(rows, dtype=np.int64)


def layer_values(layers: Sequence[Layer], seed: int) -> list[Arrays]:
    """A weight and, where the layer has one, a bias for each layer: drawn by its number in the order of use.

    They are large enough that each activation and each bias matters.
    """
    return [_drawn(layer, np.random.default_rng((seed, number))) for number, layer in enumerate(layers)]


def _drawn(layer: Layer, rng: np.random.Generator) -> Arrays:
    spread = np.sqrt(2.0 / np.prod(layer.weight[1:]))
    values = {"weight": (spread * rng.standard_normal(layer.weight)).astype(np.float32)}
    if layer.bias is not None:
        values["bias"] = (0.5 * rng.standard_normal(layer.bias)).astype(np.float32)
    return values


def norm_values(channels: int, seed: int) -> Arrays:
    """Factors (some negative), shifts and running statistics of a batch normalisation of so many channels."""
    rng = np.random.default_rng((seed, channels))
    draw = {name: 0.5 * rng.standard_normal(channels) for name in ("weight", "bias", "running_mean")}
    draw["running_var"] = rng.uniform(0.5, 2.0, channels)
    return {name: array.astype(np.float32) for name, array in draw.items()}


def pictures(count: int, seed: int, shape: tuple[int, int, int]) -> Array:
    """Random images (count, channels, rows, columns)."""
    return np.random.default_rng(seed + 1).standard_normal((count, *shape))


def linear_pair(
    sizes: tuple[int, int, int], seed: int, biases: tuple[bool, bool]
) -> tuple[list[dict[str, Array]], Array]:
    """Parameters of two linear layers, one after the other, and five inputs for them."""
    rng = np.random.default_rng(seed)
    pair = []
    for i, bias in enumerate(biases):
        values = {"weight": rng.standard_normal((sizes[i + 1], sizes[i]))}
        if bias:
            values["bias"] = rng.standard_normal(sizes[i + 1])
        pair.append(values)
    return pair, rng.standard_normal((5, sizes[0]))


# --- training -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """A small training task: batches in a fixed order, plain gradient descent.

    Attributes:
        seed: of the images and of a random linear teacher, who gives the labels, so that accuracies move.
        batches: of the training loader.
        batch_size: of the training loader.
        epochs, rate: of the training.
        missing: how many images the last batch of an epoch has less than the others.
        held_out_batch: of the two other loaders; it leaves a smaller last batch.
    """

    seed: int
    batches: int = 7
    batch_size: int = 4
    epochs: int = 3
    rate: float = 0.4
    missing: int = 0
    held_out_batch: ClassVar[int] = 16

    @cached_property
    def train(self) -> Data:
        """Images (N, 1, 8, 8) with pixels around zero, and labels that a linear classifier can learn."""
        return self._data(0, self.batches * self.batch_size - self.missing)

    @cached_property
    def val(self) -> Data:
        """As ``train``, for validation."""
        return self._data(1, 34)

    @cached_property
    def test(self) -> Data:
        """As ``train``, for the end."""
        return self._data(2, 43)

    def _data(self, part: int, count: int) -> Data:
        images = random_images(count, self.seed + 2 + part)[0] - 0.5
        teacher = LinearClassifier.random(self.seed + 1).weight
        return images, (images.reshape(count, 64) @ teacher.T).argmax(axis=1)

    @property
    def key(self) -> tuple[Any, ...]:
        """All that the task is made from, as plain data."""
        return astuple(self)

    @property
    def steps(self) -> int:
        """Optimizer steps in all."""
        return self.epochs * self.batches

    def batch(self, step: int) -> Data:
        """The images and labels of step number ``step``, from 0."""
        start = step % self.batches * self.batch_size
        return self.train[0][start : start + self.batch_size], self.train[1][start : start + self.batch_size]
