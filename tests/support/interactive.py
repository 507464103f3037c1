"""Interactive figures in the JavaScript engine that also draws their first state."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from functools import cache
from typing import Any

import quickjs

from autograder.course import Course
from autograder.publishing.interactive_figures import figure_engine
from tests.conftest import ROOT


@cache
def engine(figure: str) -> quickjs.Context:
    return figure_engine(Course(ROOT), figure)


def call(figure: str, formula: str, *values: Any) -> Any:
    """What a formula of a figure returns, in the engine that draws the figure's first state."""
    packed = ", ".join(json.dumps(value) for value in values)
    return json.loads(engine(figure).eval(f"JSON.stringify(Interactive.figures.{figure}.formulas.{formula}({packed}))"))


def figure_attribute(figure: str, name: str) -> str:
    return str(json.loads(engine(figure).eval(f"JSON.stringify(Interactive.figures.{figure}.{name})")))


def drawn(figure: str, state: dict[str, Any], width: int = 700) -> ElementTree.Element:
    """A figure in a state, as SVG."""
    asked = f"Interactive.svg({json.dumps(figure)}, null, {json.dumps(state)}, {width}).markup"
    return ElementTree.fromstring(json.loads(engine(figure).eval(f"JSON.stringify({asked})")))
