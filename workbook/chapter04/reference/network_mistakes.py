"""Wrong networks that students write, each computed by PyTorch with another formula."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import Tensor

from workbook.chapter04.reference.layers import Array, Formulas, array, tensor
from workbook.chapter04.reference.networks import (
    Params,
    Penalty,
    half_of_squared_weights,
    loss_and_gradients,
    network_gradient,
    network_loss,
    network_scores,
)


def network_scores_mistakes(params: Params, X: Array) -> Formulas:
    """Wrong scores of a fully connected network."""
    right, last = network_scores(params, X), f"b{len(params) // 2}"
    without = {name: np.zeros_like(values) if name[0] == "b" else values for name, values in params.items()}
    return [
        ("no-relu", lambda: network_scores(params, X, lambda z: z)),
        ("relu-on-scores", lambda: np.maximum(right, 0)),
        ("softmax-on-scores", lambda: array(torch.softmax(tensor(right), 1))),
        ("bias-not-added", lambda: network_scores(without, X)),
        ("bias-not-added", lambda: network_scores({**params, last: without[last]}, X)),
        ("sigmoid-not-relu", lambda: network_scores(params, X, torch.sigmoid)),
        ("tanh-not-relu", lambda: network_scores(params, X, torch.tanh)),
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


def network_loss_mistakes(params: Params, X: Array, y: ArrayLike, reg: float) -> Formulas:
    """Wrong losses of a fully connected network."""
    right, bare = network_loss(params, X, y, reg), network_loss(params, X, y)

    def penalised(penalty: Penalty) -> Callable[[], float]:
        return lambda: loss_and_gradients(params, X, y, reg, penalty)[0]

    return [
        *[(name, penalised(penalty)) for name, penalty in _PENALTIES.items()],
        ("no-relu", lambda: loss_and_gradients(params, X, y, reg, activation=lambda z: z)[0]),
        ("no-division-by-n", lambda: right + (len(X) - 1) * bare),
        ("penalty-averaged", lambda: bare + (right - bare) / len(X)),
    ]


def network_gradient_mistakes(name: str, params: Params, X: Array, y: ArrayLike, reg: float) -> Formulas:
    """Wrong gradients of a fully connected network for one of its parameters."""
    right, bare = (network_gradient(name, params, X, y, strength) for strength in (reg, 0.0))

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
