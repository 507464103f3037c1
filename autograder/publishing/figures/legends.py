"""Legends of a narrow figure: below their panel, where they cover nothing, in as many columns as fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.transforms import blended_transform_factory

from autograder.publishing.figures.texts import broken, type_size, width_of

_LINE = 1.45  # distance of lines, in sizes of the type
_HANDLE = 3.2  # what a column needs besides its text, in sizes of the type
_BETWEEN = 1.2  # what is between two columns, in sizes of the type


@dataclass(frozen=True)
class LegendRow:
    """A legend that has been taken off its place.

    Attributes:
        handles: what its texts explain.
        labels: its texts, in lines.
        title: its title, or an empty text.
        columns: how many fit next to each other.
        height: what it needs, in inches.
        type_size: of its texts, in points.
    """

    handles: Sequence[Any]
    labels: Sequence[str]
    title: str
    columns: int
    height: float
    type_size: float

    def draw(self, axes: Axes) -> None:
        """Draw the legend into axes that have nothing else."""
        axes.axis("off")
        figure = axes.get_figure(root=True)
        assert figure is not None
        # As wide as the figure: the axes end where labels of other panels begin.
        across = blended_transform_factory(figure.transFigure, axes.transAxes)
        drawn = axes.legend(
            self.handles, self.labels, title=self.title or None, ncols=self.columns, loc="upper center",
            fontsize=self.type_size, frameon=False, borderaxespad=0, borderpad=0, columnspacing=_BETWEEN,
            handlelength=2.2, labelspacing=0.35, bbox_to_anchor=(0, 0, 1, 1), bbox_transform=across,
        )  # fmt: skip
        # Its row is high enough; as a part of the layout it would widen the margins.
        drawn.set_in_layout(False)


def take_legends(figure: Figure, inches: float) -> tuple[dict[Axes, LegendRow], list[LegendRow]]:
    """Remove the legends of a figure, in place; give those of axes, and those of the figure.

    Args:
        inches: the width that they will have.
    """
    known: dict[str, Any] = {}
    for axes in figure.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            known.setdefault(label, handle)
    own = {}
    for axes in figure.axes:
        legend = axes.get_legend()
        if legend is not None:
            own[axes] = _row(figure, legend, known, inches)
            legend.remove()
    shared = [_row(figure, legend, known, inches) for legend in figure.legends]
    for legend in list(figure.legends):
        legend.remove()
    return own, shared


def _row(figure: Figure, legend: Legend, known: dict[str, Any], inches: float) -> LegendRow:
    texts = legend.get_texts()
    size = max(type_size(text) for text in texts)
    room = inches - _HANDLE * size / 72
    widths = [width_of(figure, text) for text in texts]
    labels = [
        broken(text.get_text(), room / width) if width > room else text.get_text()
        for text, width in zip(texts, widths, strict=True)
    ]
    column = min(room, max(widths)) + _HANDLE * size / 72
    between = _BETWEEN * size / 72
    columns = max(1, min(len(texts), int((inches + between) / (column + between))))
    lines = [label.count("\n") + 1 for label in labels]
    rows = math.ceil(len(labels) / columns)
    title = legend.get_title().get_text()
    height = (rows * max(lines) + bool(title)) * _LINE * size / 72
    handles = [known.get(text.get_text(), handle) for text, handle in zip(texts, legend.legend_handles, strict=True)]
    return LegendRow(handles, labels, title, columns, height, size)
