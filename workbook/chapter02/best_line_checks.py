"""Checks of chapter 02: the accuracy of the best straight line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Mistake, call, compare, explained, passed, require, scalar, suspect
from workbook.chapter02.reference.xor_mlp_mistakes import flat_targets
from workbook.data import xor_blobs

_FITTED = (
    "a line fitted by least squares or by gradient descent is not the line of best accuracy. Search the lines and "
    "count the points on the right side."
)


@explained
def best_line_accuracy(function: Callable[..., Any]) -> None:
    """Check ``best_line_accuracy(X, y)`` on points whose answer is known by hand, then on the chapter's data."""
    upright = np.array([[2.0, -3.0], [2.5, 3.0], [3.0, 0.0], [5.0, -3.0], [5.5, 3.0], [6.0, 0.0]])
    right_half = np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]])
    line_mistake(
        function, upright, right_half, "two groups left and right of x1 = 4", "line-through-origin",
        "a line need not pass through the origin: besides its direction you have to vary where it lies.",
    )  # fmt: skip
    one_side = "either side of a line may be the one with label 1."
    line_mistake(function, upright, 1 - right_half, "the same points with labels exchanged", "one-side-only", one_side)
    stacked, lower = upright[:, ::-1], 1 - right_half
    line_mistake(function, stacked, lower, "two groups, the one below with label 1", "one-side-only", one_side)
    flat_targets(function, upright, right_half, "best_line_accuracy")
    gate = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    line_mistake(
        function, gate, np.array([[0.0], [0.0], [0.0], [1.0]]), "the AND of two bits", "axis-parallel-lines-only",
        "this needs a slanted line. Look at how many directions you try.",
    )  # fmt: skip
    # The line fitted to the four points of XOR gives one half at each of them, up to rounding; a point that counts
    # twice moves it well away.
    compare(
        call(function, gate[[0, 0, 1, 2, 3]], np.array([[0.0], [0.0], [1.0], [1.0], [0.0]])),
        0.8,
        "best_line_accuracy for the XOR of two bits with (0, 0) twice",
        atol=1e-6,
        mistakes=[
            Mistake("error-not-accuracy", "this is the share of points on the wrong side, not on the right one.", 0.2),
            Mistake("percent", "an accuracy is a fraction between 0 and 1.", 80.0),
            Mistake("count-not-fraction", "this is a number of points; divide by how many there are.", 4.0),
            Mistake("fitted-line", _FITTED, 0.4),
        ],
    )
    xor = call(function, gate, np.array([[0.0], [1.0], [1.0], [0.0]]))
    compare(xor, 0.75, "best_line_accuracy for the XOR of two bits", atol=1e-6)
    slanted_groups(function, 20.0, (40.0, -25.0))
    slanted_groups(function, -65.0, (-300.0, 500.0))
    twice_a_point(function, [[0.0, 0.0], [2.0, 1.0], [3.0, -2.0], [0.0, 0.0], [5.0, 0.5]], [0, 1, 1, 1, 1], 0.8)
    X, y, *_ = xor_blobs()
    got = scalar(call(function, X, y), "best_line_accuracy(X_train, y_train)")
    require(
        0.70 <= got <= 0.78,
        f"best_line_accuracy(X_train, y_train) is {got:.4g}; expected a value between 0.70 and 0.78.",
        _FITTED
        if got < 0.70
        else "no straight line does so well here. Check that one threshold is used for all points of a direction.",
        "fitted-line" if got < 0.70 else "not-a-line",
    )
    passed("best_line_accuracy", "two groups, AND, XOR and the four blobs")


def slanted_groups(function: Callable[..., Any], degrees: float, centre: tuple[float, float]) -> None:
    """Require that two long groups on either side of a slanted line far from the origin are told apart."""
    angle, along = np.deg2rad(degrees), np.linspace(-8, 8, 12)
    upright = np.concatenate([np.stack([along, np.full(12, side)], axis=1) for side in (-1.0, 1.0)])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    line_mistake(
        function,
        upright @ turn + centre,
        np.repeat([1.0, 0.0], 12)[:, None],
        f"two groups along a line at {degrees:g} degrees, round {centre}",
        "too-few-lines",
        "a line need not pass near the origin, nor lie at one of a few angles. Look at the directions and the "
        "positions that you try; positions can be taken from the points.",
    )


def twice_a_point(function: Callable[..., Any], X: ArrayLike, y: ArrayLike, right: float) -> None:
    """Compare for points of which two lie on each other with different labels: no line tells these apart."""
    points = np.asarray(X)
    got = call(function, points, np.asarray(y))
    hint = "two points at the same place are on the same side of every line. Is one threshold used for all points?"
    with suspect("not-a-line", hint):
        compare(got, right, "best_line_accuracy with two points at one place", atol=1e-6)


def line_mistake(function: Callable[..., Any], X: ArrayLike, y: ArrayLike, what: str, name: str, hint: str) -> None:
    """Require that a line separates these points, and blame the failure on one mistake."""
    X = np.asarray(X)
    got = call(function, X, np.asarray(y))
    compare(
        got,
        1.0,
        f"best_line_accuracy for {what}",
        atol=1e-6,
        mistakes=[
            Mistake("percent", "an accuracy is a fraction between 0 and 1.", 100.0),
            Mistake("count-not-fraction", "this is a number of points; divide by how many there are.", len(X)),
            Mistake("error-not-accuracy", "this is the share of points on the wrong side, not on the right one.", 0.0),
            Mistake(name, hint, lambda: got if np.size(got) == 1 and 0 < np.abs(got) < 1 else np.nan),
        ],
    )
