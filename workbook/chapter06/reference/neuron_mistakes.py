"""Wrong answers to the graph that is worked out by hand, and to the squared distance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Mistake

_ROUNDED = (
    "f was rounded before it was used. −0.3 and −0.4 in place of −0.3154 and −0.4205 come from f = 1 instead of "
    "1.0513. Round when you print, never in between."
)
_NO_F = "the slope of exp(z) is exp(z) itself, and that factor is missing here. At f near 1 it is easy to overlook."
_SIGN = "e = f − f*, so e grows with f. Here the error was taken the other way round."
_MINUS = "one minus is missing: f falls when z3 rises."
_EXCHANGED = "the two factors of the product are exchanged: the slope of w·x for w is x."
_SQUARE = "this is the derivative of e²/2. The chapter's error is e itself, so ∂e/∂f does not contain e."
_PRINTED = "these are the right digits, but rounded. Return the number as it was computed."


def forward_mistakes(key: str, point: tuple[float, ...], expected: Mapping[str, float]) -> list[Mistake]:
    """Wrong values of one intermediate result; ``expected`` holds the right ones."""
    w1, x1, w2, x2, target = point
    right, f = expected[key], expected["f"]
    known = {
        "z1": [Mistake("sum-for-product", "z1 is a product.", w1 + x1)],
        "z2": [Mistake("sum-for-product", "z2 is a product.", w2 + x2)],
        "z3": [Mistake("product-for-sum", "z3 is a sum.", expected["z1"] * expected["z2"])],
        "z4": [Mistake("missing-minus", _MINUS, -right)],
        "f": [Mistake("missing-minus", "the exponent is z4 = −z3.", 1 / f)],
        "e": [
            Mistake("error-sign", _SIGN, -right),
            Mistake("squared-error", "the chapter's error is the plain difference.", right**2),
        ],
    }
    rounded = "f was rounded. Round when you print, never in between."
    early = [Mistake("rounded-too-early", rounded, round(f, n) - (target if key == "e" else 0)) for n in range(5)]
    late = [Mistake("result-rounded", _PRINTED, round(right, n)) for n in (2, 3, 4)]
    return known[key] + (early if key in ("f", "e") else late)


def backward_mistakes(key: str, point: tuple[float, ...], right: float, f: float, other: Any) -> list[Mistake]:
    """Wrong derivatives of e for one node.

    Args:
        right: the right derivative.
        f: the neuron's output at the point.
        other: what the same function returns at (1, 0.5, −2, 0.75, 1), where f = e; None for ``key`` "f".
    """
    w1, x1, w2, x2, target = point
    error = f - target
    if key == "f":
        return [
            Mistake("error-sign", _SIGN, -right),
            Mistake("squared-error", _SQUARE, error),
            Mistake("squared-error", _SQUARE.replace("e²/2", "e²"), 2 * error),
            Mistake("f-for-slope", "this is f. Asked is how fast e grows with f.", f),
        ]
    swapped = {"w1": w1 / x1, "x1": x1 / w1, "w2": w2 / x2, "x2": x2 / w2}[key]
    partner = {"w1": x1, "x1": w1, "w2": x2, "x2": w2}[key]
    left_out = other is not None and key in other and np.isclose(abs(float(other[key])), _PARTNERS[key])
    unity = Mistake("factor-f-missing", _NO_F, right / f)
    return [
        unity if left_out else Mistake("rounded-too-early", _ROUNDED, right / f),
        *(Mistake("rounded-too-early", _ROUNDED, right / f * round(f, n)) for n in range(5)),
        *(Mistake("result-rounded", _PRINTED, round(right, n)) for n in (2, 3, 4)),
        Mistake("missing-minus", _MINUS, -right),
        Mistake("factors-exchanged", _EXCHANGED, right * swapped),
        Mistake("squared-error", _SQUARE, right * error),
        Mistake("last-product-missing", "the product w·x has a slope, too: the last step is missing.", right / partner),
    ]


# The size of -x1, -w1, … at the second point of ``backward_mistakes``: what comes out where f is left out.
_PARTNERS = {"w1": 0.5, "x1": 1.0, "w2": 0.75, "x2": 2.0}


def squared_distance_mistakes(first: NDArray[np.float64], second: NDArray[np.float64]) -> list[Mistake]:
    """Wrong distances of two vectors."""
    gap = first - second
    square = float(np.vdot(gap, gap))
    return [
        Mistake("root-taken", "this is the distance, not its square.", square**0.5),
        Mistake(
            "mean-not-sum", "this is the mean of the squares; the squared distance is their sum.", square / gap.size
        ),
        Mistake("sum-before-square", "square each entry first, then add up.", float(gap.sum()) ** 2),
        Mistake("absolute-values", "the entries are made positive, but not squared.", float(np.abs(gap).sum())),
        Mistake("sum-not-difference", "the vectors are added.", float(np.vdot(first + second, first + second))),
        Mistake("not-summed", "these are the squares of the entries; the distance is one number, their sum.", gap**2),
        Mistake("not-a-scalar", "the number is right, but it sits in a matrix of one entry.", np.full((1, 1), square)),
        Mistake("outer-product", "this is column times row. For one number it is row times column.", gap @ gap.T)
        if gap.ndim == 2
        else Mistake("root-taken", "this is the distance, not its square.", square**0.5),
    ]
