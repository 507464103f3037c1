"""Charts as inline SVG: they take their colours from the page, so they are legible in light, dark and print."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from autograder.reporting.templates import number

# The margins leave room for the larger letters that the style sheet gives the chart on a phone.
_WIDTH, _HEIGHT = 640, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 18, 44, 60


def histogram(edges: Sequence[float], counts: Sequence[int], mean: float, title: str) -> Markup:
    """How many submissions lie between each pair of edges, with the mean as a dashed line.

    Args:
        edges: one more than ``counts``, rising, in points.
        title: begins the text for readers who do not see the chart; the counts follow.
    """
    step = _step(max(counts))
    top = step * max(1, math.ceil(max(counts) / step))
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x(points: float) -> float:
        return _LEFT + width * (points - edges[0]) / (edges[-1] - edges[0])

    def y(count: float) -> float:
        return _TOP + height * (1 - count / top)

    parts = []
    for count in range(0, top + 1, step):
        parts.append(_line("grid", _LEFT, y(count), _WIDTH - _RIGHT, y(count)))
        parts.append(_text(_LEFT - 6, y(count) + 4, str(count), "end"))
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        parts.append(
            Markup('<rect class="fill" x="{}" y="{}" width="{}" height="{}"/>').format(
                *(f"{v:.1f}" for v in (x(low) + 1, y(count), x(high) - x(low) - 2, _TOP + height - y(count)))
            )
        )
    # Every second edge: eleven numbers would touch each other on a phone.
    parts += [_text(x(edge), _HEIGHT - _BOTTOM + 22, number(edge), "middle") for edge in edges[::2]]
    parts.append(_text(_LEFT + width / 2, _HEIGHT - 8, "points", "middle"))
    parts.append(_text(_LEFT - 44, 18, "submissions", "start"))
    parts.append(_line("mean", x(mean), _TOP - 20, x(mean), _TOP + height))
    beside = (-6, "end") if mean > (edges[0] + edges[-1]) / 2 else (6, "start")
    parts.append(_text(x(mean) + beside[0], _TOP - 8, f"mean {number(mean)}", beside[1], "said-mean"))
    bins = "; ".join(
        f"{number(low)} to {number(high)} points: {count}"
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    )
    label = f"{title}. Mean {number(mean)}. Number of submissions from {bins}."
    return Markup('<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>').format(
        label, _WIDTH, _HEIGHT, Markup("").join(parts)
    )


def _step(most: int) -> int:
    """A round distance between grid lines, such that there are about four."""
    rough = max(1.0, most / 4)
    power = 10 ** math.floor(math.log10(rough))
    return int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough))


def _line(name: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    values = [f"{value:.1f}" for value in (x1, y1, x2, y2)]
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(name, *values)


def _text(x: float, y: float, text: str, anchor: str, name: str = "") -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
        name, f"{x:.1f}", f"{y:.1f}", anchor, text
    )
