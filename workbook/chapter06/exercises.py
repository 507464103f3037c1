"""Checks of chapter 06: tensors, a graph as data, one graph by hand, and an automatic differentiation engine."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from autograder.testing import (
    Case,
    CheckFailed,
    Quantity,
    call,
    entries,
    explained,
    passed,
    require,
)
from autograder.testing.hint_display import Hints
from workbook.chapter06.expressions import Leaves
from workbook.chapter06.graph_checks import (
    NEURON,
    content_of,
    named_values,
    neuron_point,
    neuron_structure,
    neuron_value,
)
from workbook.chapter06.tensor_checks import distance, products, squared_distance, tensors
from workbook.chapter06.value_checks import (
    NO_TORCH,
    gradients_of,
    linear_time,
    trace,
    traced,
    value_backward,
    value_forward,
    value_of,
    value_sharing,
)

# Used by the chapter's test cells.
__all__ = [
    "content_of", "distance", "gradients_of", "linear_time", "neuron_point", "neuron_value", "products",
    "squared_distance", "tensors", "trace", "traced", "value_backward", "value_forward", "value_of", "value_sharing",
]  # fmt: skip

Function = Callable[..., Any]
POINT = (0.1, 0.3, -0.2, 0.4, 1.0)
OTHER_POINTS = ((0.7, -0.9, 1.6, 0.35, 2.5), (-1.4, 1.2, -0.8, 0.9, 0.25), (0.9, 1.3, 0.6, 0.8, -1.5))
FORWARD_KEYS = ("z1", "z2", "z3", "z4", "f", "e")
BACKWARD_KEYS = ("f", "w1", "x1", "w2", "x2")
_REFERENCE = "workbook.chapter06.reference.neuron"
_ROUNDED = (
    "f was rounded before it was used. −0.3 and −0.4 in place of −0.3154 and −0.4205 come from f = 1 instead of "
    "1.0513. Round when you print, never in between."
)
_MINUS = "one minus is missing: f falls when z3 rises."
_SIGN = "e = f − f*, so e grows with f. Here the error was taken the other way round."
_SIGMOID = "this belongs to a sigmoid, 1 / (1 + exp(…)). Here f is the exponential alone."
_OTHER_INPUT = "w1 belongs to x1, and w2 to x2. Here each meets the other."
_PRINTED = "these are the right digits, but rounded. Return the number as it was computed."


_FORWARD = Quantity(
    f"{_REFERENCE}:forward",
    {
        "sum-for-product": "z1 and z2 are products.",
        "product-for-sum": "z3 is a sum.",
        "inputs-exchanged": _OTHER_INPUT,
        "missing-minus": _MINUS,
        "minus-for-one-term": "the minus belongs to the whole sum: −(z1 + z2) is −z1 − z2.",
        "sigmoid-for-exp": _SIGMOID,
        "error-sign": _SIGN,
        "error-without-sign": "e keeps its sign: where f is below f*, it is negative.",
        "target-one": "f* was taken to be 1. It is the argument f_star.",
        "squared-error": "the chapter's error is the plain difference.",
        "rounded-too-early": "f was rounded. Round when you print, never in between.",
        "result-rounded": _PRINTED,
    },
    [Case("forward_values(…)", (key, point)) for point in (POINT, *OTHER_POINTS) for key in FORWARD_KEYS],
)
_BACKWARD = Quantity(
    f"{_REFERENCE}:backward",
    {
        "factor-f-missing": "the slope of exp(z) is exp(z) itself, and that factor is missing here. At f near 1 it is "
        "easy to overlook.",
        "rounded-too-early": _ROUNDED,
        "result-rounded": _PRINTED,
        "error-sign": _SIGN,
        "missing-minus": _MINUS,
        "factors-exchanged": "the two factors of the product are exchanged: the slope of w·x for w is x.",
        "squared-error": "this is the derivative of a squared error. The chapter's error is e itself, so ∂e/∂f does "
        "not contain e.",
        "error-for-slope": "e itself stands where its derivative belongs: ∂e/∂f is 1, and the next factor is the slope "
        "of exp.",
        "inputs-exchanged": _OTHER_INPUT,
        "factor-f-twice": "the factor f is here twice. exp is one step, and its slope is f once.",
        "divided-by-f": "the slope of exp(z) is exp(z), so f is a factor. Here it divides.",
        "sigmoid-for-exp": _SIGMOID,
        "exp-of-f": "the slope of exp(z) is exp(z), which is f. Here exp was taken of f once more.",
        "f-for-slope": "this is f. Asked is how fast e grows with f.",
        "last-product-missing": "the product w·x has a slope, too: the last step is missing.",
    },
    [Case("backward_values(…)", (key, point)) for point in (POINT, *OTHER_POINTS) for key in BACKWARD_KEYS],
)


# --- graphs as data, and one graph by hand ---------------------------------------------------------------------------


@explained
def sigmoid_neuron_graph(function: Function) -> None:
    """Check the graph's form, its leaves and its sink, then evaluate it at several points; a second call is fresh."""
    content = content_of(call(function), "sigmoid_neuron_graph()")
    neuron_structure(content)
    for case in NEURON.cases:
        neuron_value(content, *case.arguments())
    again = content_of(call(function), "a second sigmoid_neuron_graph()")
    require(
        len(again["nodes"]) == len(content["nodes"]),
        f"a second call gives a graph of {len(again['nodes'])} nodes; the first had {len(content['nodes'])}.",
        "the graph goes on growing from call to call. Make a new one inside the function.",
        "graph-not-fresh",
    )
    passed("sigmoid_neuron_graph", f"{len(content['nodes'])} nodes, evaluated at five points; a second call is fresh")


