"""Replays of chapter 09's comparison: the five networks on the referee's side, trained from known weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from workbook.chapter09.reference.gradient_flow import Array, Labels

_LAYERS = {
    "mlp_1": "fc 32, act",
    "mlp_2": "fc 32, act, plain 64",
    "cnn_3": "conv 3 16, act, conv 5 8, act, pool, conv 7 16, pool",
    "cnn_4": "conv 3 16, act, conv 3 8, act, conv 5 16, act, pool, conv 5 16, act, pool",
    "cnn_5": "conv 3 8, act, conv 3 16, act, conv 3 8, act, conv 3 16, act, pool, conv 3 16, act, conv 3 8, act, pool",
}


@dataclass(frozen=True)
class Losses:
    """The losses of a run.

    Attributes:
        losses, later_losses: of each batch before and after its step.
    """

    losses: Array
    later_losses: Array


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


def replay(
    name: str, activation: str, start: Sequence[Array], batches: Sequence[tuple[Array, Labels]], rate: float, *,
    accumulate: bool = False, momentum: float = 0.0, scale: float = 1.0,
) -> Losses:  # fmt: skip
    """Train a network from these weights, one step for each batch.

    Args:
        start: the parameters in the order of use.
        accumulate, momentum, scale: as for a step of the two-layer network in :mod:`gradient_flow`.
    """
    model = network(name, activation)
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), start, strict=True):
            parameter.copy_(torch.as_tensor(np.array(array)))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
    losses, later = [], []
    for images, labels in batches:
        x, y = torch.as_tensor(images, dtype=torch.float32), torch.as_tensor(labels)
        if not accumulate:
            optimizer.zero_grad()
        loss = scale * nn.functional.cross_entropy(model(x), y)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        with torch.no_grad():
            later.append(scale * nn.functional.cross_entropy(model(x), y).item())
    return Losses(np.array(losses), np.array(later))


def replays(*run: Any) -> dict[str, Losses]:
    """The right run, and those of wrong loops by the name of their mistake; arguments as for :func:`replay`."""
    name, activation, start, batches = run[:4]
    right = replay(*run)
    return {
        "right": right,
        "zero-grad-forgotten": replay(*run, accumulate=True),
        "no-update": replay(name, activation, start, batches, 0.0),
        "momentum": replay(*run, momentum=0.9),
        "learning-rate-ignored": replay(name, activation, start, batches, 0.01),
        "sum-not-mean": replay(*run, scale=len(batches[0][0])),
        "loss-after-update": Losses(right.later_losses, right.later_losses),
    }
