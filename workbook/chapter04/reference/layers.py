"""Chapter 04's layers by PyTorch, in float64, and wrong ones that students write."""

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


def fc_output_mistakes(x: Array, w: Array, b: Array) -> Formulas:
    """Wrong outputs of a fully connected layer."""
    turned = np.moveaxis(x, 0, -1).reshape(len(x), -1)
    return [
        ("bias-not-added", lambda: fc_output(x, w, np.zeros_like(b))),
        ("bias-twice", lambda: fc_output(x, w, 2 * b)),
        ("axes-mixed", lambda: fc_output(turned, w, b)),
        ("axes-mixed", lambda: fc_output(x.reshape(len(x), -1, order="F"), w, b)),
        ("activation-too-many", lambda: fc_relu_output(x, w, b)),
    ]


def fc_gradient_mistakes(name: str, dout: Array, x: Array, w: Array, b: Array) -> Formulas:
    """Wrong gradients of a fully connected layer."""
    right, count = fc_gradient(name, dout, x, w, b), len(x)
    if name == "dx":
        return [("dx-not-reshaped", lambda: right.reshape(count, -1))]
    mistakes: Formulas = [("averaged-over-batch", lambda: right / count)]
    if name == "db":
        mistakes += [
            ("bias-gradient-per-sample", lambda: dout),
            ("bias-gradient-per-sample", lambda: dout.sum(axis=1)),
            ("bias-gradient-keeps-axis", lambda: right[None]),
            ("bias-gradient-one-number", lambda: dout.sum()),
            ("bias-gradient-is-one", lambda: np.full_like(right, count)),
        ]
    return mistakes


def fc_relu_output_mistakes(x: Array, w: Array, b: Array) -> Formulas:
    """Wrong outputs of a fully connected layer and a ReLU."""
    return [
        ("relu-missing", lambda: fc_output(x, w, b)),
        ("relu-on-input", lambda: value(fc, np.maximum(x, 0), w, b)),
    ]


def fc_relu_gradient_mistakes(name: str, dout: Array, x: Array, w: Array, b: Array) -> Formulas:
    """Wrong gradients of a fully connected layer and a ReLU."""
    return [("relu-mask-missing", lambda: fc_gradient(name, dout, x, w, b))]


def relu_output_mistakes(x: Array) -> Formulas:
    """Wrong outputs of a ReLU."""
    return [
        ("absolute-value", lambda: np.abs(x)),
        ("identity", lambda: x),
        ("negative-part", lambda: np.minimum(x, 0)),
        ("leaky", lambda: np.maximum(0.01 * x, x)),
        ("step-not-relu", lambda: (x > 0).astype(np.float64)),
    ]


def relu_gradient_mistakes(dout: Array, x: Array) -> Formulas:
    """Wrong gradients of a ReLU."""
    return [
        ("relu-mask-missing", lambda: dout),
        ("mask-from-dout", lambda: relu_output(dout)),
        ("dout-ignored", lambda: (x > 0).astype(np.float64)),
        ("dout-ignored", lambda: relu_output(x)),
        ("mask-inverted", lambda: np.where(x > 0, 0, dout)),
    ]