@explained
def forward_values(function: Function, point: tuple[float, ...] = POINT) -> None:
    """Compare ``forward_values`` with PyTorch, one intermediate result after the other."""
    got = entries(call(function, *point), FORWARD_KEYS, "forward_values(…)")
    for key in FORWARD_KEYS:
        what = f'forward_values({", ".join(map(repr, point))})["{key}"]'
        _FORWARD.compare(got[key], what, key, point)
    if point == POINT:
        for other in OTHER_POINTS:
            forward_values(function, other)
        passed("forward_values", "six values at the point of the text and at three others")


@explained
def backward_values(function: Function, point: tuple[float, ...] = POINT) -> None:
    """Compare ``backward_values`` with PyTorch's autograd."""
    got = entries(call(function, *point), BACKWARD_KEYS, "backward_values(…)")
    for key in BACKWARD_KEYS:
        what = f'backward_values({", ".join(map(repr, point))})["{key}"]'
        try:
            _BACKWARD.compare(got[key], what, key, point)
        except CheckFailed as failure:
            if failure.mistake == "factor-f-missing" and not _leaves_out_f(function, key):
                raise CheckFailed(failure.message, _ROUNDED, "rounded-too-early") from None
            raise
    if point == POINT:
        for elsewhere in OTHER_POINTS:
            backward_values(function, elsewhere)
        NO_TORCH.check(function, "backward_values")
        passed("backward_values", "five derivatives at the point of the text and at three others")


def _leaves_out_f(function: Function, key: str) -> bool:
    """Whether a derivative lacks the factor f. At the point of the text f rounds to 1; at this one it does not."""
    other = call(function, 1.0, 0.5, -2.0, 0.75, 1.0)
    # The size of -x1, -w1, … at this point.
    partner = {"w1": 0.5, "x1": 1.0, "w2": 0.75, "x2": 2.0}[key]
    return key in other and bool(np.isclose(abs(float(other[key])), partner))


@explained
def small_graph(function: Function) -> None:
    """Evaluate every variable of the graph with its error, at the point of the text and at three others."""
    content = content_of(call(function), "my_graph()")
    for point in (POINT, *OTHER_POINTS):
        leaves = dict(zip(("w1", "x1", "w2", "x2", "f*"), point, strict=True))
        at = ", ".join(f"{name} = {value:g}" for name, value in leaves.items())
        for key, value in named_values(content, leaves, FORWARD_KEYS, "my_graph()").items():
            _FORWARD.compare(value, f"{key} of my_graph() at {at}", key, point)
    passed("my_graph", "six results, evaluated at the point of the text and at three others; it counts no points")


def random_program(seed: int, steps: int = 8) -> str:
    """A random expression for hidden cases, where the reference that draws it is installed."""
    return str(_drawing().random_program(seed, steps))


def random_leaves(seed: int) -> Leaves:
    """The leaves of a random program."""
    return dict(_drawing().random_leaves(seed))


def _drawing() -> Any:
    return import_module("workbook.chapter06.reference.expressions")


hint = Hints("workbook.chapter06")
