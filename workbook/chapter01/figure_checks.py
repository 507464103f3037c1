"""Checks of chapter 01: the figure with the three activations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, call, explained, passed, require, student_side
from autograder.testing.article import class_with_article
from workbook.chapter01.rules import NUMPY_ONLY

Array = NDArray[np.float64]
Function = Callable[..., Any]
Panel = dict[str, Any]
Curve = dict[str, Any]

# What is 0 on the curve of each activation: its equation, without the division.
_EQUATIONS: dict[str, Callable[[Array, Array], Array]] = {
    "sigmoid": lambda x, y: y * (1 + np.exp(-x)) - 1,
    "tanh": lambda x, y: (y - 1) * np.exp(x) + (y + 1) * np.exp(-x),
    "relu": lambda x, y: np.where(x > 0, y - x, y),
}


@explained
def plot_activations(function: Function) -> None:
    """Check that the figure has a labelled panel for each activation, with the right curves."""
    drawn(function)
    NUMPY_ONLY.check(function, "plot_activations")
    passed("plot_activations", "three labelled panels, with f and its derivative in each")


def drawn(function: Function) -> None:
    """Look at panels, labels, legends and styles, and at the curves of f and of its derivative."""
    figure = call(function)
    hint = "return the figure, for example the first value of plt.subplots(1, 3)."
    require(figure is not None, "plot_activations() is None.", hint, "no-return")
    # By name: an object that stays in the student's kernel bears the name of its class.
    is_figure = type(figure).__name__ == "Figure"
    require(is_figure, f"plot_activations() is {class_with_article(figure)}; expected a Figure.", hint, "no-figure")
    content = student_side.figure_content(figure)
    plt.close("all")
    hint = "one panel for each activation: sigmoid, tanh, ReLU."
    require(len(content) == 3, f"the figure has {len(content)} axes; expected 3.", hint, "panel-count")
    found = {name: _found(content, name) for name in _EQUATIONS}
    for number, panel in enumerate(content, start=1):
        _furnished(panel, number)
    for name, (curve, others) in found.items():
        _derivative(curve, others, name)
    for number, panel in enumerate(content, start=1):
        hint = "who prints the page, or sees no colours, tells f from its derivative by the style of the line."
        styles = {line["style"] for line in _curves(panel)}
        require(len(styles) >= 2, f"the curves of panel {number} have one style.", hint, "same-style")


def _curves(panel: Panel) -> list[Curve]:
    """The lines of a panel with at least 10 points that reach from -5 to 5; guides and markers drop out.

    ``np.arange`` ends one step before 5.
    """
    lines = panel["lines"]
    return [line for line in lines if len(line["x"]) >= 10 and line["x"].min() <= -5 and line["x"].max() > 4.8]


def _found(content: list[Panel], name: str) -> tuple[Curve, list[Curve]]:
    """The first curve on which the activation's equation holds, and the others of its panel."""
    for curves in map(_curves, content):
        for number, curve in enumerate(curves):
            x, y = curve["x"], curve["y"]
            if np.allclose(_EQUATIONS[name](x, y) / (1 + np.exp(np.abs(x))), 0, atol=1e-7):
                return curve, curves[:number] + curves[number + 1 :]
    hint = "draw f from -5 to 5. If it is drawn, does the function pass its own check?"
    raise CheckFailed(f"no panel shows {name} from -5 to 5.", hint, "missing-curve")


def _furnished(panel: Panel, number: int) -> None:
    count = len(panel["lines"])
    require(
        count >= 2,
        f"panel {number} has {count} line(s); expected two, f and its derivative.",
        None,
        "missing-derivative",
    )
    hint = "label both axes of every panel, also where they say the same."
    require(bool(panel["xlabel"] and panel["ylabel"]), f"panel {number} lacks an axis label.", hint, "no-axis-labels")
    hint = "give each line a label, then call legend() on the panel."
    require(len(panel["legend"]) >= 2, f"panel {number} has no legend with two entries.", hint, "no-legend")
    fewest = min((len(line["x"]) for line in _curves(panel)), default=100)
    hint = "with few points a curve is drawn as a chain of straight pieces."
    require(fewest >= 100, f"a curve of panel {number} has {fewest} points; expected 100.", hint, "few-points")


def _derivative(curve: Curve, others: list[Curve], name: str) -> None:
    """Require among the others the slope of the activation's curve.

    Raises:
        CheckFailed: if it is not there; the mistake says whether a second curve is there at all.
    """
    if any(_is_slope(other, curve) for other in others):
        return
    for x, y in ((other["x"], other["y"]) for other in others):
        hint = "the rule from the output was applied to x itself: the curve leaves the range that a slope can have."
        from_input = np.allclose(y, x * (1 - x)) or np.allclose(y, 1 - x**2)
        require(not from_input, f"the derivative of {name} is not right.", hint, "input-taken-for-output")
    hint = "the second curve is not the derivative. Does the function that you drew pass its own check?"
    require(not others, f"the derivative of {name} is not right.", hint, "wrong-derivative")
    hint = "each panel needs a second curve, the derivative at the same x."
    raise CheckFailed(f"no curve in the panel of {name} is its derivative.", hint, "missing-derivative")


def _is_slope(slope: Curve, curve: Curve) -> bool:
    """Whether the curve rises from each x to the next by the step times the mean slope, away from the kink of ReLU."""
    x, at = np.unique(curve["x"], return_index=True)
    order = np.argsort(slope["x"])
    slopes = np.interp(x, slope["x"][order], slope["y"][order])
    measured = np.diff(curve["y"][at]) / np.diff(x)
    away = np.minimum(np.abs(x[1:]), np.abs(x[:-1])) > 0.15  # wide enough for a difference quotient over neighbours
    return bool(np.allclose(((slopes[1:] + slopes[:-1]) / 2)[away], measured[away], atol=5e-3))
