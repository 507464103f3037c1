"""Checks of chapter 08's ``merge_linear``: one layer in the place of two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Mistake, Quantity, call, passed, require, student_side
from workbook.chapter08.inputs import linear_pair
from workbook.chapter08.parameter_shapes import outputs_of, state_of

Function = Callable[..., Any]
Sizes = tuple[int, int, int]
Biases = tuple[bool, bool]
# The visible cases: inputs, units and outputs, seed, and which of the two layers has a bias.
_CASES: tuple[tuple[Sizes, int, Biases], ...] = (
    ((3, 4, 2), 101, (True, True)),
    ((2, 5, 3), 103, (False, True)),
    ((2, 5, 3), 104, (True, False)),
    ((2, 5, 3), 105, (False, False)),
    ((3, 3, 3), 106, (True, True)),
)  # fmt: skip
_OUTPUTS = Quantity(
    "workbook.chapter08.reference.merged_layer:outputs",
    {
        "first-bias-forgotten": "the first layer's bias is lost. It passes through the second layer, too.",
        "second-bias-forgotten": "the second layer's bias is lost.",
        "biases-forgotten": "both biases are lost: what does second(first(0)) return?",
        "first-bias-not-mapped": "the first bias was added as it is. On its way to the output it passes through the "
        "second layer's weight.",
        "factors-exchanged": "the weights are multiplied in the wrong order. The first layer acts first, so it stands "
        "next to x.",
    },
    [Case("merge_linear(first, second)(x)", case) for case in _CASES],
    rtol=1e-3,
    atol=1e-3,
)


_BIAS = (
    "every input's output is off by the same amount, so the weight is right and the bias is not. A new nn.Linear has a "
    "random bias, which stays until you write all of it."
)


def merge_linear(function: Function) -> None:
    """Check that one layer does what two did, with biases and without."""
    for case in _CASES:
        merged(function, *case)
    passed("merge_linear", "one layer with the outputs of two, with and without either bias, for five inputs")


def merged(function: Function, sizes: Sizes, seed: int, biases: Biases = (True, True)) -> None:
    """Compare the merged layer with the two that it stands for."""
    arrays, x = linear_pair(sizes, seed, biases)
    pair = [_linear(values) for values in arrays]
    result = call(function, *pair)
    state = state_of(result, "merge_linear(first, second)")
    shapes = sorted((array.shape for array in state.values()), key=len, reverse=True)
    require(
        shapes in ([(sizes[2], sizes[0])], [(sizes[2], sizes[0]), (sizes[2],)]),
        f"the parameters of merge_linear(first, second) have the shapes {', '.join(map(str, shapes))}; expected those "
        f"of one nn.Linear with {sizes[0]} inputs and {sizes[2]} outputs.",
        "one layer in place of two: its weight is a product of matrices. nn.Linear keeps its weight as (outputs, "
        "inputs).",
        "not-one-layer",
    )
    what = "merge_linear(first, second)(x)"
    got = outputs_of(result, x, what)
    off = got - np.asarray(_OUTPUTS.answers(sizes, seed, biases).right)
    # The same for each input: a bias, whatever its numbers are.
    also = (
        [Mistake("another-bias", _BIAS, got)] if off.shape == got.shape and np.allclose(off, off[0], atol=1e-3) else []
    )
    _OUTPUTS.compare(got, what, sizes, seed, biases, also=also)
    for layer, values, which in zip(pair, arrays, ("first", "second"), strict=True):
        now = student_side.state_arrays(layer)
        require(
            all(_same(now.get(key), values[key]) for key in values),
            f"merge_linear has changed the {which} layer.",
            "make a new layer; the two that come in are still in use.",
            "input-layer-changed",
        )


def _linear(values: dict[str, NDArray[Any]]) -> Any:
    """A linear layer with these parameters next to the student's code."""
    outputs, inputs = values["weight"].shape
    layer = student_side.torch.nn.Linear(inputs, outputs, bias="bias" in values)
    student_side.load_arrays(layer, values)
    return layer


def _same(now: NDArray[Any] | None, before: NDArray[Any]) -> bool:
    return now is not None and now.shape == before.shape and np.allclose(now, before, atol=1e-6)
