"""Draw the map of the chapters: which one builds on which, as an SVG picture with links."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
from nbformat import NotebookNode

from autograder.notebook.imports import imported_modules

MARKER = "% chapter map"
_BUILDS_ON = re.compile(r"\*\*Builds on:\*\*(?P<what>.*?)(?:\.\s|\.$|\n\n|\Z)", re.DOTALL)
_CHAPTERS = re.compile(r"\bchapters? (\d\d(?:(?:, and |, | and )\d\d)*)")
# What a chapter imports whose networks are PyTorch's own.
_PYTORCH = "torch.nn"


@dataclass(frozen=True)
class MapEntry:
    """A chapter on the map.

    Attributes:
        name: the chapter's name, which begins with its number.
        title: its heading.
        builds_on: numbers of the chapters that it names under "Builds on", in two digits.
        pytorch: True where its networks are PyTorch's own.
    """

    name: str
    title: str
    builds_on: tuple[str, ...]
    pytorch: bool = False

    @property
    def number(self) -> str:
        """The chapter's number, in two digits."""
        return self.name[:2]


@dataclass(frozen=True)
class _Size:
    """Measures of one drawing, in its own units: one unit is one CSS pixel at full size."""

    kind: str
    box: int
    gap: int
    characters: int
    font: float


@dataclass(frozen=True)
class _Port:
    """Where an edge touches the box of a chapter: so far from its left edge."""

    number: str
    across: float


# A picture that fits a phone cannot be the one that fits a desk: the style sheet shows one of the two.
_SIZES = (_Size("wide", 204, 40, 24, 15), _Size("narrow", 112, 8, 14, 12.5))
_ROW_GAP, _LINE = 46, 1.25


def map_entry(name: str, notebook: NotebookNode) -> MapEntry:
    """What the map needs to know of a chapter: from its first cell, and from what its cells import."""
    opening = notebook.cells[0].source
    builds_on = _BUILDS_ON.search(opening)
    lists = _CHAPTERS.findall(" ".join(builds_on["what"].split())) if builds_on else []
    numbers = [number for listed in lists for number in re.findall(r"\d\d", listed)]
    title = opening.partition("\n")[0].removeprefix("# ").strip()
    return MapEntry(name, title, tuple(dict.fromkeys(numbers)), _PYTORCH in imported_modules(notebook))


def chapter_map(entries: Sequence[MapEntry]) -> str:
    """A Markdown block with the map of the chapters, twice: for a wide and for a narrow window.

    An edge that follows from others is left out of the drawing, but not of its description.
    """
    drawings = "\n".join(_drawing(entries, size) for size in _SIZES)
    return f"```{{raw}} html\n{drawings}\n```"


def _drawing(entries: Sequence[MapEntry], size: _Size) -> str:
    graph = _graph(entries)
    columns = _columns(graph)
    rows = [sorted(row) for row in nx.topological_generations(graph)]
    lines = {e.number: textwrap.wrap(e.title, size.characters) for e in entries}
    line = size.font * _LINE
    height = line * (1 + max(map(len, lines.values()))) + 14
    width = (max(columns.values()) + 1) * (size.box + size.gap) - size.gap
    place: dict[str, tuple[float, float]] = {
        number: (columns[number] * (size.box + size.gap) + 1, level * (height + _ROW_GAP) + 1)
        for level, row in enumerate(rows)
        for number in row
    }
    total = len(rows) * (height + _ROW_GAP) - _ROW_GAP
    edges = [_edge(place, height, leaving, entering) for leaving, entering in _ports(graph, columns, size.box)]
    boxes = [_box(entry, place[entry.number], size, height, lines[entry.number]) for entry in entries]
    kind = size.kind
    return "\n".join(
        [
            f'<svg class="chapter-map {kind}" viewBox="0 0 {width + 2:g} {total + 2:g}" width="{width + 2:g}" '
            f'role="group" aria-labelledby="map-title-{kind} map-text-{kind}">',
            f'<title id="map-title-{kind}">Map of the chapters</title>',
            f'<desc id="map-text-{kind}">{html.escape(_description(entries))}</desc>',
            f'<defs><marker id="map-arrow-{kind}" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
            f'<g class="edges" style="marker-end: url(#map-arrow-{kind})">',
            *edges,
            "</g>",
            *boxes,
            "</svg>",
        ]
    )


def _graph(entries: Sequence[MapEntry]) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(entry.number for entry in entries)
    graph.add_edges_from((number, e.number) for e in entries for number in e.builds_on if number in graph)
    return graph


def _ports(graph: nx.DiGraph, columns: dict[str, int], box: float) -> list[tuple[_Port, _Port]]:
    """For each edge that does not follow from others where it leaves one box and enters the other.

    The edges at one side of a box are spread over its width in the order of the boxes they come from or lead to, so
    that each can be followed.
    """
    drawn = nx.transitive_reduction(graph)

    def port(number: str, other: str, others: Iterable[str]) -> _Port:
        order = sorted(others, key=lambda each: (columns[each], each))
        return _Port(number, box * (order.index(other) + 1) / (len(order) + 1))

    return [(port(a, b, drawn.successors(a)), port(b, a, drawn.predecessors(b))) for a, b in drawn.edges]


def _edge(place: dict[str, tuple[float, float]], height: float, leaving: _Port, entering: _Port) -> str:
    (xa, ya), (xb, yb) = place[leaving.number], place[entering.number]
    xa, ya, xb = xa + leaving.across, ya + height, xb + entering.across
    return f'<path d="M{xa:g} {ya:g} C{xa:g} {ya + 28:g} {xb:g} {yb - 32:g} {xb:g} {yb - 5:g}"/>'


def _columns(graph: nx.DiGraph) -> dict[str, int]:
    """A column for each chapter, as near below those it builds on as its row has room for."""
    rows = [sorted(row) for row in nx.topological_generations(graph)]
    widest = max(map(len, rows))
    columns: dict[str, int] = {}
    for row in rows:
        wanted = {number: _mean([columns[p] for p in graph.predecessors(number)], widest // 2) for number in row}
        free = set(range(widest))
        for number in sorted(row, key=lambda number: (wanted[number], number)):
            columns[number] = min(free, key=lambda column: (abs(column - wanted[number]), column))
            free.remove(columns[number])
    return columns


def _mean(values: Sequence[int], default: float) -> float:
    return sum(values) / len(values) if values else default


def _box(entry: MapEntry, place: tuple[float, float], size: _Size, height: float, lines: Sequence[str]) -> str:
    x, y = place
    library = "pytorch" if entry.pytorch else "numpy"
    centre, line = x + size.box / 2, size.font * _LINE
    # The baseline of a line is about three quarters down from its top.
    first = y + (height - line * (1 + len(lines))) / 2 + 0.75 * line
    text = "".join(
        f'<tspan x="{centre:g}" y="{first + line * row:g}">{html.escape(words)}</tspan>'
        for row, words in enumerate(lines, start=1)
    )
    return (
        f'<a class="{library}" href="../notebooks/{entry.name}.html">'
        f'<rect x="{x:g}" y="{y:g}" width="{size.box}" height="{height:g}" rx="6"/>'
        f'<text text-anchor="middle" font-size="{size.font:g}">'
        f'<tspan class="number" x="{centre:g}" y="{first:g}">{entry.number}</tspan>{text}</text></a>'
    )


def _description(entries: Sequence[MapEntry]) -> str:
    parts = []
    for entry in entries:
        relation = f"builds on {' and '.join(entry.builds_on)}" if entry.builds_on else "begins"
        parts.append(f"{entry.number}, {entry.title}, {relation}")
    return "; ".join(parts) + "."
