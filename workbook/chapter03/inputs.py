"""Inputs of chapter 03's checks: random numbers from fixed seeds, so that right values can be recorded."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Network = tuple[Array, list[Array]]


def batch_of(count: int, width: int, seed: int = 0) -> Array:
    """Random inputs (count, width) in [0, 1) whose last column is ones."""
    batch = np.random.default_rng(seed).random((count, width))
    batch[:, -1] = 1.0
    return batch


def some_weights(layer_sizes: Sequence[int], seed: int = 0, scale: float = 1.5) -> list[Array]:
    """Random weight matrices for these layers, uniform between -scale and scale."""
    rng = np.random.default_rng(seed)
    return [rng.uniform(-scale, scale, shape) for shape in itertools.pairwise(layer_sizes)]


def some_labels(count: int, num_classes: int, seed: int = 0) -> Labels:
    """Random labels (count,); the highest class occurs."""
    labels = np.random.default_rng(seed).integers(0, num_classes, count)
    labels[0] = num_classes - 1
    return labels


def some_targets(count: int, num_classes: int, seed: int = 0) -> Array:
    """Random one-hot rows (count, num_classes)."""
    return np.random.default_rng(seed).multinomial(1, np.full(num_classes, 1 / num_classes), count).astype(np.float64)


def images(count: int, width: int, seed: int = 1) -> Array:
    """Random inputs (count, width) in [0, 1), without a column of ones."""
    return np.random.default_rng(seed).random((count, width))


def network(count: int, layer_sizes: Sequence[int], seed: int, scale: float = 1.5) -> Network:
    """A batch of ``count`` samples for a network with layers of these sizes, and its weights."""
    return batch_of(count, layer_sizes[0], seed), some_weights(layer_sizes, seed + 1, scale)


# Number of samples, sizes of the layers, a seed and the size of the weights. One hidden layer, three, none; one sample;
# as many samples as classes; large scores.
FORWARD: tuple[tuple[Any, ...], ...] = (
    (6, (4, 5, 3), 0), (4, (5, 3, 6, 4, 3), 21), (5, (3, 4), 23), (1, (4, 6, 5), 25), (4, (3, 5, 4), 27),
    (7, (3, 4, 5), 29, 3e3),
)  # fmt: skip
# One hidden layer, two, none; one sample; as many samples as classes and units.
BACKWARD: tuple[tuple[int, tuple[int, ...], int], ...] = (
    (6, (4, 5, 3), 0), (5, (3, 4, 5, 3), 41), (4, (4, 3), 44), (1, (3, 4, 3), 47), (4, (4, 4, 4), 49),
)  # fmt: skip


def backward_inputs(count: int, layer_sizes: Sequence[int], seed: int) -> tuple[Array, Array, list[Array]]:
    """The batch, one-hot targets and the weights of a network."""
    batch, weights = network(count, layer_sizes, seed)
    return batch, some_targets(count, layer_sizes[-1], seed + 2), weights


def hidden_layer_inputs(at: int, *given: Any) -> tuple[int, Array, list[Array]]:
    """The number of a layer, and a network."""
    return at, *network(*given)


def gradient_inputs(at: int, *given: Any) -> tuple[int, Array, Array, list[Array]]:
    """The number of a weight matrix, and what :func:`backward_inputs` gives."""
    return at, *backward_inputs(*given)
