"""Draw a fully connected network as circles and lines, biases included."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from workbook.plot import BLACK, BLUE, GREEN, ORANGE, YELLOW

_COLOURS = (BLUE, GREEN, ORANGE)
_RADIUS = 0.26


def draw_network(
    nodes: Sequence[Sequence[str]], weights: Sequence[str], biases: Sequence[str], captions: Sequence[str]
) -> Figure:
    """Draw layers from left to right, every node joined to every node of the next layer and to a bias.

    Args:
        nodes: for each layer the labels of its nodes, from top to bottom; mathtext is allowed.
        weights: the label of each gap between two layers.
        biases: for each gap the label of the bias that goes into the layer on its right.
        captions: the text under each layer.
    """
    figure, axes = plt.subplots(figsize=(7.2, 3.7))
    tallest = max(len(layer) for layer in nodes)
    gap = 3.6
    for k, (left, right) in enumerate(itertools.pairwise(nodes)):
        ends = [(gap * (k + 1), height) for height in _heights(len(right), tallest)]
        starts = [(gap * k, height) for height in _heights(len(left), tallest)]
        bias = (gap * (k + 0.3), tallest - 0.05)
        for end in ends:
            for start in starts:
                axes.plot(*zip(start, end, strict=True), color="#8A8A8A", linewidth=0.9, zorder=1)
            axes.plot(*zip(bias, end, strict=True), color=YELLOW, linewidth=0.9, linestyle="--", zorder=1)
        _node(axes, bias, "$1$", YELLOW)
        axes.text(bias[0] + 0.4, bias[1] + 0.06, biases[k], fontsize=10, ha="left", va="center")
        axes.text(gap * (k + 0.5), -0.95, weights[k], fontsize=10, ha="center", va="center")
    for k, layer in enumerate(nodes):
        for label, height in zip(layer, _heights(len(layer), tallest), strict=True):
            _node(axes, (gap * k, height), label, _COLOURS[min(k, len(_COLOURS) - 1)])
        axes.text(gap * k, -0.95, captions[k], fontsize=10, ha="center", va="center")
    axes.set(xlim=(-1.0, gap * (len(nodes) - 1) + 1.0), ylim=(-1.35, tallest + 0.5), aspect="equal")
    axes.axis("off")
    return figure


def _heights(count: int, tallest: int) -> list[float]:
    return [(tallest - 1) / 2 + (count - 1) / 2 - i for i in range(count)]


def _node(axes: Axes, centre: tuple[float, float], label: str, colour: str) -> None:
    axes.add_patch(Circle(centre, _RADIUS, facecolor="white", edgecolor=colour, linewidth=2, zorder=2))
    axes.text(*centre, label, color=BLACK, fontsize=10, ha="center", va="center", zorder=3)
