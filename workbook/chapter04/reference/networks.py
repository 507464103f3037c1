"""What PyTorch says about chapter 04's networks, in float64."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import Tensor

from workbook.chapter04.reference.layers import Array, array, fc, tensor
from workbook.chapter04.reference.softmax import labels

Params = Mapping[str, Array]
Activation = Callable[[Tensor], Tensor]
Penalty = Callable[[dict[str, Tensor]], Tensor]


def network_scores(params: Params, X: ArrayLike, activation: Activation = F.relu) -> Array:
    """Scores of a fully connected network with parameters W1, b1, W2, …; no activation after the last layer."""
    return array(_scores({name: tensor(values) for name, values in params.items()}, X, activation))


def network_loss(params: Params, X: ArrayLike, y: ArrayLike, reg: float = 0.0) -> float:
    """The network's loss."""
    return loss_and_gradients(params, X, y, reg)[0]


def network_gradient(name: str, params: Params, X: ArrayLike, y: ArrayLike, reg: float = 0.0) -> Array:
    """Autograd's gradient of the loss for one of the parameters."""
    return loss_and_gradients(params, X, y, reg)[1][name]


def loss_and_gradients(
    params: Params,
    X: ArrayLike,
    y: ArrayLike,
    reg: float = 0.0,
    penalty: Penalty | None = None,
    activation: Activation = F.relu,
) -> tuple[float, dict[str, Array]]:
    """The network's loss and autograd's gradients.

    Args:
        penalty: what ``reg`` is multiplied by; half the sum of the squared weights if None.
    """
    leaves = {name: tensor(values, grad=True) for name, values in params.items()}
    loss = F.cross_entropy(_scores(leaves, X, activation), labels(y))
    loss = loss + reg * (penalty or half_of_squared_weights)(leaves)
    slopes = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
    found = {
        name: np.zeros(params[name].shape) if slope is None else array(slope)
        for name, slope in zip(leaves, slopes, strict=True)
    }
    return float(loss.detach()), found


def half_of_squared_weights(leaves: dict[str, Tensor]) -> Tensor:
    """Half the sum of the squares of all weights, without the biases."""
    squares = [w.square().sum() for name, w in leaves.items() if name.startswith("W")]
    return 0.5 * torch.stack([torch.zeros((), dtype=torch.float64), *squares]).sum()


def _scores(params: Mapping[str, Tensor], X: ArrayLike, activation: Activation) -> Tensor:
    out, depth = tensor(X), len(params) // 2
    for layer in range(1, depth + 1):
        out = fc(out, params[f"W{layer}"], params[f"b{layer}"])
        if layer < depth:
            out = activation(out)
    return out
