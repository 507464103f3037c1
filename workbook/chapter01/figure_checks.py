"""Checks of chapter 01: the figure with the three activations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt

from autograder.testing import call, explained, passed, require, student_side
from workbook.chapter01.reference.activation_curves import curves_of, drawn_derivative, panel_of
from workbook.chapter01.reference.activations import ACTIVATIONS

Function = Callable[..., Any]


@explained
def plot_activations(function: Function) -> None:
    """Check that the figure has a labelled panel for each activation, with the right curves."""
    drawn(function)
    passed("plot_activations", "three labelled panels, with f and its derivative in each")


def drawn(function: Function) -> None:
    """Look at panels, labels, legends and styles, and compare the curves of f and of its derivative."""
    figure = call(function)
    hint = "return the figure, for example the first value of plt.subplots(1, 3)."
    require(figure is not None, "plot_activations() is None.", hint, "no-return")
    kind = type(figure).__name__
    require(kind == "Figure", f"plot_activations() is a {kind}; expected a Figure.", hint, "no-figure")
    content = student_side.figure_content(figure)
    plt.close("all")
    hint = "one panel for each activation, side by side: sigmoid, tanh, ReLU."
    require(len(content) == 3, f"the figure has {len(content)} axes; expected 3.", hint, "panel-count")
    for name in ACTIVATIONS:
        hint = "draw f from -5 to 5. If it is drawn, does the function pass its own check?"
        require(
            panel_of(content, name) is not None,
            f"no panel shows {name} from -5 to 5.",
            hint,
            "missing-curve",
        )
    for number, panel in enumerate(content, start=1):
        count = len(panel["lines"])
        require(
            count >= 2,
            f"panel {number} has {count} line(s); expected two, f and its derivative.",
            None,
            "missing-derivative",
        )
        hint = "label both axes of every panel, also where they say the same."
        require(
            bool(panel["xlabel"] and panel["ylabel"]),
            f"panel {number} lacks an axis label.",
            hint,
            "no-axis-labels",
        )
        hint = "give each line a label, then call legend() on the panel."
        require(len(panel["legend"]) >= 2, f"panel {number} has no legend with two entries.", hint, "no-legend")
        fewest = min(len(line["x"]) for line in curves_of(panel))
        hint = "with few points a curve is drawn as a chain of straight pieces."
        require(fewest >= 100, f"a curve of panel {number} has {fewest} points; expected 100.", hint, "few-points")
        styles = {line["style"] for line in curves_of(panel)}
        hint = "who prints the page, or sees no colours, tells f from its derivative by the style of the line."
        require(len(styles) >= 2, f"the curves of panel {number} have one style.", hint, "same-style")
    for name in ACTIVATIONS:
        drawn_derivative(content, name)
