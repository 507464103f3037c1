"""The five networks of chapter 09 in the process of the check, for ten classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import nn

_LAYERS = {
    "mlp_1": "fc 32, act",
    "mlp_2": "fc 32, act, plain 64",
    "cnn_3": "conv 3 16, act, conv 5 8, act, pool, conv 7 16, pool",
    "cnn_4": "conv 3 16, act, conv 3 8, act, conv 5 16, act, pool, conv 5 16, act, pool",
    "cnn_5": "conv 3 8, act, conv 3 16, act, conv 3 8, act, conv 3 16, act, pool, conv 3 16, act, conv 3 8, act, pool",
}


def network(name: str, activation: str) -> nn.Sequential:
    """One of the networks of the chapter, for images (B, 3, 32, 32) and ten classes."""
    layers: list[nn.Module] = []
    channels, size, flat = 3, 32, 0
    for layer in f"{_LAYERS[name]}, plain 10".split(", "):
        kind, *numbers = layer.split()
        if kind == "act":
            layers.append(nn.ReLU() if activation == "relu" else nn.Sigmoid())
        elif kind == "pool":
            layers.append(nn.MaxPool2d(2))
            size //= 2
        elif kind == "conv":
            kernel, count = map(int, numbers)
            layers.append(nn.Conv2d(channels, count, kernel))
            channels, size = count, size - kernel + 1
        else:
            layers += [] if flat else [nn.Flatten()]
            width = int(numbers[0])
            layers.append(nn.Linear(flat or channels * size * size, width, bias=kind == "fc" or width == 10))
            flat = width
    return nn.Sequential(*layers)


def shapes(name: str) -> NDArray[np.int64]:
    """The shapes of all parameters in the order of their use, (P, 4), filled up with zeros."""
    found = [tuple(parameter.shape) for parameter in network(name, "relu").parameters()]
    return np.array([[*shape, *[0] * (4 - len(shape))] for shape in found], dtype=np.int64)
