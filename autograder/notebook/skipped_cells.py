"""The cells of a notebook that cannot run where some packages are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info
from autograder.notebook.names import defined, used


@dataclass(frozen=True)
class SkippedCell:
    """A cell that cannot run.

    Attributes:
        name: its grade id, else its id.
        package: what it lacks, itself or through a cell that it builds on.
        needed: True for an exercise or a check: without it the chapter makes no sense.
    """

    name: str
    package: str
    needed: bool


def skipped_cells(notebook: NotebookNode, lacks: Mapping[str, str]) -> dict[str, SkippedCell]:
    """The cells that cannot run, by id: those that lack a package, and those that need a name which only these define.

    Args:
        notebook: a student edition, whose cells are run from top to bottom.
        lacks: the package that a cell lacks, by the cell's id.
    """
    skipped: dict[str, SkippedCell] = {}
    there: set[str] = set()
    gone: dict[str, str] = {}  # for each name that only skipped cells have defined so far, what it lacks
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        names, unknown = defined(cell.source), sorted(used(cell.source) & gone.keys())
        package = lacks.get(cell.id) or (gone[unknown[0]] if unknown else None)
        if package is None:
            there |= names
            gone = {name: lacking for name, lacking in gone.items() if name not in names}
        else:
            skipped[cell.id] = _skipped(cell, package)
            gone |= dict.fromkeys(names - there, package)
    return skipped


def _skipped(cell: NotebookNode, package: str) -> SkippedCell:
    about = cell_info(cell)
    return SkippedCell(about.grade_id or cell.id, package, about.kind in ("solution", "test"))
