"""Right values of chapter 02's exercises, by PyTorch or by trying every line, and recognised wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

Array = NDArray[np.float64]
Weights = Mapping[str, Array]
Formulas = list[tuple[str, Callable[[], ArrayLike]]]

NAMES = ("weights_input_hidden", "bias_hidden", "weights_hidden_output", "bias_output")
_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}
# Derivatives written in terms of the output a = f(z); students apply them to z by mistake.
_FROM_OUTPUT: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": lambda a: 1 - a**2,
    "sigmoid": lambda a: a * (1 - a),
    "relu": lambda a: (a > 0).to(a.dtype),
}


# --- one line ---------------------------------------------------------------------------------------------------------


def line_accuracy(X: Array, y: Array, weights: Array, bias: float) -> float:
    """The share of points with label 1 where w1 x1 + w2 x2 + b > 0, and label 0 elsewhere."""
    return float(np.mean((_sums(X, weights, bias) > 0) == (np.ravel(y) > 0.5)))


def _sums(X: Array, weights: Array, bias: float) -> Array:
    return np.asarray(weights[0] * X[:, 0] + weights[1] * X[:, 1] + bias)


def line_accuracy_mistakes(X: Array, y: Array, weights: Array, bias: float) -> Formulas:
    """Wrong accuracies of a line."""
    right = line_accuracy(X, y, weights, bias)
    ones, labels = line_accuracy(X, np.ones(len(X)), weights, bias), float(np.mean(y))
    return [
        ("boundary-counted", lambda: float(np.mean((_sums(X, weights, bias) >= 0) == (np.ravel(y) > 0.5)))),
        ("broadcast-targets", lambda: ones * labels + (1 - ones) * (1 - labels)),
        ("bias-sign", lambda: line_accuracy(X, y, weights, -bias)),
        ("bias-ignored", lambda: line_accuracy(X, y, weights, 0.0)),
        ("coordinates-exchanged", lambda: line_accuracy(X, y, weights[::-1], bias)),
        ("labels-ignored", lambda: ones),
        ("percent", lambda: 100 * right),
        ("count-not-fraction", lambda: len(X) * right),
        ("either-side", lambda: max(right, 1 - right)),
        ("error-not-accuracy", lambda: 1 - right),
        ("error-not-accuracy", lambda: line_accuracy(X, y, -weights, -bias)),
    ]


# --- the best line ----------------------------------------------------------------------------------------------------


def best_line_accuracy(X: Array, y: Array) -> float:
    """The best share over every way in which a line can divide a few points in general position."""
    labels = np.ravel(y) > 0.5
    shares = [float(np.mean(above == labels)) for above in _divisions(X)]
    return max(max(shares), 1 - min(shares))


def _divisions(X: Array) -> Iterator[NDArray[np.bool_]]:
    """Which points are above a line: that changes only right next to a line through two of them."""
    yield np.ones(len(X), dtype=bool)
    for first, second in zip(*np.triu_indices(len(X), 1), strict=True):
        dx, dy = X[second] - X[first]
        for turn in (-1e-7, 1e-7):
            along = X @ np.array([-dy - turn * dx, dx - turn * dy])
            levels = np.unique(np.round(along, 9))
            yield from (along > level for level in (levels[1:] + levels[:-1]) / 2)


def best_line_accuracy_mistakes(X: Array, y: Array) -> Formulas:
    """Wrong accuracies of the best line."""
    right, columns = best_line_accuracy(X, y), np.column_stack([X, np.ones(len(X))])

    def fitted() -> float:
        above = columns @ np.linalg.lstsq(columns, np.ravel(y), rcond=None)[0] > 0.5 + 1e-9
        return float(np.mean(above == (np.ravel(y) > 0.5)))

    return [
        ("percent", lambda: 100 * right),
        ("count-not-fraction", lambda: len(X) * right),
        ("error-not-accuracy", lambda: 1 - right),
        ("fitted-line", fitted),
        ("not-a-line", lambda: 1.0),
    ]


# --- the network ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pass:
    """One forward pass in PyTorch.

    Attributes:
        parameters: W (D, H), b (1, H), V (H, C), c (1, C), in the order of ``NAMES``.
        x: inputs, (N, D).
        z1, a1: pre-activations and activations of the hidden layer, (N, H).
        z2, outputs: the same for the output layer, (N, C).
    """

    parameters: tuple[Tensor, ...]
    x: Tensor
    z1: Tensor
    a1: Tensor
    z2: Tensor
    outputs: Tensor

    @classmethod
    def of(cls, weights: Weights, X: ArrayLike, activation: str, output_activation: str) -> Pass:
        """Run inputs through the network with these weights, in float64."""
        W, b, V, c = parameters = tuple(torch.tensor(weights[name], requires_grad=True) for name in NAMES)
        x = torch.tensor(np.asarray(X, dtype=np.float64))
        z1 = torch.addmm(b, x, W)
        a1 = _ACTIVATIONS[activation](z1)
        z2 = torch.addmm(c, a1, V)
        return cls(parameters, x, z1, a1, z2, _ACTIVATIONS[output_activation](z2))

    def loss(self, y: ArrayLike) -> Tensor:
        """The mean squared error over all entries."""
        targets = torch.tensor(np.asarray(y, dtype=np.float64)).reshape(self.outputs.shape)
        return torch.nn.functional.mse_loss(self.outputs, targets)


def _slope(activation: str, at: Tensor) -> Array:
    """PyTorch's derivative of an activation."""
    point = at.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(_ACTIVATIONS[activation](point).sum(), point)
    return np.asarray(slope.numpy())


