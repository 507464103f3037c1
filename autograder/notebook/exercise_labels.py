"""What an exercise is worth and how hard its author holds it to be, written once and shown where students work.

Points come from the checks ``test-NAME``, ``test-NAME-1``, ``test-NAME-2`` … of the exercise NAME. Difficulty, from 1
to 5, and minutes, where somebody has measured them, are in the metadata of the exercise's cell:
``"autograder": {"difficulty": 2, "minutes": 15}``. What is not there is not shown.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.notebook import released_cells
from autograder.notebook.cells import cell_info

HARDEST = 5
# How the line that is added begins.
LABEL = "**Exercise:**"
_HEADING = re.compile(r"^#{2,6} .*$", re.M)


def exercise_of(test: str) -> str:
    """The exercise that a check with this grade id examines."""
    return re.sub(r"-\d+$", "", test.removeprefix("test-"))


def exercise_points(notebook: NotebookNode) -> dict[str, float]:
    """What the checks of an exercise add up to, by the exercise's grade id."""
    worth: dict[str, float] = {}
    for cell in notebook.cells:
        about = cell_info(cell)
        if about.kind == "test" and about.grade_id:
            worth[exercise_of(about.grade_id)] = worth.get(exercise_of(about.grade_id), 0.0) + about.points
    return worth


def exercise_labels(notebook: NotebookNode) -> dict[str, str]:
    """For each exercise, by grade id, what to say of it: "8 points, difficulty 2 of 5"; empty where that is nothing."""
    worth = exercise_points(notebook)
    return {
        str(about.grade_id): _label(worth.get(str(about.grade_id), 0.0), cell.metadata.get("autograder"))
        for cell in notebook.cells
        if (about := cell_info(cell)).kind == "solution"
    }


def with_exercise_labels(notebook: NotebookNode) -> NotebookNode:
    """A copy in which a line above each exercise says what it is worth.

    The line follows the last heading of the text above the exercise; where there is none, it ends the text, or is a
    cell of its own.
    """
    result = copy.deepcopy(notebook)
    labels = exercise_labels(notebook)
    cells: list[NotebookNode] = []
    for cell in result.cells:
        label = labels.get(str(cell_info(cell).grade_id), "")
        if label:
            line = f"{LABEL} {label}."
            above = cells[-1] if cells else None
            if above is not None and above.cell_type == "markdown" and cell_info(above).kind == "other":
                above.source = _with_line(above.source, line)
            else:
                cells.append(new_markdown_cell(line, id=f"{released_cells.LABEL}{cell.id}"[:64]))
        cells.append(cell)
    result.cells = cells
    return result


def label_fault(cell: NotebookNode) -> str | None:
    """What is wrong with the difficulty or the minutes of a cell, or None."""
    about = cell.metadata.get("autograder")
    if not isinstance(about, Mapping):
        return None
    difficulty, minutes = about.get("difficulty", 1), about.get("minutes", 1)
    if type(difficulty) is not int or not 1 <= difficulty <= HARDEST:
        return f"has the difficulty {difficulty!r}. Expected a whole number from 1 to {HARDEST}."
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes <= 0:
        return f"takes {minutes!r} minutes. Expected a number above 0, or nothing where nobody has measured it."
    return None


def _label(points: float, about: object) -> str:
    known = about if isinstance(about, Mapping) else {}
    parts = [f"{points:g} point" if points == 1 else f"{points:g} points"] if points else []
    parts += [f"difficulty {known['difficulty']} of {HARDEST}"] if "difficulty" in known else []
    parts += [f"about {known['minutes']:g} minutes"] if "minutes" in known else []
    return ", ".join(parts)


def _with_line(text: str, line: str) -> str:
    headings = list(_HEADING.finditer(text))
    if not headings:
        return f"{text.rstrip()}\n\n{line}"
    end = headings[-1].end()
    rest = text[end:].lstrip("\n")
    return f"{text[:end]}\n\n{line}\n\n{rest}".rstrip()
