"""Replays training runs of a multi-layer perceptron from known initial weights, in batches of known order.

Students get this module: a run starts with the weights that a student's own code has drawn, so no value of it can be
recorded. It is one run by given rates. What the exercises ask for is not in it: networks from ``build``, a new one for
each rate, the rates of a schedule, the means of ten losses, and the loop around ``train_step`` and ``accuracy``, which
the chapter gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workbook.chapter10.inputs import Data

if TYPE_CHECKING:
    from torch import nn

Array = NDArray[Any]
State = Mapping[str, Array]


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
    import torch
    from torch import nn

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
    from torch import nn

    layers: list[nn.Module] = [nn.Flatten()]
    for array, following in zip(arrays, [*arrays[1:], None], strict=True):
        if array.ndim == 2:
            biased = following is not None and following.ndim == 1
            layers += [nn.Linear(array.shape[1], array.shape[0], bias=biased), nn.ReLU() if biased else nn.Identity()]
    return nn.Sequential(*layers[:-1])


def near(state: State, other: State) -> bool:
    """True where two networks have the same weights, but for what rounding does in an epoch."""
    return all(np.allclose(state[key], other[key], rtol=1e-3, atol=2e-5) for key in state)


def related(state: State, other: State) -> bool:
    """True where one network may have become the other by training; False where they were drawn independently."""
    largest = max(state, key=lambda key: np.size(state[key]))
    return bool(np.corrcoef(np.ravel(state[largest]), np.ravel(other[largest]))[0, 1] > 0.5)
