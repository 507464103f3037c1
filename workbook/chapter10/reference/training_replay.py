"""Replays training runs of a multi-layer perceptron from known initial weights, in batches of known order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Array = NDArray[Any]
State = Mapping[str, Array]


@dataclass(frozen=True)
class Data:
    """Images (N, 3, 32, 32) and labels for training, in the order of the loader, and for validation."""

    x: Array
    y: Array
    x_val: Array
    y_val: Array
    batch_size: int

    @classmethod
    def random(cls, seed: int, count: int, batch_size: int, validation: int = 64) -> Data:
        """Noise with a pattern for each of ten labels: easy enough to learn something within some thirty steps."""
        rng = np.random.default_rng(seed)
        patterns = rng.standard_normal((10, 3, 32, 32))
        labels = rng.integers(0, 10, count + validation)
        images = (0.25 * patterns[labels] + rng.standard_normal((count + validation, 3, 32, 32))).astype(np.float32)
        return cls(images[:count], labels[:count], images[count:], labels[count:], batch_size)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one epoch."""
        return -(-len(self.x) // self.batch_size)


@dataclass(frozen=True)
class Replay:
    """What a training run leaves.

    Attributes:
        losses: of each step, before its update.
        accuracies: on the validation data, after each step.
        state: the weights at the end.
    """

    losses: Array
    accuracies: Array
    state: dict[str, Array]


def replay(state: State, data: Data, rates: Sequence[float], momentum: float = 0.0, adam: bool = False) -> Replay:
    """Train a perceptron with these weights, one epoch for each rate, batches in order.

    Args:
        state: arrays of the linear layers in order of use, as in a state dict: a weight, and its bias where it has one.
    """
    network = _perceptron(list(state.values()))
    with torch.no_grad():
        for parameter, array in zip(network.parameters(), state.values(), strict=True):
            parameter.copy_(torch.as_tensor(np.array(array)))
    optimizer: torch.optim.Optimizer = torch.optim.SGD(network.parameters(), lr=rates[0], momentum=momentum)
    if adam:
        optimizer = torch.optim.Adam(network.parameters(), lr=rates[0])
    x, y, x_val, y_val = (torch.as_tensor(a) for a in (data.x, data.y, data.x_val, data.y_val))
    losses, accuracies = [], []
    for rate in rates:
        optimizer.param_groups[0]["lr"] = rate
        for start in range(0, len(x), data.batch_size):
            chosen = slice(start, start + data.batch_size)
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(x[chosen]), y[chosen])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            with torch.no_grad():
                accuracies.append(float((network(x_val).argmax(dim=1) == y_val).double().mean()))
    left = {name: p.detach().numpy().copy() for name, p in zip(state, network.parameters(), strict=True)}
    return Replay(np.array(losses), np.array(accuracies), left)


def _perceptron(arrays: Sequence[Array]) -> nn.Sequential:
    """Linear layers of these sizes; as in the listing, no ReLU follows a layer without a bias, nor the last one."""
    layers: list[nn.Module] = [nn.Flatten()]
    for array, following in zip(arrays, [*arrays[1:], None], strict=True):
        if array.ndim == 2:
            biased = following is not None and following.ndim == 1
            layers += [nn.Linear(array.shape[1], array.shape[0], bias=biased), nn.ReLU() if biased else nn.Identity()]
    return nn.Sequential(*layers[:-1])
