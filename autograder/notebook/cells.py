"""Read nbgrader's cell metadata.

The meaning of the flags follows nbgrader's documentation of schema version 3: a cell that is graded and not a
solution holds tests; one that is both is graded by hand; a ``task`` is graded by hand and has no answer cell of
its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nbformat import NotebookNode

HIDDEN_BEGIN, HIDDEN_END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
# What nbgrader puts in the place of an answer in words.
UNTOUCHED_TEXT = "YOUR ANSWER HERE"
SOLUTION_BEGIN, SOLUTION_END = "BEGIN SOLUTION", "END SOLUTION"
MARK_SCHEME_BEGIN, MARK_SCHEME_END = "BEGIN MARK SCHEME", "END MARK SCHEME"

Kind = Literal["test", "manual", "task", "solution", "given", "other"]


@dataclass(frozen=True)
class CellInfo:
    """What nbgrader's metadata says about one cell.

    Attributes:
        grade_id: the cell's name, or None for a cell that is not nbgrader's.
        kind: what the cell is for.
        points: the maximum for a test, manual or task cell, else 0.
        locked: True where the author's source always counts, whatever a submission holds.
    """

    grade_id: str | None
    kind: Kind
    points: float
    locked: bool

    @property
    def scored(self) -> bool:
        """True where the cell contributes to the score."""
        return self.kind in ("test", "manual", "task")


def cell_info(cell: NotebookNode) -> CellInfo:
    """What ``cell`` is for. A cell without nbgrader's metadata is of kind ``other``."""
    meta = cell.metadata.get("nbgrader")
    if not isinstance(meta, dict) or not meta.get("grade_id"):
        return _NOT_NBGRADERS
    grade, solution, locked, task = (bool(meta.get(key)) for key in ("grade", "solution", "locked", "task"))
    points = str(meta.get("points")) if grade or task else ""
    return _info(str(meta["grade_id"]), grade, solution, locked, task, points)


_NOT_NBGRADERS = CellInfo(None, "other", 0.0, False)


# Asked dozens of times for each cell of a submission, mostly about the author's.
@lru_cache(maxsize=512)
def _info(grade_id: str, grade: bool, solution: bool, locked: bool, task: bool, points: str) -> CellInfo:
    kind: Kind
    if task:
        kind = "task"
    elif grade:
        kind = "manual" if solution else "test"
    elif solution:
        kind = "solution"
    else:
        kind = "given"
    return CellInfo(grade_id, kind, _points(points), not solution and (grade or locked))


def _points(text: str) -> float:
    """A number of points; 0 for what is none, since a submission may hold anything there."""
    try:
        points = float(text)
    except ValueError:
        return 0.0
    return points if math.isfinite(points) and points >= 0 else 0.0


def by_grade_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """The nbgrader cells of a notebook by grade id; of several with one id, the last."""
    return {i.grade_id: cell for cell in notebook.cells if (i := cell_info(cell)).grade_id is not None}


def hidden_lines(source: str) -> list[str]:
    """The non-empty lines between the hidden-test markers of a cell's source, stripped."""
    return [line.strip() for line, hidden in _lines(source) if hidden and line.strip()]


def visible_source(source: str) -> str:
    """A test cell's source as students get it: without its hidden regions and the space around it."""
    return "\n".join(line for line, hidden in _lines(source) if not hidden).strip()


def without_solutions(source: str) -> str:
    """A cell's source without its solution regions; what is left need not be Python."""
    return _without(source, SOLUTION_BEGIN, SOLUTION_END)


def without_mark_schemes(source: str) -> str:
    """An answer in words without the region that says what earns points."""
    return _without(source, MARK_SCHEME_BEGIN, MARK_SCHEME_END)


def _without(source: str, begin: str, end: str) -> str:
    if begin not in source:
        return source
    kept, inside = [], False
    for line in source.splitlines():
        inside = begin in line or (inside and end not in line)
        kept += [line] if not inside and end not in line else []
    return "\n".join(kept)


def _lines(source: str) -> Iterator[tuple[str, bool]]:
    """Each line but the markers, and whether it is hidden."""
    hidden = False
    for line in source.splitlines():
        if HIDDEN_BEGIN in line:
            hidden = True
        elif HIDDEN_END in line:
            hidden = False
        else:
            yield line, hidden


def judged_answer(cells: Sequence[NotebookNode], index: int) -> str:
    """The name of the answer in code that the test at ``index`` judges: the last one above it.

    Empty where the cell is not a test, where there is no answer above, and for ``test-NAME``, whose own name tells it.
    """
    about = cell_info(cells[index])
    if about.kind != "test" or str(about.grade_id).startswith("test-"):
        return ""
    above = (cell_info(cell) for cell in reversed(cells[:index]))
    return next((str(answer.grade_id) for answer in above if answer.kind == "solution"), "")
