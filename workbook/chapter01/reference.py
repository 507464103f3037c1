"""Right values of chapter 01's exercises, by PyTorch or in closed form, and the wrong ones that checks recognise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Function = Callable[[Array], Array]
Formulas = list[tuple[str, Callable[[], ArrayLike]]]

_CENTRAL: dict[Any, Callable[[Array, float], Array]] = {
    np.exp: lambda x, h: np.exp(x) * (np.sinh(h) / h),
    np.sin: lambda x, h: np.cos(x) * (np.sin(h) / h),
}


def numerical_derivative(f: Any, x: Array, h: float = 1e-5) -> Array:
    """The central difference of ``np.exp`` or ``np.sin``, which is known for any step."""
    return _CENTRAL[f](x, h)


def numerical_derivative_mistakes(f: Function, x: Array, h: float = 1e-5) -> Formulas:
    """Wrong difference quotients."""

    def rise(step: float) -> Array:
        return f(x + step) - f(x - step)

    return [
        ("forward-difference", lambda: (f(x + h) - f(x)) / h),
        ("backward-difference", lambda: (f(x) - f(x - h)) / h),
        ("not-halved", lambda: rise(h) / h),
        ("precedence", lambda: rise(h) / 2 * h),
        ("not-divided", lambda: rise(h)),
        ("step-not-divided", lambda: rise(h) / 2),
        ("divided-twice", lambda: rise(h) / h**2),
        ("divided-twice", lambda: rise(h) / (2 * h**2)),
        ("double-step", lambda: rise(2 * h) / (4 * h)),
        ("half-step", lambda: rise(h / 2) / h),
        ("sum-not-difference", lambda: (f(x + h) + f(x - h)) / (2 * h)),
        ("same-point-twice", lambda: 0 * f(x)),
        ("step-ignored", lambda: numerical_derivative(f, x)),
        ("function-ignored", lambda: numerical_derivative(np.exp, x, h)),
    ]


def _tensor(x: ArrayLike) -> torch.Tensor:
    return torch.tensor(np.asarray(x, dtype=np.float64))


def _slope(function: Callable[[torch.Tensor], torch.Tensor], x: ArrayLike) -> Array:
    """PyTorch's derivative at x, by automatic differentiation."""
    point = _tensor(x).requires_grad_()
    function(point).sum().backward()
    assert point.grad is not None
    return np.asarray(point.grad.numpy())


def sigmoid(x: ArrayLike) -> Array:
    """PyTorch's sigmoid in float64."""
    return np.asarray(torch.sigmoid(_tensor(x)).numpy())


def sigmoid_mistakes(x: Array) -> Formulas:
    """Wrong values of the sigmoid."""
    return [
        ("exponent-sign", lambda: sigmoid(-x)),
        ("missing-one", lambda: np.exp(x)),
        ("double-argument", lambda: sigmoid(2 * x)),
        ("tanh-for-sigmoid", lambda: tanh(x)),
    ]


def tanh(x: ArrayLike) -> Array:
    """PyTorch's hyperbolic tangent in float64."""
    return np.asarray(torch.tanh(_tensor(x)).numpy())


def tanh_mistakes(x: Array) -> Formulas:
    """Wrong values of tanh."""
    return [
        ("half-argument", lambda: tanh(x / 2)),
        ("sigmoid-for-tanh", lambda: sigmoid(x)),
        ("inverted", lambda: 1 / tanh(x)),
        ("sinh-for-tanh", lambda: 2 * np.sinh(x)),
    ]


def relu(x: ArrayLike) -> Array:
    """PyTorch's ReLU in float64."""
    return np.asarray(torch.relu(_tensor(x)).numpy())


def relu_mistakes(x: Array) -> Formulas:
    """Wrong values of ReLU."""
    return [
        ("absolute-value", lambda: np.abs(x)),
        ("larger-of-one", lambda: np.fmax(x, 1)),
        ("negative-part", lambda: np.minimum(x, 0)),
        ("leaky", lambda: np.where(x > 0, x, 0.01 * x)),
        ("derivative-for-value", lambda: (x > 0) * 1.0),
    ]


def sigmoid_derivative(x: ArrayLike) -> Array:
    """PyTorch's derivative of the sigmoid."""
    return _slope(torch.sigmoid, x)


def sigmoid_derivative_mistakes(x: Array) -> Formulas:
    """Wrong derivatives of the sigmoid."""
    s = sigmoid(x)
    return [
        ("input-taken-for-output", lambda: x * (1 - x)),
        ("tanh-rule", lambda: 1 - s**2),
        ("half-from-the-output", lambda: s * (1 - x)),
        ("sign-in-factor", lambda: s * (1 + s)),
        ("missing-factor", lambda: 1 - s),
        ("missing-factor", lambda: s),
        ("sigmoid-twice", lambda: sigmoid(s) * (1 - sigmoid(s))),
    ]


