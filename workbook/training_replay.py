"""Replays of plain gradient descent, for checks of chapters 08 and 09, on a network in the process of the check.

Students get this module: a run that starts with weights or uses images that a student's own code has drawn has no value
that could be recorded. It is one run in batches of known order. What the exercises ask for is not in it: architectures,
modes, accuracies, norms of gradients, noise, and a record of every tenth step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import nn

Array = NDArray[np.float64]
Batch = tuple[NDArray[Any], NDArray[np.int64]]


@dataclass(frozen=True)
class Replay:
    """What a training run leaves.

    Attributes:
        losses, later_losses: of each batch before and after its step.
        parameters: at the end, in the order of the network's own.
    """

    losses: Array
    later_losses: Array
    parameters: tuple[NDArray[Any], ...]


def replay(
    network: nn.Module, start: Sequence[NDArray[Any]], batches: Iterable[Batch], rate: float, *,
    accumulate: bool = False, momentum: float = 0.0, scale: float = 1.0,
) -> Replay:  # fmt: skip
    """Train a network from these parameters, one step for each batch.

    Args:
        network: any; its parameters are overwritten.
        start: the parameters in the order of the network's own.
        accumulate: True to add up the gradients of all batches so far, as happens when they are never cleared.
        momentum: the share of the previous direction that a step keeps, in PyTorch's convention.
        scale: factor on every loss.
    """
    import torch

    with torch.no_grad():
        for parameter, array in zip(network.parameters(), start, strict=True):
            parameter.copy_(torch.as_tensor(np.array(array)))
    optimizer = torch.optim.SGD(network.parameters(), lr=rate, momentum=momentum)
    optimizer.zero_grad()
    losses, later = [], []
    for images, labels in batches:
        x, y = torch.as_tensor(images, dtype=torch.float32), torch.as_tensor(labels)
        if not accumulate:
            optimizer.zero_grad()
        loss = scale * torch.nn.functional.cross_entropy(network(x), y)
        loss.backward()
        losses.append(loss.item())
        optimizer.step()
        with torch.no_grad():
            later.append(scale * torch.nn.functional.cross_entropy(network(x), y).item())
    left = tuple(parameter.detach().numpy().copy() for parameter in network.parameters())
    return Replay(np.array(losses), np.array(later), left)


def linear_network(inputs: int, outputs: int) -> nn.Module:
    """A linear layer for images of any shape."""
    from torch import nn

    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, outputs))
