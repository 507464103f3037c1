"""Lay a figure out for a phone: panels below each other, and no type smaller than a caption's.

A figure whose texts would lie on each other is made wider than a phone, and the page scrolls it sideways.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.legend import Legend
from matplotlib.text import Text

from autograder.publishing.figures.legends import LegendRow, take_legends
from autograder.publishing.figures.panels import (
    Panel,
    are_many,
    are_pairs,
    are_small,
    grid_of,
    in_order,
    is_table,
    show_labels,
)  # fmt: skip
from autograder.publishing.figures.svg import TYPE
from autograder.publishing.figures.texts import (
    collisions,
    enlarge,
    height_of,
    pull_in,
    titles,
    turn_crowded,
    width_of,
    wrap,
)  # fmt: skip

WIDTH = 25 * TYPE / 72
"""The width of a narrow drawing in inches: a phone's column has 25 times the size of its captions."""

_WIDER = 1.3
_LEAST, _MOST = 0.62, 0.85  # height of a panel, by its width
_LINE = 1.5 * TYPE / 72
_SPARE = 0.1  # inches at the edges
_GAP = 0.1  # inches between parts that are below each other
_THUMBNAIL = 0.33  # the least width of a picture in a table, in inches

Row = list[Panel] | LegendRow


def narrow(figure: Figure) -> None:
    """Change the layout of a figure, which has been drawn wide, in place.

    A figure that is not one grid of panels keeps its shape, and its type becomes larger.
    """
    crowded, widest = collisions(figure), figure.get_figwidth()
    panels = grid_of(figure)
    enlarge(figure, TYPE)
    if not panels:
        return
    for axes in figure.axes:
        if not hasattr(axes, "_colorbar") and not any(axes in panel.axes for panel in panels):
            figure.delaxes(axes)
    whole = titles(figure)
    if is_table(panels):
        wrap(figure, whole, _fit_table(figure, panels, widest), {})
        lay_out(figure)
        pull_in(figure, whole)
        return
    width = min(WIDTH, widest)
    fit = _restacked(figure, panels, whole, width)
    fit(width)
    while collisions(figure) > crowded and width < widest:
        width = min(_WIDER * width, widest)
        fit(width)
    # Axes that keep their shape move what is around them: a second time finds its room.
    lay_out(figure)
    for legend in figure.findobj(Legend):
        legend.set_in_layout(True)


def _restacked(
    figure: Figure, panels: Sequence[Panel], whole: Mapping[Text, str], width: float
) -> Callable[[float], None]:
    """Put panels and legends below each other; gives what sets the size of the figure for a width."""
    show_labels(panels)
    own, shared = take_legends(figure, width - _SPARE)
    columns = _columns(figure, panels, width)
    ordered = in_order(panels) if columns == 1 or are_pairs(panels) else list(panels)
    single, across = [panel for panel in ordered if not panel.spans], [panel for panel in ordered if panel.spans]
    groups = [single[start : start + columns] for start in range(0, len(single), columns)]
    groups = [*groups, *([panel] for panel in across)] if columns > 1 else [[panel] for panel in ordered]
    rows: list[Row] = []
    for group in groups:
        rows += [group, *(own[axes] for panel in group for axes in panel.axes if axes in own)]
    rows += shared
    grid = GridSpec(len(rows), columns, figure=figure)
    for number, row in enumerate(rows):
        if isinstance(row, LegendRow):
            row.draw(figure.add_subplot(grid[number, :]))
            continue
        for place, panel in enumerate(row):
            for axes in panel.axes:
                axes.set_subplotspec(grid[number, :] if columns == 1 or panel.spans else grid[number, place])

    def fit(wide: float) -> None:
        pictures = all(panel.is_picture for panel in panels)
        inside = wide / columns - (0.04 * wide if pictures else 0.55)
        heights = [row.height if isinstance(row, LegendRow) else _height(row, inside) for row in rows]
        grid.set_height_ratios(heights)
        high = {panel.first: heights[at] for at, row in enumerate(rows) if isinstance(row, list) for panel in row}
        wrap(figure, whole, wide - _SPARE, high)
        title = figure.get_suptitle()
        around = sum(_GAP if isinstance(row, LegendRow) else max(_around(panel) for panel in row) for row in rows)
        figure.set_size_inches(wide, sum(heights) + around + (_lines(title) if title else 0.0))
        lay_out(figure)
        if turn_crowded(figure):
            lay_out(figure)
        if pull_in(figure, whole):
            lay_out(figure)

    return fit


def lay_out(figure: Figure) -> None:
    """Place the parts of a figure as a drawing of it would; where it has no layout, it is drawn to nowhere."""
    engine = figure.get_layout_engine()
    if engine is None:
        figure.draw_without_rendering()
    else:
        engine.execute(figure)


def _around(panel: Panel) -> float:
    """About what a panel needs above and below its axes, in inches: measuring it would take a layout more."""
    axes = panel.first
    high = _GAP + _lines(axes.get_title())
    if axes.axison and not panel.is_picture:
        high += _lines(axes.get_xlabel())
        names = [label for label in axes.get_xticklabels() if label.get_visible() and label.get_text()]
        if axes.xaxis.get_tick_params().get("labelbottom", True):
            high += max((height_of(name) for name in names), default=_LINE) + 0.06
    return high


def _lines(text: str) -> float:
    """The height of a text in inches."""
    return _LINE * (text.count("\n") + 1) if text else 0.0


def _columns(figure: Figure, panels: Sequence[Panel], width: float) -> int:
    """How many panels stay next to each other."""
    if are_many(panels) or are_pairs(panels):
        return 2
    if not are_small(panels):
        return 1
    needed = max(max(width_of(figure, panel.first.title) for panel in panels) + 0.1, 0.6)
    return max(1, min(len({panel.column for panel in panels}), int(width / needed)))


def _height(row: Sequence[Panel], inside: float) -> float:
    """The height of a row of panels whose axes are ``inside`` inches wide."""
    return max(_panel_height(panel, inside) for panel in row)


def _panel_height(panel: Panel, inside: float) -> float:
    axes = panel.first
    if panel.is_picture and panel.shape is not None:
        return min(panel.shape * inside, panel.height * 1.2)
    if panel.shape is not None:
        return panel.shape * inside
    if panel.is_picture:
        return panel.height
    names = len(axes.get_yticks())
    natural = panel.height / panel.width * inside
    return max(min(max(natural, _LEAST * inside), _MOST * inside), names * _LINE)


def _fit_table(figure: Figure, panels: Sequence[Panel], widest: float) -> float:
    """Make a table of pictures as narrow as its titles allow, in place; gives its width in inches."""
    columns = len({panel.column for panel in panels})
    names = max(width_of(figure, panel.first.yaxis.label) for panel in panels)
    needed = max(max(width_of(figure, panel.first.title) for panel in panels) + 0.08, _THUMBNAIL)
    width = min(max(WIDTH - _SPARE, names + columns * needed), widest)
    scale = (width - names) / max(figure.get_figwidth() - names, width - names)
    heights = {panel.row: 0.0 for panel in panels}
    for panel in panels:
        heights[panel.row] = max(heights[panel.row], scale * panel.height, _LINE if names else 0.0)
    figure.set_size_inches(width, figure.get_figheight())
    lay_out(figure)
    before = sum(panel.height for panel in panels if panel.column == panels[0].column)
    figure.set_size_inches(width, figure.get_figheight() - before + sum(heights.values()))
    return width
