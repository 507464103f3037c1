"""Draw a computational graph with matplotlib: circles for variables, rectangles for operations, left to right.

Above a variable stands its value, below it the gradient of the result for it. Lengths are in inches.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from workbook.chapter06.graph import as_content, check_structure
from workbook.chapter06.graph_layout import Layout, layered_layout
from workbook.plot import BLACK, BLUE, GREEN, ORANGE

RADIUS, HALF_HEIGHT = 0.17, 0.14
LAYER_GAP, NODE_GAP, LINE_HEIGHT = 0.6, 0.08, 0.14
_NARROWEST = 4.4
_FAINT, _GREY, _FILL = "#BDBDBD", "#6E6E6E", "#F3E3C2"
_SYMBOLS = {"*": "×", "-": "−", "/": "÷"}
_ORDERED = ("-", "/", "pow")
Array = NDArray[np.float64]
Step = tuple[str, Mapping[str, float], Mapping[str, float]]


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
    return _stacked(content, [(title, values, gradients)], names or {}, faint=False)


def draw_steps(graph: Any, steps: Sequence[Step]) -> Figure:
    """Draw one graph several times, one below the other, with the numbers known after each step.

    Args:
        graph: as for :func:`draw_graph`.
        steps: for each drawing its title, values by node name, and gradients by node name. Variables with neither are
            drawn faint.
    """
    content = _sorted(graph)
    return _stacked(content, steps, {}, faint=True)


def _sorted(graph: Any) -> dict[str, Any]:
    """The plain data of a well-formed graph, edges by position, so that first operands are placed on top."""
    content = as_content(graph)
    check_structure(content)
    return {**content, "edges": sorted(content["edges"], key=lambda edge: edge.get("position") or 0)}


def layout_of(content: Mapping[str, Any], lines: int = 2) -> Layout:
    """Place the nodes of a graph with room for so many lines of numbers at each variable."""
    tall = [
        2 * RADIUS + lines * LINE_HEIGHT if node["kind"] == "variable" else 2 * HALF_HEIGHT for node in content["nodes"]
    ]
    edges = [(edge["source"], edge["target"]) for edge in content["edges"]]
    return layered_layout(tall, edges, LAYER_GAP, NODE_GAP)


def _stacked(content: Mapping[str, Any], steps: Sequence[Step], names: Mapping[str, float], *, faint: bool) -> Figure:
    fed = {edge["target"] for edge in content["edges"]}
    shown = {n["name"] for i, n in enumerate(content["nodes"]) if not _label(n, i not in fed, names)[1]}
    numbered = any(shown & {*values, *gradients} for _, values, gradients in steps)
    layout = layout_of(content, 2 if numbered else 0)
    left, right, bottom, top = layout.extent
    margin = RADIUS + (LINE_HEIGHT if numbered else 0) + 0.1
    box = (left - RADIUS - 0.12, right + RADIUS + 0.12, bottom - margin, top + margin)
    spare = max(0.0, _NARROWEST - (box[1] - box[0])) / 2
    box = (box[0] - spare, box[1] + spare, *box[2:])
    width, height = box[1] - box[0], box[3] - box[2]
    above, below = 0.3, 0.25 if numbered else 0.02
    total = len(steps) * (height + above) + below
    figure = plt.figure(figsize=(width, total), layout="none")
    for number, (title, values, gradients) in enumerate(steps):
        start = total - (number + 1) * (height + above)
        axes = figure.add_axes((0, start / total, 1, height / total))
        axes.set(xlim=box[:2], ylim=box[2:])
        axes.axis("off")
        axes.set_title(title, fontsize=10.5, pad=4)
        _draw(axes, content, layout, values, gradients, names, faint=faint)
    if numbered:
        figure.text(0.5, 0.07 / total, "above a circle: its value", color=BLUE, fontsize=8, ha="right")
        if any(gradients for *_, gradients in steps):
            text = "below: gradient of the result for it"
            figure.text(0.5, 0.07 / total, "    " + text, color=ORANGE, fontsize=8, ha="left")
    return figure


def _draw(
    axes: Axes,
    content: Mapping[str, Any],
    layout: Layout,
    values: Mapping[str, float],
    gradients: Mapping[str, float],
    names: Mapping[str, float],
    *,
    faint: bool,
) -> None:
    known = {node["name"] for node in content["nodes"] if not faint or node["name"] in {*values, *gradients}}
    _draw_edges(axes, content, layout, known)
    fed = {edge["target"] for edge in content["edges"]}
    for index, node in enumerate(content["nodes"]):
        centre = (float(layout.positions[index, 0]), float(layout.positions[index, 1]))
        if node["kind"] == "operation":
            reached = all(_name(content, e["source"]) in known for e in content["edges"] if e["target"] == index)
            _draw_operation(axes, centre, str(node["op"]), BLACK if reached else _FAINT)
            continue
        label, constant = _label(node, index not in fed, names)
        colour = _FAINT if node["name"] not in known and not constant else _GREY if constant else BLUE
        _draw_variable(axes, centre, label, colour if index in fed or constant or colour == _FAINT else GREEN)
        for text, side, tint in ((values, 1, BLUE), (gradients, -1, ORANGE)):
            if node["name"] in text and not (constant and side == 1):
                height = centre[1] + side * (RADIUS + 0.03)
                place = "bottom" if side == 1 else "top"
                note = axes.text(centre[0], height, number_text(text[node["name"]]), color=tint, fontsize=7, zorder=4)
                note.set(ha="center", va=place)
                note.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.3})


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


def variable_label(name: str) -> str:
    """A name as mathtext: letters, then digits as an index; other names as they are."""
    if found := re.fullmatch(r"([a-zA-Z])_?(\d{1,3})", name):
        return f"${found[1]}_{{{found[2]}}}$"
    if re.fullmatch(r"[a-zA-Z]", name):
        return f"${name}$"
    if re.fullmatch(r"[a-zA-Z](_star|\*)", name):
        return f"${name[0]}^*$"
    return name.replace("$", r"\$")


def number_text(value: float) -> str:
    """At most eight characters: four decimals for numbers of ordinary size."""
    if value == int(value) and abs(value) < 10_000:
        return str(int(value)).replace("-", "−")
    size = abs(value)
    if 0.001 <= size < 10:
        text = f"{value:.4f}".rstrip("0").rstrip(".")
    else:
        text = f"{value:.4g}" if 10 <= size < 10_000 else f"{value:.1e}"
    return text.replace("-", "−")


def _draw_variable(axes: Axes, centre: tuple[float, float], label: str, colour: str) -> None:
    axes.add_patch(Circle(centre, RADIUS, facecolor="white", edgecolor=colour, linewidth=1.5, zorder=3))
    size = 9 if len(label) <= 3 or label.startswith("$") else 6 if len(label) <= 6 else 4.5
    ink = _FAINT if colour == _FAINT else BLACK
    axes.text(*centre, label, color=ink, fontsize=size, ha="center", va="center", zorder=5)


def _draw_operation(axes: Axes, centre: tuple[float, float], op: str, colour: str) -> None:
    half = _half_width(op)
    corner = (centre[0] - half, centre[1] - HALF_HEIGHT)
    style = "round,pad=0,rounding_size=0.03"
    fill = "white" if colour == _FAINT else _FILL
    box = FancyBboxPatch(corner, 2 * half, 2 * HALF_HEIGHT, boxstyle=style, zorder=3)
    box.set(facecolor=fill, edgecolor=colour, linewidth=1.1)
    axes.add_patch(box)
    size = 10 if len(op) == 1 else 8
    axes.text(*centre, _SYMBOLS.get(op, op), color=colour, fontsize=size, ha="center", va="center", zorder=5)


def _half_width(op: str) -> float:
    return 0.13 if len(op) == 1 else 0.17 if len(op) < 4 else 0.19


def _draw_edges(axes: Axes, content: Mapping[str, Any], layout: Layout, known: set[str]) -> None:
    """Smooth arrows; where several end at one operation, each has its own point to arrive at."""
    nodes, edges = content["nodes"], content["edges"]
    ends = _fanned(layout, [edge["target"] for edge in edges], -2)
    starts = _fanned(layout, [edge["source"] for edge in edges], 1, apart=0.05)
    for number, edge in enumerate(edges):
        route = layout.routes[number].copy()
        source, target = nodes[edge["source"]], nodes[edge["target"]]
        twins = sum(e["source"] == edge["source"] and e["target"] == edge["target"] for e in edges)
        route[0] += (_reach(source), starts[number] if twins > 1 else 0.0)
        route[-1] += (-_reach(target), ends[number] * (target["kind"] == "operation"))
        lit = source["name"] in known or (source["kind"] == "operation" and target["name"] in known)
        colour = _GREY if lit or _is_constant(content, edge["source"]) else _FAINT
        arrow = FancyArrowPatch(path=_smooth(route), arrowstyle="-|>", mutation_scale=7, zorder=2)
        arrow.set(color=colour, linewidth=0.9, fill=False, capstyle="butt")
        axes.add_patch(arrow)
        if target.get("op") in _ORDERED:
            side = 1 if ends[number] > 0 else -1
            place = (route[-1, 0] - 0.035, route[-1, 1] + 0.025 * side)
            mark = axes.text(*place, str(edge.get("position")), fontsize=5.5, color=_GREY, zorder=4)
            mark.set(ha="right", va="bottom" if side > 0 else "top")


def _is_constant(content: Mapping[str, Any], index: int) -> bool:
    fed = any(edge["target"] == index for edge in content["edges"])
    return not fed and type(content["nodes"][index].get("value")) in (int, float)


def _fanned(layout: Layout, nodes: Sequence[int], end: int, apart: float = 0.12) -> list[float]:
    """For each edge a small vertical shift at one node, in the order in which its edges arrive there."""
    shifts = [0.0] * len(nodes)
    for node in set(nodes):
        here = [number for number, other in enumerate(nodes) if other == node]
        here.sort(key=lambda number: float(layout.routes[number][end, 1]))
        for rank, number in enumerate(here):
            spread = min(apart, 0.2 / max(len(here) - 1, 1))
            shifts[number] = spread * (rank - (len(here) - 1) / 2)
    return shifts


def _reach(node: Mapping[str, Any]) -> float:
    return RADIUS if node["kind"] == "variable" else _half_width(str(node["op"]))


def _smooth(route: Array) -> Path:
    """A curve through the points of a route that leaves and arrives horizontally."""
    points, codes = [route[0]], [Path.MOVETO]
    for before, after in itertools.pairwise(route):
        middle = (before[0] + after[0]) / 2
        points += [np.array([middle, before[1]]), np.array([middle, after[1]]), after]
        codes += [Path.CURVE4] * 3
    return Path(np.array(points), codes)
