"""Checks of chapter 06: tensors, a graph as data, one graph by hand, and an automatic differentiation engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.testing import Mistake, call, compare, entries, passed, require, student_side
from autograder.testing.forbidden_calls import ForbiddenCalls
from autograder.testing.hint_display import Hints
from workbook.chapter06.graph_checks import content_of, neuron_point, neuron_structure, neuron_value
from workbook.chapter06.reference.neuron_mistakes import backward_mistakes, forward_mistakes, squared_distance_mistakes
from workbook.chapter06.reference.value import random_leaves, random_program
from workbook.chapter06.value_checks import (
    NO_TORCH,
    gradients_of,
    linear_time,
    shared_result,
    trace,
    traced,
    value_backward,
    value_forward,
    value_of,
    value_sharing,
)

# Used by the chapter's test cells.
__all__ = [
    "content_of",
    "gradients_of",
    "linear_time",
    "neuron_point",
    "neuron_value",
    "random_leaves",
    "random_program",
    "shared_result",
    "trace",
    "traced",
    "value_backward",
    "value_forward",
    "value_of",
    "value_sharing",
]

Array = NDArray[np.float64]
Function = Callable[..., Any]
POINT = (0.1, 0.3, -0.2, 0.4, 1.0)
OTHER_POINTS = ((0.7, -0.9, 1.6, 0.35, 2.5), (-1.4, 1.2, -0.8, 0.9, 0.25), (0.9, 1.3, 0.6, 0.8, -1.5))
FORWARD_KEYS = ("z1", "z2", "z3", "z4", "f", "e")
BACKWARD_KEYS = ("f", "w1", "x1", "w2", "x2")


# --- tensors ---------------------------------------------------------------------------------------------------------


def tensors(v1: Any, v2: Any, A: Any, V: Any) -> None:
    """Check the four tensors that are written down."""
    expected = {
        "v1": (v1, [[1], [2]]),
        "v2": (v2, [[-2], [-1]]),
        "A": (A, [[1, -1], [0, 1]]),
        "V": (V, np.column_stack([[1, 2], [-2, -1]])),
    }
    stacked = "the vectors are its rows. [v1 v2] has them as columns, side by side."
    for name, (got, values) in expected.items():
        wrong = [Mistake("stacked-as-rows", stacked, np.array([[1.0, 2.0], [-2.0, -1.0]]))] if name == "V" else []
        if name == "V":
            wrong.append(Mistake("stacked-as-rows", stacked, np.array([[1.0], [2.0], [-2.0], [-1.0]])))
        _tensor(got, np.array(values, dtype=np.float64), name, wrong)
    passed("v1, v2, A, V", "shapes, values and dtype")


def products(hadamard: Any, matrix_product: Any) -> None:
    """Check the two products of A and V."""
    A = np.array([[1.0, -1.0], [0.0, 1.0]])
    V = np.array([[1.0, -2.0], [2.0, -1.0]])
    entrywise = torch.einsum("ij,ij->ij", torch.tensor(A), torch.tensor(V)).numpy()
    product, reversed_ = np.einsum("ik,kj->ij", A, V), np.einsum("ik,kj->ij", V, A)
    mixed = "the two products are mixed up: * works entry by entry, @ is rows times columns."
    order = "this is V A. The order counts in a matrix product."
    _tensor(hadamard, entrywise, "hadamard", [Mistake("products-mixed-up", mixed, product)])
    wrong = [Mistake("products-mixed-up", mixed, entrywise), Mistake("factors-exchanged", order, reversed_)]
    _tensor(matrix_product, product, "matrix_product", wrong)
    passed("hadamard, matrix_product", "A with V, both products")


def _tensor(got: Any, expected: Array, name: str, mistakes: list[Mistake]) -> None:
    require(got is not None, f"{name} is still None.", "fill in the cell above and run it first.", "not-written")
    require(
        hasattr(got, "detach"),
        f"{name} is a {type(got).__name__}; expected a torch tensor.",
        "torch.tensor(…) makes one from nested lists.",
        "not-a-tensor",
    )
    values = got.detach().cpu().numpy()
    require(
        values.dtype.kind not in "iu" or not np.array_equal(values, expected),
        f"{name} has dtype {values.dtype}; expected floating point.",
        "the numbers are right, but they are integers. Autograd differentiates floats only: write 1.0.",
        "integer-tensor",
    )
    compare(got, expected, name, mistakes=mistakes)


def squared_distance(function: Function) -> None:
    """Check value, shape and gradient at the chapter's two vectors, for other shapes, and where both are equal."""
    # First: this message says which call it is, what PyTorch has recorded does not.
    _NO_NORM.check(function, "squared_distance")
    distance(function, np.array([[1.0], [2.0]]), np.array([[-2.0], [-1.0]]))
    rng = np.random.default_rng(63)
    for shape in ((3,), (2, 4), (6, 1)):
        distance(function, rng.standard_normal(shape), rng.standard_normal(shape))
    distance(function, np.full((2, 1), 0.5), np.full((2, 1), 0.5))
    passed("squared_distance", "the value and both gradients at v1, v2, for other shapes, and for equal vectors")


_SQUARES = "write it with a difference, squares and a sum."
_NO_NORM = ForbiddenCalls(
    (
        "torch.norm", "torch.functional.norm", "torch.dist", "torch.cdist", "torch.functional.cdist", "torch.linalg",
        "torch.pairwise_distance", "torch.nn", "numpy.linalg", "scipy", "sklearn",
    ),
    _SQUARES,
    mistake="norm-used",
)  # fmt: skip


