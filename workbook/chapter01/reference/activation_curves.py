"""Find activation functions and their derivatives among the curves of a drawn figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, require
from workbook.chapter01.reference.activations import expected_derivative, expected_value

Array = NDArray[np.float64]


def curves_of(panel: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of a panel with at least 10 points that reach from -4 to 4; guides and markers drop out."""
    lines = panel["lines"]
    return [line for line in lines if len(line["x"]) >= 10 and line["x"].min() <= -4 and line["x"].max() >= 4]


def _curves(panel: dict[str, Any]) -> Sequence[tuple[Array, Array]]:
    return [(line["x"], line["y"]) for line in curves_of(panel)]


def panel_of(content: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    """The first panel, read with ``student_side.figure_content``, that shows the activation; None if none does."""
    for panel in content:
        if any(np.allclose(y, expected_value(name, x), atol=1e-6) for x, y in _curves(panel)):
            return panel
    return None


def drawn_derivative(content: list[dict[str, Any]], name: str) -> None:
    """Require PyTorch's derivative of the activation among the curves of its panel, away from the kink of ReLU.

    Raises:
        CheckFailed: if no curve is the derivative; the mistake says whether a second curve is there at all.
    """
    panel = panel_of(content, name)
    require(panel is not None, f"no panel shows {name}.", None, "missing-curve")
    assert panel is not None
    curves = _curves(panel)
    for x, y in curves:
        away = np.abs(x) > 0.15  # wide enough for a difference quotient over neighbouring points
        if np.allclose(y[away], expected_derivative(name, x)[away], atol=5e-3):
            return
    if any(np.allclose(y, wrong) for x, y in curves for wrong in (x * (1 - x), 1 - x**2)):
        hint = "the rule from the output was applied to x itself: the curve leaves the range that a slope can have."
        raise CheckFailed(f"the derivative of {name} is not right.", hint, "input-taken-for-output")
    if len(curves) > 1:
        hint = "the second curve is not the derivative. Does the function that you drew pass its own check?"
        raise CheckFailed(f"the derivative of {name} is not right.", hint, "wrong-derivative")
    hint = "each panel needs a second curve, the derivative at the same x."
    raise CheckFailed(f"no curve in the panel of {name} is its derivative.", hint, "missing-derivative")
