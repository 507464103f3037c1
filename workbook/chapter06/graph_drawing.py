"""Draw a computational graph with matplotlib: circles for variables, rectangles for operations.

At a desk it goes from left to right, with the value above a variable and the gradient of the result for it below; on a
phone it goes down, with the value and, in the line below it, the gradient to the right of a variable. Lengths are in
inches.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from workbook.chapter06.graph import as_content, check_structure
from workbook.chapter06.graph_layout import Layout, layered_layout
from workbook.chapter06.graph_shapes import (
    DESK,
    FAINT,
    GREY,
    HALF_HEIGHT,
    LINE_HEIGHT,
    NODE_GAP,
    PHONE,
    PHONE_MARKED,
    RADIUS,
    Flow,
    Place,
    draw_edges,
    draw_note,
    draw_operation,
    draw_variable,
    number_text,
    variable_label,
)  # fmt: skip
from workbook.plot import BLACK, BLUE, GREEN, ORANGE, on_a_phone

_NARROWEST = 4.4
_STEPS = "\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468"  # circled numbers
_LINE, _LINE_HEIGHT = 38, 0.18  # letters of a line on a phone, and its height in inches
Step = tuple[str, Mapping[str, float], Mapping[str, float]]
Written = tuple[str, Mapping[str, str], Mapping[str, str]]


def draw_graph(graph: Any, title: str = "", *, notes: bool = True, names: Mapping[str, float] | None = None) -> Figure:
    """Draw a graph.

    Args:
        graph: a networkx graph in the vocabulary of :mod:`workbook.chapter06.graph`.
        title: what the drawing shows.
        notes: whether to write the attributes ``value`` and ``grad`` above and below the variables.
        names: names for leaves, which are recognised by their value.

    Raises:
        GraphError: if the graph is malformed.
    """
    content = _sorted(graph)
    values, gradients = {}, {}
    if notes:
        values = {node["name"]: node["value"] for node in content["nodes"] if _noted(node, "value")}
        gradients = {node["name"]: node["grad"] for node in content["nodes"] if _noted(node, "grad")}
    return _drawn(content, (title, values, gradients), names or {})


def draw_steps(graph: Any, steps: Sequence[Step]) -> Figure:
    """Draw one graph several times, one below the other, with the numbers known after each step.

    On a phone it is drawn once, and a number next to a circle says in which step it was found.

    Args:
        graph: as for :func:`draw_graph`.
        steps: for each drawing its title, values by node name, and gradients by node name. Variables with neither are
            drawn faint. What is known stays known.
    """
    content = _sorted(graph)
    figure = _stacked(content, [_written(step) for step in steps], {}, DESK, _NARROWEST, faint=True)
    figure.text(0.98, 0.07 / figure.get_figheight(), "grey: not known yet", color=GREY, fontsize=8, ha="right")
    on_a_phone(figure, partial(_at_once, content, steps))
    return figure


def _sorted(graph: Any) -> dict[str, Any]:
    """The plain data of a well-formed graph, edges by position, so that first operands are placed on top."""
    content = as_content(graph)
    check_structure(content)
    return {**content, "edges": sorted(content["edges"], key=lambda edge: edge.get("position") or 0)}


def layout_of(content: Mapping[str, Any], lines: int = 2, flow: Flow = DESK) -> Layout:
    """Place the nodes of a graph with room for so many lines of numbers at each variable."""
    edges = [(edge["source"], edge["target"]) for edge in content["edges"]]
    fed = {target for _, target in edges}
    across = [
        2 * HALF_HEIGHT if node["kind"] == "operation" else flow.across(lines, leaf=index not in fed)
        for index, node in enumerate(content["nodes"])
    ]
    return layered_layout(across, edges, flow.layer_gap, NODE_GAP)


def _drawn(content: Mapping[str, Any], step: Step, names: Mapping[str, float]) -> Figure:
    draw = partial(_stacked, content, [_written(step)], names, faint=False)
    figure = draw(DESK, _NARROWEST)
    on_a_phone(figure, partial(draw, PHONE))
    return figure


def _written(step: Step) -> Written:
    """A step with its numbers as text."""
    title, values, gradients = step
    return title, _texts(values), _texts(gradients)


def _texts(numbers: Mapping[str, float]) -> dict[str, str]:
    return {name: number_text(value) for name, value in numbers.items()}


def _at_once(content: Mapping[str, Any], steps: Sequence[Step], least: float) -> Figure:
    """One drawing with the numbers of the last step, each with the step that found it, and a list of the steps."""
    fed = {_name(content, edge["target"]) for edge in content["edges"]}

    def marked(known: Sequence[Mapping[str, float]]) -> dict[str, str]:
        # The values of leaves are given, and their gradients are what the last step is for.
        found = {name: next(at for at, numbers in enumerate(known) if name in numbers) for name in known[-1]}
        texts = _texts(known[-1])
        return {name: f"{_STEPS[found[name]]} {text}" if name in fed else text for name, text in texts.items()}

    lines = [
        line
        for mark, (title, *_) in zip(_STEPS, steps, strict=False)
        for line in textwrap.wrap(f"{mark} {title}", _LINE, subsequent_indent="\u2003 ")
    ]
    last = ("", marked([values for _, values, _ in steps]), marked([gradients for *_, gradients in steps]))
    return _stacked(content, [last], {}, PHONE_MARKED, least, faint=False, legend=lines)


def _stacked(
    content: Mapping[str, Any],
    steps: Sequence[Written],
    names: Mapping[str, float],
    flow: Flow,
    least: float,
    *,
    faint: bool,
    legend: Sequence[str] = (),
) -> Figure:
    """Drawings below each other, at least so many inches wide, and lines of text below them."""
    fed = {edge["target"] for edge in content["edges"]}
    shown = {n["name"] for i, n in enumerate(content["nodes"]) if not _label(n, i not in fed, names)[1]}
    numbered = any(shown & {*values, *gradients} for _, values, gradients in steps)
    layout = layout_of(content, 2 if numbered else 0, flow)
    box = _box(layout, flow, least, numbered=numbered)
    width, height = box[1] - box[0], box[3] - box[2]
    above, below = 0.3, (0.43 if flow.down else 0.25) if numbered else 0.02
    below += _LINE_HEIGHT * len(legend)
    total = len(steps) * (height + above) + below
    figure = plt.figure(figsize=(width, total), layout="none")
    for number, (title, values, gradients) in enumerate(steps):
        start = total - (number + 1) * (height + above)
        axes = figure.add_axes((0, start / total, 1, height / total))
        axes.set(xlim=box[:2], ylim=box[2:])
        axes.axis("off")
        axes.set_title(title, fontsize=10.5, pad=4)
        _draw(axes, content, layout, values, gradients, names, flow, faint=faint)
    if numbered:
        _explain(figure, flow, legend, gradients=any(gradients for *_, gradients in steps))
    return figure


def _box(layout: Layout, flow: Flow, least: float, *, numbered: bool) -> tuple[float, float, float, float]:
    """What a drawing shows of the plane: left, right, bottom, top."""
    ends = flow.turned(np.reshape(layout.extent, (2, 2)).T)
    (left, bottom), (right, top) = ends.min(axis=0), ends.max(axis=0)
    beside, margin = RADIUS + 0.12, RADIUS + 0.1
    left, right, bottom, top = left - beside, right + beside, bottom - margin, top + margin
    if numbered:
        numbers = (0.1, 0.2, 0.0, 0.3) if flow.down else (0.0, 0.0, LINE_HEIGHT, LINE_HEIGHT)
        left, right, bottom, top = left - numbers[0], right + numbers[1], bottom - numbers[2], top + numbers[3]
    spare = max(0.0, least - (right - left)) / 2
    return left - spare, right + spare, bottom, top


def _explain(figure: Figure, flow: Flow, legend: Sequence[str], *, gradients: bool) -> None:
    """Say at the bottom what the numbers are."""
    total = figure.get_figheight()
    if flow.down:
        lines = [("next to a circle: its value", BLUE)]
        lines += [("and the gradient of the result for it", ORANGE)] if gradients else []
        lines += [(text, BLACK) for text in legend]
        x, side = (0.05, "left") if legend else (0.5, "center")
        for number, (text, colour) in enumerate(reversed(lines)):
            figure.text(x, (0.07 + _LINE_HEIGHT * number) / total, text, color=colour, fontsize=flow.note, ha=side)
        return
    figure.text(0.49, 0.07 / total, "above a circle: its value", color=BLUE, fontsize=8, ha="right")
    if gradients:
        figure.text(0.51, 0.07 / total, "below: gradient of the result for it", color=ORANGE, fontsize=8, ha="left")


def _draw(
    axes: Axes,
    content: Mapping[str, Any],
    layout: Layout,
    values: Mapping[str, str],
    gradients: Mapping[str, str],
    names: Mapping[str, float],
    flow: Flow,
    *,
    faint: bool,
) -> None:
    known = {node["name"] for node in content["nodes"] if not faint or node["name"] in {*values, *gradients}}
    draw_edges(axes, content, layout, known, flow)
    fed = {edge["target"] for edge in content["edges"]}
    for index, node in enumerate(content["nodes"]):
        x, y = flow.turned(layout.positions[index])
        centre = (float(x), float(y))
        if node["kind"] == "operation":
            reached = all(_name(content, e["source"]) in known for e in content["edges"] if e["target"] == index)
            draw_operation(axes, centre, str(node["op"]), BLACK if reached else FAINT)
            continue
        label, constant = _label(node, index not in fed, names)
        colour = FAINT if node["name"] not in known and not constant else GREY if constant else BLUE
        draw_variable(axes, centre, label, colour if index in fed or constant or colour == FAINT else GREEN)
        notes = [(values, 1, BLUE)] if not constant else []
        notes = [note for note in [*notes, (gradients, -1, ORANGE)] if node["name"] in note[0]]
        for text, side, tint in notes:
            place = Place(side, leaf=index not in fed, alone=len(notes) == 1)
            draw_note(axes, centre, text[node["name"]], place, tint, flow)


def _name(content: Mapping[str, Any], index: int) -> str:
    return str(content["nodes"][index]["name"])


def _noted(node: Mapping[str, Any], key: str) -> bool:
    return node["kind"] == "variable" and type(node.get(key)) in (int, float)


def _label(node: Mapping[str, Any], leaf: bool, names: Mapping[str, float]) -> tuple[str, bool]:
    """What is written in the circle of a variable, and whether that is its value: so for short constants."""
    value = node.get("value")
    if not leaf or not isinstance(value, (int, float)):
        return variable_label(str(node["name"])), False
    for name, known in names.items():
        if value == known:
            return variable_label(name), False
    text = number_text(float(value))
    return (text, True) if len(text) <= 3 else (variable_label(str(node["name"])), False)
