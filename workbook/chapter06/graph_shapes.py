"""The parts of a drawn graph: circles, boxes, numbers and arrows, in either direction. Lengths are in inches."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from workbook.chapter06.graph_layout import Layout
from workbook.plot import BLACK

RADIUS, HALF_HEIGHT = 0.17, 0.14
LAYER_GAP, NODE_GAP, LINE_HEIGHT = 0.6, 0.08, 0.14
FAINT, GREY = "#BDBDBD", "#6E6E6E"
_FILL = "#F3E3C2"
_SYMBOLS = {"*": "×", "-": "−", "/": "÷"}
_ORDERED = ("-", "/", "pow")
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Flow:
    """In which direction a graph is drawn, and how large what goes with it is.

    Attributes:
        down: True from top to bottom, False from left to right.
        note: size of the type of values and gradients, in points.
        note_width: room for one of them next to a circle that has it at its side, in inches.
        layer_gap: distance between layers.
        mark_width: room for a mark before a number that is next to a circle.
    """

    down: bool
    note: float
    note_width: float
    layer_gap: float
    mark_width: float = 0.0

    def turned(self, points: Array) -> Array:
        """Points (..., 2) of a graph that goes to the right, where they are in this one; first operands are left."""
        return -points[..., ::-1] if self.down else points

    def reach(self, node: Mapping[str, Any]) -> float:
        """How far a node reaches from its centre to where arrows leave and arrive."""
        if node["kind"] == "variable":
            return RADIUS
        return HALF_HEIGHT if self.down else _half_width(str(node["op"]))

    def across(self, lines: int, *, leaf: bool) -> float:
        """What a variable with so many numbers takes of its layer."""
        if not self.down:
            return 2 * RADIUS + lines * LINE_HEIGHT
        numbers = self.note_width if lines else 0.0
        return max(2 * RADIUS, numbers) if leaf else 2 * RADIUS + 1.5 * (numbers + self.mark_width)


DESK = Flow(down=False, note=7, note_width=0, layer_gap=LAYER_GAP)
PHONE = Flow(down=True, note=10, note_width=0.6, layer_gap=0.52)
# With a mark before a number next to a circle.
PHONE_MARKED = replace(PHONE, mark_width=0.2)


@dataclass(frozen=True)
class Place:
    """Where the number of a variable is.

    Attributes:
        side: 1 for the upper side of its circle, -1 for the lower.
        leaf: True where no arrow arrives at the circle.
        alone: True where the variable has no other number.
    """

    side: int
    leaf: bool
    alone: bool


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


def draw_note(axes: Axes, centre: tuple[float, float], text: str, place: Place, colour: str, flow: Flow) -> None:
    """A number at a variable."""
    beside, upper = flow.down and not place.leaf, place.side == 1
    if beside:
        x, y = RADIUS + 0.04, 0.01 * place.side
    elif flow.down:  # above: nothing arrives at a leaf
        x, y = 0.0, RADIUS + 0.03 + flow.note / 60 * (upper and not place.alone)
    else:
        x, y = 0.0, place.side * (RADIUS + 0.03)
    note = axes.text(centre[0] + x, centre[1] + y, text, color=colour, fontsize=flow.note, zorder=4)
    note.set(ha="left" if beside else "center", va="bottom" if upper or (flow.down and place.leaf) else "top")
    note.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.3})


def draw_variable(axes: Axes, centre: tuple[float, float], label: str, colour: str) -> None:
    """A circle with a name or a short number in it."""
    axes.add_patch(Circle(centre, RADIUS, facecolor="white", edgecolor=colour, linewidth=1.5, zorder=3))
    size = 9 if len(label) <= 3 or label.startswith("$") else 6 if len(label) <= 6 else 4.5
    ink = FAINT if colour == FAINT else BLACK
    axes.text(*centre, label, color=ink, fontsize=size, ha="center", va="center", zorder=5)


def draw_operation(axes: Axes, centre: tuple[float, float], op: str, colour: str) -> None:
    """A box with the sign or the name of an operation."""
    half = _half_width(op)
    corner = (centre[0] - half, centre[1] - HALF_HEIGHT)
    style = "round,pad=0,rounding_size=0.03"
    fill = "white" if colour == FAINT else _FILL
    box = FancyBboxPatch(corner, 2 * half, 2 * HALF_HEIGHT, boxstyle=style, zorder=3)
    box.set(facecolor=fill, edgecolor=colour, linewidth=1.1)
    axes.add_patch(box)
    size = 10 if len(op) == 1 else 8
    axes.text(*centre, _SYMBOLS.get(op, op), color=colour, fontsize=size, ha="center", va="center", zorder=5)


def _half_width(op: str) -> float:
    return 0.13 if len(op) == 1 else 0.17 if len(op) < 4 else 0.19


def draw_edges(axes: Axes, content: Mapping[str, Any], layout: Layout, known: set[str], flow: Flow) -> None:
    """Smooth arrows; where several end at one operation, each has its own point to arrive at."""
    nodes, edges = content["nodes"], content["edges"]
    ends = _fanned(layout, [edge["target"] for edge in edges], -2)
    starts = _fanned(layout, [edge["source"] for edge in edges], 1, apart=0.05)
    for number, edge in enumerate(edges):
        route = layout.routes[number].copy()
        source, target = nodes[edge["source"]], nodes[edge["target"]]
        twins = sum(e["source"] == edge["source"] and e["target"] == edge["target"] for e in edges)
        route[0] += (flow.reach(source), starts[number] if twins > 1 else 0.0)
        route[-1] += (-flow.reach(target), ends[number] * (target["kind"] == "operation"))
        lit = source["name"] in known or (source["kind"] == "operation" and target["name"] in known)
        colour = GREY if lit or _is_constant(content, edge["source"]) else FAINT
        points, codes = _smooth(route)
        arrow = FancyArrowPatch(path=Path(flow.turned(points), codes), arrowstyle="-|>", mutation_scale=7, zorder=2)
        arrow.set(color=colour, linewidth=0.9, fill=False, capstyle="butt")
        axes.add_patch(arrow)
        if target.get("op") in _ORDERED:
            side = 1 if ends[number] > 0 else -1
            # At the corners of the box, or above and below the arrows.
            x, y = flow.turned(route[-1] + ((0.02, 0.1 * side) if flow.down else (-0.035, 0.025 * side)))
            mark = axes.text(x, y, str(edge.get("position")), fontsize=0.8 * flow.note, color=GREY, zorder=4)
            beside = {"ha": "right" if side > 0 else "left", "va": "top"}
            mark.set(**(beside if flow.down else {"ha": "right", "va": "bottom" if side > 0 else "top"}))


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


def _smooth(route: Array) -> tuple[Array, list[int]]:
    """Points and codes of a curve through the points of a route to the right; it leaves and arrives horizontally."""
    points, codes = [route[0]], [int(Path.MOVETO)]
    for before, after in itertools.pairwise(route):
        middle = (before[0] + after[0]) / 2
        points += [np.array([middle, before[1]]), np.array([middle, after[1]]), after]
        codes += [int(Path.CURVE4)] * 3
    return np.array(points), codes
