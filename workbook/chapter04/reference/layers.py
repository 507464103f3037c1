"""What PyTorch says about chapter 04's layers, networks and momentum, in float64."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

Array = NDArray[np.float64]
Params = Mapping[str, Array]


def tensor(values: ArrayLike, grad: bool = False) -> Tensor:
    """A float64 tensor."""
    return torch.tensor(np.asarray(values, dtype=np.float64), requires_grad=grad)


def array(values: Tensor) -> Array:
    """The same numbers without their history."""
    return np.asarray(values.detach().numpy(), dtype=np.float64)


def fc(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """A fully connected layer; all axes of ``x`` but the first are inputs."""
    return F.linear(x.flatten(1), w.T, b)


def fc_relu(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    """A fully connected layer and a ReLU."""
    return F.relu(fc(x, w, b))


def value(layer: Callable[..., Tensor], *arrays: ArrayLike) -> Array:
    """The layer's output."""
    return array(layer(*map(tensor, arrays)))


def gradients(layer: Callable[..., Tensor], dout: ArrayLike, *arrays: ArrayLike) -> list[Array]:
    """Autograd's gradient of ``sum(dout * layer(*arrays))`` for each array."""
    leaves = [tensor(values, grad=True) for values in arrays]
    torch.sum(tensor(dout) * layer(*leaves)).backward()
    return [array(leaf.grad) for leaf in leaves if leaf.grad is not None]


def cross_entropy(x: ArrayLike, y: ArrayLike) -> tuple[float, Array]:
    """The mean softmax loss of scores (N, C) for labels (N,), and its gradient."""
    scores = tensor(x, grad=True)
    loss = F.cross_entropy(scores, torch.tensor(np.asarray(y, dtype=np.int64)))
    (gradient,) = torch.autograd.grad(loss, scores)
    return float(loss.detach()), array(gradient)


def net_scores(params: Params, X: ArrayLike, activation: Callable[[Tensor], Tensor] = F.relu) -> Array:
    """Scores of a fully connected network with parameters W1, b1, W2, …; no activation after the last layer."""
    return array(_scores({name: tensor(values) for name, values in params.items()}, X, activation))


def net_loss(
    params: Params,
    X: ArrayLike,
    y: ArrayLike,
    reg: float = 0.0,
    penalty: Callable[[dict[str, Tensor]], Tensor] | None = None,
    activation: Callable[[Tensor], Tensor] = F.relu,
) -> tuple[float, dict[str, Array]]:
    """The network's loss and autograd's gradients.

    Args:
        penalty: what ``reg`` is multiplied with; half the sum of the squared weights if None.
    """
    leaves = {name: tensor(values, grad=True) for name, values in params.items()}
    labels = torch.tensor(np.asarray(y, dtype=np.int64))
    loss = F.cross_entropy(_scores(leaves, X, activation), labels)
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


def _scores(params: Mapping[str, Tensor], X: ArrayLike, activation: Callable[[Tensor], Tensor]) -> Tensor:
    out, depth = tensor(X), len(params) // 2
    for layer in range(1, depth + 1):
        out = fc(out, params[f"W{layer}"], params[f"b{layer}"])
        if layer < depth:
            out = activation(out)
    return out


def momentum_path(w: Array, slopes: list[Array], **settings: Any) -> list[Array]:
    """Where ``torch.optim.SGD`` takes ``w``, one entry for each gradient; settings as torch names them."""
    point = tensor(w, grad=True)
    optimizer = torch.optim.SGD([point], **settings)
    path = []
    for slope in slopes:
        point.grad = tensor(slope)
        optimizer.step()
        path.append(array(point).copy())
    return path