def tanh_derivative(x: ArrayLike) -> Array:
    """PyTorch's derivative of tanh."""
    return _slope(torch.tanh, x)


def tanh_derivative_mistakes(x: Array) -> Formulas:
    """Wrong derivatives of tanh."""
    t = tanh(x)
    return [
        ("input-taken-for-output", lambda: 1 - x**2),
        ("sigmoid-rule", lambda: t * (1 - t)),
        ("missing-square", lambda: 1 - t),
        ("missing-square", lambda: 1 - 2 * t),
        ("sign-of-square", lambda: 1 + t**2),
        ("square-of-input", lambda: 1 - tanh(x**2)),
        ("half-argument", lambda: 4 * sigmoid_derivative(x)),
        ("square-of-difference", lambda: (1 - t) ** 2),
    ]


def relu_derivative(x: ArrayLike) -> Array:
    """PyTorch's derivative of ReLU, 0 at 0."""
    return _slope(torch.relu, x)


def relu_derivative_mistakes(x: Array) -> Formulas:
    """Wrong derivatives of ReLU, those with another convention at 0 included."""
    h = 1e-5
    return [
        ("one-at-zero", lambda: (x >= 0) * 1.0),
        ("half-at-zero", lambda: np.heaviside(x, 0.5)),
        ("numerical-shortcut", lambda: (relu(x + h) - relu(x - h)) / (2 * h)),
        ("value-for-derivative", lambda: relu(x)),
        ("sign-for-derivative", lambda: np.sign(x)),
        ("leaky", lambda: np.where(x > 0, 1, 0.01)),
        ("division-by-zero", lambda: relu(x) / x),
    ]


def sigmoid_prime(s: Array) -> Array:
    """The sigmoid's derivative where its output is s."""
    return s - s**2


def sigmoid_prime_mistakes(s: Array) -> Formulas:
    """Wrong derivatives of the sigmoid, given its outputs."""
    return [
        ("sigmoid-applied-again", lambda: sigmoid_derivative(s)),
        ("tanh-rule", lambda: 1 - s**2),
        ("missing-factor", lambda: 1 - s),
    ]


def softmax(x: ArrayLike, axis: int = -1) -> Array:
    """PyTorch's softmax in float64."""
    return np.asarray(torch.softmax(_tensor(x), dim=axis).numpy())


def _shifted(x: Array) -> Array:
    return np.asarray(np.exp(x - x.max(axis=-1, keepdims=True)))


def softmax_mistakes(x: Array) -> Formulas:
    """Wrong softmax functions."""
    return [
        ("each-score-alone", lambda: np.ones_like(x)),
        ("whole-array", lambda: softmax(x.reshape(-1)).reshape(x.shape)),
        ("not-normalised", lambda: np.exp(x)),
        ("sum-of-all", lambda: _shifted(x) / _shifted(x).sum()),
        ("reversed", lambda: softmax(-x)),
        ("no-exponential", lambda: x / x.sum(axis=-1, keepdims=True)),
        ("sigmoid-for-softmax", lambda: sigmoid(x)),
        ("wrong-base", lambda: softmax(x * np.log(2))),
        ("wrong-axis", lambda: softmax(x, 0)),
        ("second-axis", lambda: softmax(x, 1)),
    ]


def saturation_fraction(values: Array, threshold: float = 0.01) -> float:
    """The share of saturated entries, counted in the sorted ones."""
    return _below(np.abs(values), threshold) / values.size


def _below(values: Array, threshold: float, side: Any = "left") -> float:
    return float(np.searchsorted(np.sort(values, axis=None), threshold, side=side))


def saturation_fraction_mistakes(values: Array, threshold: float = 0.01) -> Formulas:
    """Wrong shares of saturated entries."""
    sizes, entries = np.abs(values), values.size
    count = _below(sizes, threshold)
    return [
        ("count", lambda: count),
        ("percent", lambda: 100 * count / entries),
        ("not-saturated-share", lambda: 1 - count / entries),
        ("no-absolute-value", lambda: _below(values, threshold) / entries),
        ("boundary-counted", lambda: _below(sizes, threshold, "right") / entries),
        ("threshold-ignored", lambda: _below(sizes, 0.01) / entries),
        *(
            ("other-default", lambda other=other: _below(sizes, other) / entries)
            for other in (0.1, 0.001, 1e-4)
            if threshold == 0.01
        ),
        ("squared-entries", lambda: _below(sizes**2, threshold) / entries),
        ("rounded", lambda: round(count / entries, 2)),
        ("divided-by-rows", lambda: count / values.shape[-1]),
        ("divided-by-rows", lambda: count / len(values)),
    ]
