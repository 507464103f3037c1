"""Inputs of chapter 04's checks: random numbers from fixed seeds, so that right values can be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Shape = tuple[int, ...]

# Shapes of x and number of outputs: rows, images, one sample, one output, as many samples as inputs and outputs.
LAYERS: tuple[tuple[Shape, int], ...] = (
    ((4, 5), 3), ((2, 3, 4), 3), ((1, 5), 2), ((6, 3), 1), ((3, 3), 3), ((3, 2, 4, 3), 4),
)  # fmt: skip
# Scores and labels: levels up to 1e4, an improbable class, rows at different levels, a class far ahead, more samples.
SCORES: tuple[tuple[Array, Labels], ...] = (
    (np.array([[2.0, -1.0, 0.5], [0.0, 1.0, 3.0]]), np.array([0, 1])),
    (np.array([[1000.0, 1001.0, 998.0], [999.0, 1000.0, 1000.5]]) + 1e4, np.array([1, 0])),
    (np.array([[0.0, 8.0]]), np.array([0])),
    (np.array([[900.0, 901.5], [-900.0, -899.0], [0.3, -0.2]]), np.array([0, 1, 1])),
    (np.array([[0.2, 8e3, -1.0], [1.0, 0.0, 0.7]]), np.array([1, 2])),
    (np.random.default_rng(13).standard_normal((8, 6)), np.array([5, 0, 3, 3, 1, 2, 0, 4])),
)
RELU_INPUTS = (
    np.array([[-1.5, 0.5, 2.0], [3.0, -0.25, -4.0]]),
    np.array([[-2.0, 0.0, 1.0], [0.0, -1e-7, 1e-7]]),
    np.array([-2e5, -40.0, 12.0, 3e5]),
    np.random.default_rng(12).standard_normal((2, 3, 2)),
)


def layer_arrays(shape: Shape, width: int, seed: int = 0) -> tuple[Array, Array, Array, Array]:
    """Random x of this shape, w (D, width), b (width,) and dout (N, width)."""
    rng = np.random.default_rng(seed)
    inputs = int(np.prod(shape[1:]))
    shapes = (shape, (inputs, width), (width,), (shape[0], width))
    x, w, b, dout = (rng.standard_normal(each) for each in shapes)
    return x, w, b, dout


def forward_arrays(shape: Shape, width: int, seed: int = 0) -> tuple[Array, Array, Array]:
    """The first three of the :func:`layer_arrays`, which a forward pass takes."""
    return layer_arrays(shape, width, seed)[:3]


def dout_like(x: Array, seed: int) -> Array:
    """A random gradient in the shape of ``x``."""
    return np.random.default_rng(seed).standard_normal(x.shape)


def scores_of(samples: int, classes: int) -> tuple[Array, Labels]:
    """Random scores and labels."""
    rng = np.random.default_rng(6)
    return rng.standard_normal((samples, classes)), rng.integers(0, classes, samples)


def parameter_shapes(sizes: Sequence[int]) -> dict[str, Shape]:
    """The shapes of W1, b1, W2, … in a network with layers of these sizes."""
    shapes: dict[str, Shape] = {}
    for layer, (inputs, outputs) in enumerate(pairwise(sizes), 1):
        shapes |= {f"W{layer}": (inputs, outputs), f"b{layer}": (outputs,)}
    return shapes


def parameters(sizes: Sequence[int], seed: int) -> dict[str, Array]:
    """Random parameters, biases included, with which about half of all hidden units are negative."""
    rng = np.random.default_rng(seed)
    # Half a standard normal keeps the scores near 1: no class is so improbable that its logarithm is mostly rounding.
    return {name: 0.5 * rng.standard_normal(shape) for name, shape in parameter_shapes(sizes).items()}


def scores_inputs(sizes: Sequence[int], count: int, seed: int) -> tuple[dict[str, Array], Array]:
    """Parameters, and a batch of ``count`` random samples."""
    return parameters(sizes, seed), np.random.default_rng(seed).standard_normal((count, sizes[0]))


def loss_inputs(
    sizes: Sequence[int], reg: float, count: int, seed: int, label: int | None
) -> tuple[dict[str, Array], Array, Labels, float]:
    """Parameters, a batch of random samples, labels (``label`` for all samples, or random ones) and ``reg``."""
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((count, sizes[0])), rng.integers(0, sizes[-1], count)
    return parameters(sizes, seed), X, y if label is None else np.full_like(y, label), reg


def slopes(shape: Shape, steps: int, seed: int) -> tuple[Array, list[Array]]:
    """A random parameter and a random gradient for each step."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape), [rng.standard_normal(shape) for _ in range(steps)]


def momentum_settings(rate: float | None, momentum: float | None) -> tuple[float, float]:
    """The rate and the momentum, where None stands for the default."""
    return 1e-2 if rate is None else rate, 0.9 if momentum is None else momentum
