"""Checks of chapter 02: the accuracy of the best straight line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.testing import Case, Exercise, call, renamed, require, scalar, suspect
from workbook.chapter02.flat_target_checks import FLAT_TARGETS
from workbook.chapter02.rules import NUMPY_ONLY
from workbook.data import xor_blobs

Array = NDArray[np.float64]
Function = Callable[..., Any]

_FITTED = (
    "a line fitted by least squares or by gradient descent is not the line of best accuracy. Search the lines and "
    "count the points on the right side."
)
# What a wrong value means for points that are made to show one mistake.
_SHOWN = {
    "line-through-origin": "a line need not pass through the origin: besides its direction you have to vary where it "
    "lies.",
    "one-side-only": "either side of a line may be the one with label 1.",
    "axis-parallel-lines-only": "this needs a slanted line. Look at how many directions you try.",
    "too-few-lines": "a line need not pass near the origin, nor lie at one of a few angles. Look at the directions and "
    "the positions that you try; positions can be taken from the points.",
    "not-a-line": "two points at the same place are on the same side of every line. Is one threshold used for all "
    "points?",
}


def shows(mistake: str, X: ArrayLike, y: ArrayLike, what: str = "other points") -> Case:
    """Points whose wrong accuracy is due to this mistake."""
    within = partial(renamed, None, mistake, _SHOWN[mistake])
    return Case(f"best_line_accuracy for {what}", [np.asarray(X), np.asarray(y)], within=within)


def flat(X: Array, y: Array) -> Case:
    """The same with labels of shape (N,)."""
    within = partial(suspect, "broadcast-targets", FLAT_TARGETS)
    return Case("best_line_accuracy for labels of shape (N,)", [X, y.ravel()], within=within)


def _slanted_groups(degrees: float, centre: tuple[float, float]) -> Case:
    """Two long groups on either side of a slanted line far from the origin."""
    angle, along = np.deg2rad(degrees), np.linspace(-8, 8, 12)
    upright = np.concatenate([np.stack([along, np.full(12, side)], axis=1) for side in (-1.0, 1.0)])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    labels = np.repeat([1.0, 0.0], 12)[:, None]
    return shows(
        "too-few-lines",
        upright @ turn + centre,
        labels,
        f"two groups along a line at {degrees:g} degrees, round {centre}",
    )


def _four_blobs(function: Function) -> None:
    """Require about three quarters for the chapter's own points, whose best line nobody knows exactly."""
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


_UPRIGHT = np.array([[2.0, -3.0], [2.5, 3.0], [3.0, 0.0], [5.0, -3.0], [5.5, 3.0], [6.0, 0.0]])
_RIGHT_HALF = np.array([[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]])
_GATE = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
_AND, _XOR = np.array([[0.0], [0.0], [0.0], [1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
_REPEATED = [0, 0, 1, 2, 3]
_TWICE = [[0.0, 0.0], [2.0, 1.0], [3.0, -2.0], [0.0, 0.0], [5.0, 0.5]]

best_line_accuracy = Exercise(
    "best_line_accuracy",
    "workbook.chapter02.reference:best_line_accuracy",
    [
        shows("line-through-origin", _UPRIGHT, _RIGHT_HALF, "two groups left and right of x1 = 4"),
        shows("one-side-only", _UPRIGHT, 1 - _RIGHT_HALF, "the same points with labels exchanged"),
        shows("one-side-only", _UPRIGHT[:, ::-1], 1 - _RIGHT_HALF, "two groups, the one below with label 1"),
        flat(_UPRIGHT, _RIGHT_HALF),
        shows("axis-parallel-lines-only", _GATE, _AND, "the AND of two bits"),
        # The line fitted to the four points of XOR gives one half at each of them, up to rounding; a point that counts
        # twice moves it well away.
        Case("best_line_accuracy for the XOR of two bits with (0, 0) twice", [_GATE[_REPEATED], _XOR[_REPEATED]]),
        Case("best_line_accuracy for the XOR of two bits", [_GATE, _XOR]),
        _slanted_groups(20.0, (40.0, -25.0)),
        _slanted_groups(-65.0, (-300.0, 500.0)),
        shows("not-a-line", _TWICE, [0, 1, 1, 1, 1], "two points at one place"),
    ],
    {
        "percent": "an accuracy is a fraction between 0 and 1.",
        "count-not-fraction": "this is a number of points; divide by how many there are.",
        "error-not-accuracy": "this is the share of points on the wrong side, not on the right one.",
        "fitted-line": _FITTED,
        "not-a-line": "no straight line tells these points apart. Is one threshold used for all points of a direction?",
    },
    forbidden=[NUMPY_ONLY],
    also=[_four_blobs],
    summary="two groups, AND, XOR and the four blobs",
    atol=0.01,
)  # fmt: skip
