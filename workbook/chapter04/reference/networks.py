"""Chapter 04's networks by PyTorch, in float64, and wrong ones that students write."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import Tensor

from workbook.chapter04.reference.layers import Array, Formulas, array, fc, tensor
from workbook.chapter04.reference.softmax import labels

Params = Mapping[str, Array]
Activation = Callable[[Tensor], Tensor]
Penalty = Callable[[dict[str, Tensor]], Tensor]


def scores(params: Params, X: ArrayLike, activation: Activation = F.relu) -> Array:
    """Scores of a fully connected network with parameters W1, b1, W2, …; no activation after the last layer."""
    return array(_scores({name: tensor(values) for name, values in params.items()}, X, activation))


def loss(params: Params, X: ArrayLike, y: ArrayLike, reg: float = 0.0) -> float:
    """The network's loss."""
    return loss_and_gradients(params, X, y, reg)[0]


def gradient(name: str, params: Params, X: ArrayLike, y: ArrayLike, reg: float = 0.0) -> Array:
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
    total = F.cross_entropy(_scores(leaves, X, activation), labels(y))
    total = total + reg * (penalty or half_of_squared_weights)(leaves)
    slopes = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)
    found = {
        name: np.zeros(params[name].shape) if slope is None else array(slope)
        for name, slope in zip(leaves, slopes, strict=True)
    }
    return float(total.detach()), found


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


def scores_mistakes(params: Params, X: Array) -> Formulas:
    """Wrong scores of a fully connected network."""
    right, last = scores(params, X), f"b{len(params) // 2}"
    without = {name: np.zeros_like(values) if name[0] == "b" else values for name, values in params.items()}
    return [
        ("no-relu", lambda: scores(params, X, lambda z: z)),
        ("relu-on-scores", lambda: np.maximum(right, 0)),
        ("softmax-on-scores", lambda: array(torch.softmax(tensor(right), 1))),
        ("bias-not-added", lambda: scores(without, X)),
        ("bias-not-added", lambda: scores({**params, last: without[last]}, X)),
        ("sigmoid-not-relu", lambda: scores(params, X, torch.sigmoid)),
        ("tanh-not-relu", lambda: scores(params, X, torch.tanh)),
    ]


_PENALTIES: dict[str, Penalty] = {
    "l2-without-half": lambda p: 2 * half_of_squared_weights(p),
    "l2-on-biases": lambda p: 0.5 * torch.stack([v.square().sum() for v in p.values()]).sum(),
    "l2-missing": lambda p: 0 * p["W1"].sum(),
    "l2-first-layer-only": lambda p: 0.5 * p["W1"].square().sum(),
    "l2-last-layer-missing": lambda p: half_of_squared_weights({n: v for n, v in p.items() if n != f"W{len(p) // 2}"}),
    "l2-last-layer-only": lambda p: 0.5 * p[f"W{len(p) // 2}"].square().sum(),
    "l2-not-squared": lambda p: 0.5 * torch.stack([v.sum() for n, v in p.items() if n[0] == "W"]).sum(),
}


def loss_mistakes(params: Params, X: Array, y: ArrayLike, reg: float) -> Formulas:
    """Wrong losses of a fully connected network."""
    right, bare = loss(params, X, y, reg), loss(params, X, y)

    def penalised(penalty: Penalty) -> Callable[[], float]:
        return lambda: loss_and_gradients(params, X, y, reg, penalty)[0]

    return [
        *[(name, penalised(penalty)) for name, penalty in _PENALTIES.items()],
        ("no-relu", lambda: loss_and_gradients(params, X, y, reg, activation=lambda z: z)[0]),
        ("no-division-by-n", lambda: right + (len(X) - 1) * bare),
        ("penalty-averaged", lambda: bare + (right - bare) / len(X)),
    ]


def gradient_mistakes(name: str, params: Params, X: Array, y: ArrayLike, reg: float) -> Formulas:
    """Wrong gradients of a fully connected network for one of its parameters."""
    right, bare = (gradient(name, params, X, y, strength) for strength in (reg, 0.0))

    def penalised(penalty: Penalty) -> Callable[[], Array]:
        return lambda: loss_and_gradients(params, X, y, reg, penalty)[1][name]

    return [
        *[(known, penalised(penalty)) for known, penalty in _PENALTIES.items()],
        ("no-relu", lambda: loss_and_gradients(params, X, y, reg, activation=lambda z: z)[1][name]),
        ("no-division-by-n", lambda: right + (len(X) - 1) * bare),
        ("relu-mask-missing", lambda: loss_and_gradients(params, X, y, reg, activation=_leaky_backward)[1][name]),
        ("l2-half-in-gradient", lambda: bare + (right - bare) / 2),
    ]


def _leaky_backward(z: Tensor) -> Tensor:
    """A ReLU whose backward pass lets everything through."""
    return z + (F.relu(z) - z).detach()