def distance(function: Function, first: Array, second: Array) -> None:
    """Compare ``squared_distance`` and its two gradients with PyTorch's summed squared error."""

    def differentiated(*values: Array) -> dict[str, Any]:
        return student_side.differentiated(function, values)

    differentiated.__name__ = getattr(function, "__name__", "squared_distance")
    got = call(differentiated, first, second)
    right = [torch.tensor(values, dtype=torch.float64, requires_grad=True) for values in (first, second)]
    loss = torch.nn.functional.mse_loss(right[0], right[1], reduction="sum")
    loss.backward()
    what = f"squared_distance(v1, v2), both of shape {first.shape}"
    compare(got["value"], loss.item(), what, mistakes=squared_distance_mistakes(first, second))
    require(
        got["tracked"],
        f"{what} has the right value, but no gradient can flow back from it.",
        "the result has forgotten how it was computed. Look for .item(), .detach(), .numpy(), float() or a new tensor.",
        "graph-cut",
    )
    require(
        not any(word in name.lower() for name in got["operations"] for word in ("norm", "dist", "loss")),
        f"{what} was computed with a norm, a distance or a loss of PyTorch.",
        _SQUARES,
        "norm-used",
    )
    for name, gradient, other in zip(("v1", "v2"), got["gradients"], right, strict=True):
        require(
            gradient is not None,
            f"{name} got no gradient from {what}.",
            f"the result does not depend on {name} in a way that PyTorch can follow.",
            "graph-cut",
        )
        assert other.grad is not None
        compare(gradient, other.grad.numpy(), f"the gradient of {what} for {name}")


# --- graphs as data, and one graph by hand ---------------------------------------------------------------------------


def sigmoid_neuron_graph(function: Function) -> None:
    """Check the graph's form, its leaves and its sink, then evaluate it at several points; a second call is fresh."""
    content = content_of(call(function), "sigmoid_neuron_graph()")
    neuron_structure(content)
    neuron_value(content, {"w0": 1.0, "x0": 2.0, "w1": -1.5, "x1": 0.5, "w2": 0.25})
    rng = np.random.default_rng(60)
    for size in (1.5, 1.5, 4.0):
        neuron_value(content, neuron_point(rng, size))
    neuron_value(content, {"w0": 0.8, "x0": 0.0, "w1": -1.1, "x1": 0.0, "w2": -0.6})
    again = content_of(call(function), "a second sigmoid_neuron_graph()")
    require(
        len(again["nodes"]) == len(content["nodes"]),
        f"a second call gives a graph of {len(again['nodes'])} nodes; the first had {len(content['nodes'])}.",
        "the graph goes on growing from call to call. Make a new one inside the function.",
        "graph-not-fresh",
    )
    passed("sigmoid_neuron_graph", f"{len(content['nodes'])} nodes, evaluated at five points; a second call is fresh")


def forward_values(function: Function, point: tuple[float, ...] = POINT) -> None:
    """Compare ``forward_values`` with PyTorch, one intermediate result after the other."""
    got = entries(call(function, *point), FORWARD_KEYS, "forward_values(…)")
    z1, z2, z3 = (float(np.dot(point[i:j:2], point[i + 1 : j : 2])) for i, j in ((0, 2), (2, 4), (0, 4)))
    f = float(np.reciprocal(np.exp(z3)))
    expected = {"z1": z1, "z2": z2, "z3": z3, "z4": -z3, "f": f, "e": f - point[4]}
    for key in FORWARD_KEYS:
        what = f'forward_values({", ".join(map(repr, point))})["{key}"]'
        compare(got[key], expected[key], what, mistakes=forward_mistakes(key, point, expected))
    if point == POINT:
        for other in OTHER_POINTS:
            forward_values(function, other)
        passed("forward_values", "six values at the point of the text and at three others")


def backward_values(function: Function, point: tuple[float, ...] = POINT) -> None:
    """Compare ``backward_values`` with PyTorch's autograd."""
    got = entries(call(function, *point), BACKWARD_KEYS, "backward_values(…)")
    w, x = (torch.tensor(point[i:4:2], dtype=torch.float64, requires_grad=True) for i in (0, 1))
    f = torch.exp(-torch.dot(w, x))
    slopes = [*torch.autograd.grad(f - point[4], f, retain_graph=True), *torch.autograd.grad(f - point[4], [w, x])]
    right = dict(zip(("f", "w1", "w2", "x1", "x2"), torch.hstack(slopes).tolist(), strict=True))
    for key in BACKWARD_KEYS:
        what = f'backward_values({", ".join(map(repr, point))})["{key}"]'
        # Rounding f to 1 and leaving f out agree at the point of the text; a second point tells them apart.
        other = call(function, 1.0, 0.5, -2.0, 0.75, 1.0) if key != "f" else None
        wrong = backward_mistakes(key, point, right[key], f.item(), other)
        compare(got[key], right[key], what, mistakes=wrong)
    if point == POINT:
        for elsewhere in OTHER_POINTS:
            backward_values(function, elsewhere)
        NO_TORCH.check(function, "backward_values")
        passed("backward_values", "five derivatives at the point of the text and at three others")


hint = Hints("workbook.chapter06")
