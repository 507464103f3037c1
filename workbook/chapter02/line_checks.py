"""Checks of chapter 02: the accuracy of one straight line."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Case, Exercise, suspect
from workbook.chapter02.flat_target_checks import FLAT_TARGETS
from workbook.chapter02.rules import NUMPY_ONLY


def line(points: ArrayLike, labels: ArrayLike, weights: ArrayLike, bias: float, what: str) -> Case:
    """The line with these weights and this bias among these points, with labels of shape (N, 1)."""
    column = np.reshape(labels, (-1, 1))
    return Case(f"line_accuracy for {what}", [np.asarray(points), column, np.asarray(weights), bias])


def flat_line(points: ArrayLike, labels: ArrayLike, weights: ArrayLike, bias: float) -> Case:
    """The same with labels of shape (N,)."""
    within = partial(suspect, "broadcast-targets", FLAT_TARGETS)
    arguments = [np.asarray(points), np.ravel(labels), np.asarray(weights), bias]
    return Case("line_accuracy for labels of shape (N,)", arguments, within=within)


# Sums of multiples of a half are exact, so that a point is on a line or is not. With these points and labels every
# mistake that is named below gives a share of its own.
_POINTS = [
    [2.5, -3.5], [-2.5, -2.0], [-2.5, 2.5], [3.0, 0.5], [-4.0, -3.5], [-1.5, -0.5], [1.0, 0.0], [-2.0, -3.0],
    [1.5, 2.0], [-4.0, -3.5], [-0.5, -1.0],
]  # fmt: skip
_LABELS = [1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1]
_WRONG_SIDE = [
    [-1.5, 3.5], [-2.5, -2.5], [-3.0, 1.5], [1.0, 3.0], [0.5, 1.0], [-1.0, 0.0], [-0.5, -2.5], [-1.5, 0.5],
    [-4.0, -3.5],
]  # fmt: skip
_WRONG_SIDE_LABELS = [0, 0, 1, 1, 1, 1, 0, 1, 0]
_TWO_ON_THE_LINE = [
    [0.0, 4.0], [-4.0, 0.0], [-2.0, -1.0], [3.0, 0.5], [2.0, 1.0], [-1.0, -2.0], [0.0, 2.5], [2.0, 3.0], [2.5, 0.5],
    [0.0, 1.0], [3.0, 3.0],
]  # fmt: skip
_ON_THE_LINE_LABELS = [0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1]

line_accuracy = Exercise(
    "line_accuracy",
    "workbook.chapter02.reference:line_accuracy",
    [
        line(_POINTS, _LABELS, [1.5, -2.0], 2.5, "eleven points"),
        line(_WRONG_SIDE, _WRONG_SIDE_LABELS, [-0.25, -0.75], 0.5, "a line that is wrong for most points"),
        line(_TWO_ON_THE_LINE, _ON_THE_LINE_LABELS, [2.0, -3.0], 3.0, "two points on the line"),
        flat_line(_POINTS, _LABELS, [1.5, -2.0], 2.5),
        line(_POINTS, _LABELS, [40.0, 0.0], -70.0, "the vertical line x1 = 1.75"),
        line(_POINTS, _LABELS, [0.5, 0.25], -70.0, "a line with all points on one side"),
        line([[3.0, -2.0]], [0], [-1.5, 2.0], 0.5, "one point"),
    ],
    {
        "boundary-counted": "a point on the line, where the sum is exactly 0, has label 0: the condition is > 0.",
        "broadcast-targets": FLAT_TARGETS,
        "bias-sign": "the bias is subtracted here; add it to the weighted sum.",
        "bias-ignored": "the bias has no effect here: this line passes through the origin.",
        "coordinates-exchanged": "the first weight belongs to the first coordinate, the second to the second.",
        "labels-ignored": "this is the share of points that the line gives label 1. Compare with the labels.",
        "percent": "an accuracy is a fraction between 0 and 1.",
        "count-not-fraction": "this is a number of points; divide by how many there are.",
        "either-side": "this line says 1 where the sum is positive, even if it would be better the other way round.",
        "error-not-accuracy": "this is the share of points on the wrong side. Label 1 is where the sum is positive.",
    },
    forbidden=[NUMPY_ONLY],
    summary="three lines, two points on a line, both shapes of labels, one point",
)
