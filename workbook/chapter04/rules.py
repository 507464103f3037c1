"""What chapter 04 forbids: Python loops in the layers, and libraries that do the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.testing import Case, Forbidden, ForbiddenLoop
from autograder.testing.forbidden_calls import ForbiddenCalls
from workbook.chapter04.inputs import Array, Shape, scores_of

Arguments = Callable[[], Sequence[Any]]

NUMPY_ONLY = ForbiddenCalls(
    ("torch", "scipy", "sklearn"),
    "the exercises of this chapter are written with NumPy alone; PyTorch is there to compare with.",
    judged_elsewhere=(
        "fc_forward", "fc_backward", "relu_forward", "relu_backward", "softmax_loss", "fc_relu_forward",
        "fc_relu_backward", "TwoLayerNet", "FullyConnectedNet", "sgd_momentum", "count_parameters",
    ),
    mistake="library-does-the-work",
)  # fmt: skip


def layer_rules(arguments: Callable[[Shape, int], Sequence[Any]]) -> list[Forbidden]:
    """NumPy alone, and no loop over samples, inputs or outputs of a layer.

    Args:
        arguments: makes the function's arguments for an x of this shape and so many outputs.
    """
    return [
        _loop("samples", 3, 12, partial(arguments, (3, 4), 2), partial(arguments, (12, 4), 2)),
        _loop("inputs", 4, 16, partial(arguments, (3, 4), 2), partial(arguments, (3, 16), 2)),
        _loop("outputs", 2, 8, partial(arguments, (3, 4), 2), partial(arguments, (3, 4), 8)),
        NUMPY_ONLY,
    ]


def relu_rules(arguments: Callable[[Array], Sequence[Any]]) -> list[Forbidden]:
    """NumPy alone, and no loop over rows or columns; ``arguments`` makes the function's arguments from x."""
    few, more_rows, more_columns = (np.random.default_rng(3).standard_normal(s) for s in ((3, 4), (12, 4), (3, 16)))
    return [
        _loop("samples", 3, 12, partial(arguments, few), partial(arguments, more_rows)),
        _loop("inputs", 4, 16, partial(arguments, few), partial(arguments, more_columns)),
        NUMPY_ONLY,
    ]


def softmax_rules() -> list[Forbidden]:
    """NumPy alone, and no loop over samples or classes."""
    return [
        _loop("samples", 3, 12, partial(scores_of, 3, 4), partial(scores_of, 12, 4)),
        _loop("classes", 4, 16, partial(scores_of, 3, 4), partial(scores_of, 3, 16)),
        NUMPY_ONLY,
    ]


def _loop(things: str, small: int, large: int, few: Arguments, many: Arguments) -> ForbiddenLoop:
    hint = "One NumPy call can do all rows at once." if things == "samples" else "One NumPy call can do them all."
    return ForbiddenLoop(things, Case(f"{small} {things}", few), Case(f"{large} {things}", many), hint)
