"""What stands where in a figure: its panels, and how they depend on each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, SubplotSpec

_SMALL = 1.8  # inches


@dataclass(frozen=True)
class Panel:
    """Axes at one place of a grid.

    Attributes:
        axes: those that are drawn there; twins share a place.
        row, column: the first that it covers.
        spans: True where it covers a whole row of several columns.
        width, height: of what is inside its axes, in inches.
    """

    axes: tuple[Axes, ...]
    row: int
    column: int
    spans: bool
    width: float
    height: float

    @property
    def first(self) -> Axes:
        """The axes that have the title."""
        return self.axes[0]

    @property
    def is_picture(self) -> bool:
        """True for axes without ticks, such as those of a photograph."""
        axes = self.first
        return not axes.axison or not (len(axes.get_xticks()) or len(axes.get_yticks()))

    @property
    def shape(self) -> float | None:
        """Height by width where the axes keep it; else None."""
        return self.height / self.width if self.first.get_aspect() != "auto" else None


def grid_of(figure: Figure) -> list[Panel] | None:
    """The panels of a figure that is laid out, row by row; None where it is not one grid.

    Axes of a colour bar belong to other axes and are left out, as are axes with nothing in them.
    """
    if figure.subfigs:
        return None
    places: dict[tuple[int, int, int, int], list[Axes]] = {}
    grids = set()
    for axes in list(figure.axes):
        if hasattr(axes, "_colorbar"):
            continue
        spec = axes.get_subplotspec()
        if spec is None or not isinstance(spec.get_gridspec(), GridSpec):
            return None
        grids.add(spec.get_gridspec())
        places.setdefault(_place(spec), []).append(axes)
    if len(grids) != 1:
        return None
    columns = grids.pop().ncols
    return [_panel(figure, tuple(places[at]), at, columns) for at in sorted(places) if not _is_empty(places[at])]


def _is_empty(there: Sequence[Axes]) -> bool:
    return all(not (axes.has_data() or axes.texts or axes.patches or axes.artists) for axes in there)


def _place(spec: SubplotSpec) -> tuple[int, int, int, int]:
    return spec.rowspan.start, spec.colspan.start, spec.rowspan.stop, spec.colspan.stop


def _panel(figure: Figure, there: tuple[Axes, ...], place: tuple[int, int, int, int], columns: int) -> Panel:
    box = there[0].get_position()
    spans = columns > 1 and place[3] - place[1] == columns
    return Panel(
        there, place[0], place[1], spans, box.width * figure.get_figwidth(), box.height * figure.get_figheight()
    )


def is_table(panels: Sequence[Panel]) -> bool:
    """True where rows and columns of small pictures have a meaning: labels are at the first of them only."""
    several = len({panel.row for panel in panels}) > 1 and len({panel.column for panel in panels}) > 1
    if not several or not all(panel.is_picture and panel.width < 2 * _SMALL for panel in panels):
        return False
    titled = [panel for panel in panels if panel.first.get_title()]
    named = [panel for panel in panels if panel.first.get_ylabel()]
    return 0 < len(titled) < len(panels) or 0 < len(named) < len(panels)


def are_many(panels: Sequence[Panel]) -> bool:
    """True for so many panels with axes that they stay in two columns on a phone, and can do so."""
    columns = len({panel.column for panel in panels})
    alike = all(panel.first.get_title() for panel in panels) or columns == 2
    return len(panels) > 7 and columns > 1 and alike and not any(panel.is_picture or panel.spans for panel in panels)


def are_pairs(panels: Sequence[Panel]) -> bool:
    """True for many panels in two rows, with titles above the first: what is below each other belongs together."""
    single = [panel for panel in panels if not panel.spans]
    rows = sorted({panel.row for panel in single})
    titled = {panel.row for panel in single if panel.first.get_title()}
    return len(single) > 7 and len(rows) == 2 and titled == {rows[0]} and not any(panel.is_picture for panel in panels)


def are_small(panels: Sequence[Panel]) -> bool:
    """True for several pictures that may stay next to each other on a phone."""
    return len(panels) > 3 and all(panel.is_picture and panel.width < 2 * _SMALL for panel in panels)


def in_order(panels: Sequence[Panel]) -> list[Panel]:
    """The panels from top to bottom for one column.

    Row by row; column by column where a column has its title above its first panel only, or rows of different height.
    """
    rows: dict[int, list[Panel]] = {}
    for panel in panels:
        rows.setdefault(panel.row, []).append(panel)
    titled = [{bool(panel.first.get_title()) for panel in row if not panel.spans} for row in rows.values()]
    heights = [max(panel.height for panel in row) for row in rows.values()]
    headed = titled[0] == {True} and {True} not in titled[1:]
    by_column = len(rows) > 1 and (headed or max(heights) > 1.3 * min(heights))
    if not by_column:
        return list(panels)
    return sorted(panels, key=lambda panel: (panel.spans, 0 if panel.spans else panel.column, panel.row))


def show_labels(panels: Sequence[Panel]) -> None:
    """Give each panel the labels that it took from a neighbour's axis at its left, in place."""
    for panel in panels:
        axes = panel.first
        beside = [other.first for other in panels if other.row == panel.row and other.column < panel.column]
        same = [other for other in beside if other.get_ylim() == axes.get_ylim()]
        if panel.is_picture or not same:
            continue
        axes.tick_params(axis="y", labelleft=True)
        if not axes.get_ylabel():
            axes.set_ylabel(next((other.get_ylabel() for other in same if other.get_ylabel()), ""))
