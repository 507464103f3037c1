"""Right and wrong values of the graph that is worked out by hand, of the neuron, and of tensors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit

from autograder.testing.answers import Formulas

Array = NDArray[np.float64]
Point = tuple[float, ...]
_A, _V = np.array([[1.0, -1.0], [0.0, 1.0]]), np.array([[1.0, -2.0], [2.0, -1.0]])


def product(name: str) -> Array:
    """The Hadamard or the matrix product of A and V."""
    return np.asarray(np.einsum("ij,ij->ij" if name == "hadamard" else "ik,kj->ij", _A, _V))


def product_mistakes(name: str) -> Formulas:
    """The other product, and the factors exchanged."""
    yield "products-mixed-up", lambda: product("matrix_product" if name == "hadamard" else "hadamard")
    if name == "matrix_product":
        yield "factors-exchanged", lambda: np.einsum("ik,kj->ij", _V, _A)


def distance(first: Array, second: Array) -> float:
    """PyTorch's summed squared error."""
    loss, _ = _differentiated(first, second)
    return loss


def distance_gradient(which: int, first: Array, second: Array) -> Array:
    """The gradient of :func:`distance` for its argument number ``which``."""
    return _differentiated(first, second)[1][which]


def _differentiated(*pair: Array) -> tuple[float, list[Array]]:
    first, second = (torch.tensor(values, dtype=torch.float64, requires_grad=True) for values in pair)
    loss = torch.nn.functional.mse_loss(first, second, reduction="sum")
    return loss.item(), [slope.numpy() for slope in torch.autograd.grad(loss, [first, second])]


def distance_mistakes(first: Array, second: Array) -> Formulas:
    """Wrong distances of two vectors."""
    gap = first - second
    square = float(np.vdot(gap, gap))
    yield "root-taken", lambda: square**0.5
    yield "mean-not-sum", lambda: square / gap.size
    yield "sum-before-square", lambda: float(gap.sum()) ** 2
    yield "absolute-values", lambda: float(np.abs(gap).sum())
    yield "squares-subtracted", lambda: float(np.vdot(first, first) - np.vdot(second, second))
    yield "middle-term-without-two", lambda: square + float(np.vdot(first, second))
    yield "sum-not-difference", lambda: float(np.vdot(first + second, first + second))
    yield "not-summed", lambda: gap**2
    yield "not-a-scalar", lambda: np.full((1, 1), square)
    if gap.ndim == 2:
        yield "outer-product", lambda: gap @ gap.T


def neuron(point: Mapping[str, float]) -> float:
    """The sigmoid neuron."""
    return float(expit(_sum(point)))


def _sum(point: Mapping[str, float]) -> float:
    return point["w0"] * point["x0"] + point["w1"] * point["x1"] + point["w2"]


def neuron_mistakes(point: Mapping[str, float]) -> Formulas:
    """Graphs with an operation or an edge that is wrong."""
    z, w0, x0, w1, x1, w2 = _sum(point), *(point[name] for name in ("w0", "x0", "w1", "x1", "w2"))
    yield "missing-minus", lambda: expit(-z)
    yield "bias-missing", lambda: expit(z - w2)
    yield "bias-behind-the-minus", lambda: expit(z - 2 * w2)
    yield "one-missing", lambda: np.exp(z)
    yield "quotient-reversed", lambda: 1 / expit(z)
    yield "bias-times-input", lambda: expit(z - w2 + w2 * x1)
    yield "wrong-edges", lambda: expit(w0 * x1 + w1 * x0 + w2)


def forward(key: str, point: Point) -> float:
    """One intermediate result of the graph of the text."""
    w1, x1, w2, x2, target = point
    z1, z2 = w1 * x1, w2 * x2
    f = float(np.reciprocal(np.exp(z1 + z2)))
    return {"z1": z1, "z2": z2, "z3": z1 + z2, "z4": -(z1 + z2), "f": f, "e": f - target}[key]


def forward_mistakes(key: str, point: Point) -> Formulas:
    """Wrong values of one intermediate result."""
    w1, x1, w2, x2, target = point
    right, f = forward(key, point), forward("f", point)
    known = {
        "z1": [("sum-for-product", w1 + x1), ("inputs-exchanged", w1 * x2)],
        "z2": [("sum-for-product", w2 + x2), ("inputs-exchanged", w2 * x1)],
        "z3": [("product-for-sum", w1 * x1 * w2 * x2)],
        "z4": [("missing-minus", -right), ("minus-for-one-term", w2 * x2 - w1 * x1)],
        "f": [("missing-minus", 1 / f), ("sigmoid-for-exp", f / (1 + f)), ("sigmoid-for-exp", 1 / (1 + f))],
        "e": [
            ("error-without-sign" if right < 0 else "error-sign", -right),
            ("squared-error", right**2),
            ("target-one", f - 1),
        ],
    }[key]
    if key in ("f", "e"):
        known += [("rounded-too-early", round(f, n) - (target if key == "e" else 0)) for n in range(5)]
    else:
        known += [("result-rounded", round(right, n)) for n in (2, 3, 4)]
    return ((name, lambda value=value: value) for name, value in known)  # type: ignore[misc]


def backward(key: str, point: Point) -> float:
    """The derivative of e for one node, by PyTorch's autograd."""
    w, x = (torch.tensor(point[i:4:2], dtype=torch.float64, requires_grad=True) for i in (0, 1))
    f = torch.exp(-torch.dot(w, x))
    slopes = [*torch.autograd.grad(f - point[4], f, retain_graph=True), *torch.autograd.grad(f - point[4], [w, x])]
    found: dict[str, float] = dict(zip(("f", "w1", "w2", "x1", "x2"), torch.hstack(slopes).tolist(), strict=True))
    return found[key]


def backward_mistakes(key: str, point: Point) -> Formulas:
    """Wrong derivatives of e for one node."""
    w1, x1, w2, x2, target = point
    right, f = backward(key, point), forward("f", point)
    if key == "f":
        known = [("error-sign", -right), ("squared-error", f - target), ("squared-error", 2 * (f - target))]
        known += [("f-for-slope", f)]
    else:
        swapped = {"w1": w1 / x1, "x1": x1 / w1, "w2": w2 / x2, "x2": x2 / w2}[key]
        partner = {"w1": x1, "x1": w1, "w2": x2, "x2": w2}[key]
        known = [
            ("factor-f-missing", right / f),
            *(("rounded-too-early", right / f * round(f, n)) for n in range(5)),
            *(("result-rounded", round(right, n)) for n in (2, 3, 4)),
            ("missing-minus", -right),
            ("factors-exchanged", right * swapped),
            ("squared-error", right * (f - target)),
            ("last-product-missing", right / partner),
            ("inputs-exchanged", right / partner * {"w1": x2, "x1": w2, "w2": x1, "x2": w1}[key]),
            ("error-for-slope", right / f * (f - target)),
            ("factor-f-twice", right * f),
            ("divided-by-f", right / f**2),
            ("sigmoid-for-exp", right * (1 - f)),
            ("exp-of-f", right / f * np.exp(f)),
        ]
    return ((name, lambda value=value: value) for name, value in known)  # type: ignore[misc]
