"""Checks of chapter 06: tensors that are written down, and the squared distance of two of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Mistake, Quantity, call, compare, explained, passed, require, student_side
from autograder.testing.article import class_with_article
from autograder.testing.forbidden_calls import ForbiddenCalls
from autograder.testing.quantity import recognised

Array = NDArray[np.float64]
Function = Callable[..., Any]
_REFERENCE = "workbook.chapter06.reference.neuron"


def _pairs() -> list[tuple[Array, Array]]:
    rng = np.random.default_rng(63)
    return [
        (np.array([[1.0], [2.0]]), np.array([[-2.0], [-1.0]])),
        *((rng.standard_normal(shape), rng.standard_normal(shape)) for shape in ((3,), (2, 4), (6, 1))),
        (np.full((2, 1), 0.5), np.full((2, 1), 0.5)),
    ]


_PAIRS = _pairs()
_PRODUCT = Quantity(
    f"{_REFERENCE}:product",
    {
        "products-mixed-up": "the two products are mixed up: * works entry by entry, @ is rows times columns.",
        "factors-exchanged": "this is V A. The order counts in a matrix product.",
    },
    [Case("A with V", (name,)) for name in ("hadamard", "matrix_product")],
)
_DISTANCE = Quantity(
    f"{_REFERENCE}:distance",
    {
        "root-taken": "this is the distance, not its square.",
        "mean-not-sum": "this is the mean of the squares; the squared distance is their sum.",
        "sum-before-square": "square each entry first, then add up.",
        "absolute-values": "the entries are made positive, but not squared.",
        "squares-subtracted": "this is the difference of the squares. The distance has the square of the difference.",
        "middle-term-without-two": "(a − b)² is a² − 2ab + b². The middle term is here only once.",
        "sum-not-difference": "the vectors are added.",
        "not-summed": "these are the squares of the entries; the distance is one number, their sum.",
        "not-a-scalar": "the number is right, but it sits in a matrix of one entry.",
        "outer-product": "this is column times row. For one number it is row times column.",
    },
    [Case("squared_distance(v1, v2)", pair) for pair in _PAIRS],
)
_DISTANCE_GRADIENT = Quantity(
    f"{_REFERENCE}:distance_gradient",
    {},
    [Case("the gradient", (which, *pair)) for pair in _PAIRS for which in (0, 1)],
)


@explained
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
            exchanged = "v1 is the first column of V, and v2 the second."
            wrong.append(Mistake("columns-exchanged", exchanged, np.array([[-2.0, 1.0], [-1.0, 2.0]])))
        _tensor(got, np.array(values, dtype=np.float64), name, wrong)
    passed("v1, v2, A, V", "shapes, values and dtype")


@explained
def products(hadamard: Any, matrix_product: Any) -> None:
    """Check the two products of A and V."""
    for name, got in (("hadamard", hadamard), ("matrix_product", matrix_product)):
        answers = _PRODUCT.answers(name)
        _tensor(got, np.asarray(answers.right), name, recognised(_PRODUCT.mistakes, answers))
    passed("hadamard, matrix_product", "A with V, both products")


def _tensor(got: Any, expected: Array, name: str, mistakes: Sequence[Mistake]) -> None:
    require(got is not None, f"{name} is still None.", "fill in the cell above and run it first.", "not-written")
    require(
        hasattr(got, "detach"),
        f"{name} is {class_with_article(got)}; expected a torch tensor.",
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


@explained
def squared_distance(function: Function) -> None:
    """Check value, shape and gradient at the chapter's two vectors, for other shapes, and where both are equal."""
    # First: this message says which call it is, what PyTorch has recorded does not.
    _NO_NORM.check(function, "squared_distance")
    for pair in _PAIRS:
        distance(function, *pair)
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
    what = f"squared_distance(v1, v2), both of shape {first.shape}"
    _DISTANCE.compare(got["value"], what, first, second)
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
    for which, (name, gradient) in enumerate(zip(("v1", "v2"), got["gradients"], strict=True)):
        require(
            gradient is not None,
            f"{name} got no gradient from {what}.",
            f"the result does not depend on {name} in a way that PyTorch can follow.",
            "graph-cut",
        )
        _DISTANCE_GRADIENT.compare(gradient, f"the gradient of {what} for {name}", which, first, second)
