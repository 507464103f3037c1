"""What the network of chapter 07's text computes, with PyTorch's functions and from its parameters alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax

from autograder.testing.answers import Formulas
from workbook.chapter07.inputs import CNN_SHAPES, cnn_parameters

Array = NDArray[np.floating[Any]]
Layer = Callable[[torch.Tensor], torch.Tensor]


def _forward(
    arrays: Mapping[tuple[int, ...], Array], images: Array, relu: Sequence[bool] = (True, True), pool: str = "max"
) -> Array:
    """Logits from parameters by shape. ``relu`` says which of the two activations is there; ``pool``: max or average.

    Raises:
        KeyError: if a parameter is missing.
    """
    found = {shape: torch.as_tensor(array) for shape, array in arrays.items()}
    (k1, b1), (k2, b2), (w, b) = ([found[shape] for shape in pair] for pair in CNN_SHAPES.values())
    x = torch.as_tensor(images, dtype=torch.float32)
    for kernel, bias, active in ((k1, b1, relu[0]), (k2, b2, relu[1])):
        x = F.conv2d(x, kernel, bias, padding=1)
        x = x.clamp(min=0) if active else x
    x = F.max_pool2d(x, 2) if pool == "max" else F.avg_pool2d(x, 2)
    return np.asarray((x.reshape(len(x), 512) @ w.T + b).numpy())


def logits(images: Array, seed: int) -> Array:
    """Logits (N, 10) for images (N, 1, 8, 8), with the parameters of this seed."""
    return _short(_forward(cnn_parameters(seed), images))


def logits_mistakes(images: Array, seed: int) -> Formulas:
    """Outputs of a network with an activation too many, too few or of another kind, or another pooling."""
    arrays = cnn_parameters(seed)
    right = _forward(arrays, images)
    yield "softmax-in-model", lambda: _short(softmax(right, axis=1))
    yield "softmax-in-model", lambda: _short(log_softmax(right, axis=1))
    yield "relu-after-prediction-layer", lambda: _short(np.maximum(right, 0))
    yield "sigmoid-after-prediction-layer", lambda: _short(expit(right))
    for relu in ((True, False), (False, True), (False, False)):
        yield "relu-forgotten", partial(_without, arrays, images, relu)
    yield "average-pooling", lambda: _short(_forward(arrays, images, pool="average"))


def _without(arrays: Mapping[tuple[int, ...], Array], images: Array, relu: Sequence[bool]) -> Array:
    return _short(_forward(arrays, images, relu))


def _short(values: Array) -> NDArray[np.float64]:
    """Six decimals: checks compare single precision."""
    return np.asarray(np.round(np.asarray(values, dtype=np.float64), 6))


def classes(state: Mapping[str, Array], images: Array, answered: NDArray[np.int64]) -> NDArray[np.int64]:
    """The classes (K, N) that a network with these arrays may give: one row if it is that of the text, else one a slip.

    Args:
        answered: the classes that the network itself gives. It is that of the text where these are the same.
    """
    try:
        right = _forward({array.shape: array for array in state.values()}, images).argmax(axis=1)
    except KeyError:
        right = None
    if right is not None and np.mean(right == answered) > 0.99:
        return np.asarray(right[None])
    return np.array([found.argmax(axis=1) for found in _likely_logits(state, images)], dtype=np.int64)


def _likely_logits(state: Mapping[str, Array], images: Array) -> Iterator[Array]:
    """Logits of every network of two convolutions and a linear layer that these arrays could belong to.

    Its padding, its pooling and its activations are not known: all that fit the linear layer are tried.
    """
    kernels = sorted((a for a in state.values() if a.ndim == 4), key=lambda kernel: kernel.shape[1])
    linear = [a for a in state.values() if a.ndim == 2]
    if len(kernels) != 2 or len(linear) != 1 or kernels[0].shape[1] != 1 or kernels[1].shape[1] != len(kernels[0]):
        return
    biases = {len(a): torch.as_tensor(a) for a in state.values() if a.ndim == 1}
    activations: Sequence[Layer] = (torch.relu, torch.tanh, torch.sigmoid, lambda x: x)
    pools: Sequence[tuple[int, Layer]] = (
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
            yield np.asarray(x.numpy())