def forward(weights: Weights, X: Array, activation: str, output_activation: str) -> Array:
    """The outputs, (N, C)."""
    return np.asarray(Pass.of(weights, X, activation, output_activation).outputs.detach().numpy())


def forward_mistakes(weights: Weights, X: Array, activation: str, output_activation: str) -> Formulas:
    """Outputs of a forward pass with a part left out or exchanged."""

    def without(*biases: str) -> Array:
        changed = {name: np.zeros_like(array) if name in biases else array for name, array in weights.items()}
        return forward(changed, X, activation, output_activation)

    z2 = Pass.of(weights, X, activation, output_activation).z2.detach().numpy()
    return [
        ("no-output-activation", lambda: z2),
        ("bias-not-added", lambda: without("bias_hidden")),
        ("bias-not-added", lambda: without("bias_output")),
        ("bias-not-added", lambda: without("bias_hidden", "bias_output")),
        *(("activation-ignored", partial(forward, weights, X, other, output_activation)) for other in _ACTIVATIONS),
        *(("output-activation-ignored", partial(forward, weights, X, activation, other)) for other in _ACTIVATIONS),
    ]


def loss(weights: Weights, X: Array, y: Array, activation: str, output_activation: str) -> float:
    """The mean squared error over all entries."""
    return Pass.of(weights, X, activation, output_activation).loss(y).item()


def loss_mistakes(weights: Weights, X: Array, y: Array, activation: str, output_activation: str) -> Formulas:
    """Values of the loss with another factor, power or mean."""
    error = forward(weights, X, activation, output_activation) - y
    right, summed = float(np.mean(error**2)), float(np.sum(error**2))
    return [
        ("half-the-square", lambda: right / 2),
        ("summed-not-averaged", lambda: summed),
        ("summed-not-averaged", lambda: summed / 2),
        ("root-mean-square", lambda: right**0.5),
        ("absolute-error", lambda: float(np.mean(np.abs(error)))),
        ("averaged-over-rows-only", lambda: summed / len(y)),
    ]


def gradient(name: str, weights: Weights, X: Array, y: Array, activation: str, output_activation: str) -> Array:
    """Autograd's gradient of the loss for the parameter ``name``."""
    one = Pass.of(weights, X, activation, output_activation)
    return np.asarray(torch.autograd.grad(one.loss(y), one.parameters)[NAMES.index(name)].numpy())


def gradient_mistakes(name: str, weights: Weights, X: Array, y: Array, f: str, g: str) -> Formulas:
    """Wrong gradients for the parameter ``name``: by the chain rule with a factor exchanged, or of another loss."""
    one, right = Pass.of(weights, X, f, g), gradient(name, weights, X, y, f, g)
    x, a1, outputs = one.x.numpy(), one.a1.detach().numpy(), one.outputs.detach().numpy()
    error = 2 * (outputs - np.reshape(y, outputs.shape)) / outputs.size
    slope, output_slope = _slope(f, one.z1), _slope(g, one.z2)
    count, width = outputs.shape

    def chain(slope: Array = slope, output_slope: Array = output_slope, sent_back: Array | None = None) -> Array:
        delta = error * output_slope
        hidden = (delta if sent_back is None else sent_back) @ weights["weights_hidden_output"].T * slope
        sums = hidden.sum(axis=0, keepdims=True), delta.sum(axis=0, keepdims=True)
        return np.asarray((x.T @ hidden, sums[0], a1.T @ delta, sums[1])[NAMES.index(name)])

    def measured(below: float) -> Array:
        """A difference quotient of the loss, from ``below`` to 1e-5."""
        quotient = np.empty_like(right)
        for index in np.ndindex(right.shape):
            above, under = (
                loss({**weights, name: _moved(weights[name], index, step)}, X, y, f, g) for step in (1e-5, below)
            )
            quotient[index] = (above - under) / (1e-5 - below)
        return quotient

    bias = [
        ("missing-bias-gradient", lambda: np.zeros_like(right)),
        ("bias-gradient-averaged", lambda: right / count),
    ]
    return [
        ("error-instead-of-delta", lambda: chain(sent_back=error)),
        ("output-derivative-missing", lambda: chain(output_slope=np.ones_like(error))),
        ("hidden-derivative-missing", lambda: chain(slope=np.ones_like(a1))),
        ("derivative-at-the-output", lambda: chain(slope=_slope(f, one.a1))),
        ("derivative-at-the-output", lambda: chain(output_slope=_slope(g, one.outputs))),
        ("output-formula-at-pre-activation", lambda: chain(slope=_FROM_OUTPUT[f](one.z1.detach()).numpy())),
        ("output-formula-at-pre-activation", lambda: chain(output_slope=_FROM_OUTPUT[g](one.z2.detach()).numpy())),
        *(("derivative-of-another", lambda k=kind: chain(slope=_slope(k, one.z1))) for kind in _ACTIVATIONS),
        *(("derivative-of-another", lambda k=kind: chain(output_slope=_slope(k, one.z2))) for kind in _ACTIVATIONS),
        *(bias if name.startswith("bias") else []),
        ("missing-factor-two", lambda: right / 2),
        ("summed-not-averaged", lambda: right * outputs.size),
        ("summed-not-averaged", lambda: right * outputs.size / 2),
        ("averaged-twice", lambda: right / count),
        ("averaged-over-rows-only", lambda: right * width),
        ("averaged-over-rows-only", lambda: right * width / 2),
        ("difference-quotient", lambda: measured(-1e-5)),
        ("difference-quotient", lambda: measured(0.0)),
    ]


def _moved(values: Array, index: tuple[int, ...], step: float) -> Array:
    moved = values.copy()
    moved[index] += step
    return moved
