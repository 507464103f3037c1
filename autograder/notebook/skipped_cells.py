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
        notebook: a student edition.
        lacks: the package that a cell lacks, by the cell's id.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    missing = dict(lacks)
    while True:
        there = {name for cell in code if cell.id not in missing for name in defined(cell.source)}
        gone = {name: missing[c.id] for c in code if c.id in missing for name in defined(c.source) if name not in there}
        found = {
            cell.id: gone[name]
            for cell in code
            if cell.id not in missing
            for name in sorted(used(cell.source) & gone.keys())[:1]
        }
        if not found:
            break
        missing |= found
    return {cell.id: _skipped(cell, missing[cell.id]) for cell in code if cell.id in missing}


def _skipped(cell: NotebookNode, package: str) -> SkippedCell:
    about = cell_info(cell)
    return SkippedCell(about.grade_id or cell.id, package, about.kind in ("solution", "test"))
