"""What PyTorch says about chapter 04's layers, in float64."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

Array = NDArray[np.float64]
Layer = Callable[..., Tensor]
Formulas = list[tuple[str, Callable[[], ArrayLike]]]


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


def value(layer: Layer, *arrays: ArrayLike) -> Array:
    """The layer's output."""
    return array(layer(*map(tensor, arrays)))


def gradients(layer: Layer, dout: ArrayLike, *arrays: ArrayLike) -> list[Array]:
    """Autograd's gradient of ``sum(dout * layer(*arrays))`` for each array."""
    leaves = [tensor(values, grad=True) for values in arrays]
    torch.sum(tensor(dout) * layer(*leaves)).backward()
    return [array(leaf.grad) for leaf in leaves if leaf.grad is not None]


def one_gradient(layer: Layer, name: str, dout: Array, x: Array, w: Array, b: Array) -> Array:
    """The one of the :func:`gradients` that is called dx, dw or db."""
    return gradients(layer, dout, x, w, b)[("dx", "dw", "db").index(name)]


def fc_output(x: Array, w: Array, b: Array) -> Array:
    """The output of a fully connected layer."""
    return value(fc, x, w, b)


def fc_gradient(name: str, dout: Array, x: Array, w: Array, b: Array) -> Array:
    """Its gradient dx, dw or db."""
    return one_gradient(fc, name, dout, x, w, b)


def fc_relu_output(x: Array, w: Array, b: Array) -> Array:
    """The output of a fully connected layer and a ReLU."""
    return value(fc_relu, x, w, b)


def fc_relu_gradient(name: str, dout: Array, x: Array, w: Array, b: Array) -> Array:
    """Its gradient dx, dw or db."""
    return one_gradient(fc_relu, name, dout, x, w, b)


def relu_output(x: Array) -> Array:
    """The positive part."""
    return value(F.relu, x)


def relu_gradient(dout: Array, x: Array) -> Array:
    """The gradient of the positive part for ``x``."""
    return gradients(F.relu, dout, x)[0]
