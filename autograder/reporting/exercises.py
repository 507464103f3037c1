"""Gather what belongs together on a page: an exercise's tasks, the student's answer, and what their cells displayed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info
from autograder.results import SubmissionResult, TaskResult

_TEST = re.compile(r"^test-(?P<exercise>.+?)(?:-\d+)?$")


@dataclass(frozen=True)
class ExerciseResults:
    """One exercise as a page shows it.

    Attributes:
        name: the name of its answer cell; empty for what comes before the first exercise.
        tasks: the scored cells that judge it.
        answer: the student's answer cell, or None where there is none to show.
        further: the cells after it, up to the next exercise, that the student's kernel executed.
    """

    name: str
    tasks: tuple[TaskResult, ...]
    answer: NotebookNode | None
    further: tuple[NotebookNode, ...] = ()

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(task.points for task in self.tasks)

    @property
    def max_points(self) -> float:
        """Points possible."""
        return sum(task.max_points for task in self.tasks)

    @property
    def pending(self) -> bool:
        """True where a person has yet to grade all of it."""
        return bool(self.tasks) and all(task.pending for task in self.tasks)

    @property
    def written(self) -> bool:
        """True where the answer is in words and a person grades it."""
        return self.answer is not None and self.answer.cell_type == "markdown"


def exercise_names(tasks: tuple[TaskResult, ...], answers: Collection[str]) -> dict[str, str]:
    """The exercise that each task judges: ``test-NAME`` and ``test-NAME-2`` judge NAME, others the answer above them.

    Args:
        answers: the names of the answer cells, as far as they are known.
    """
    names = {}
    for task in tasks:
        match = _TEST.match(task.grade_id)
        name = match["exercise"] if match else task.answer or task.grade_id
        # An exercise's own name may end in a number: then the whole of it is the answer cell's name.
        if match and name not in answers and task.grade_id.removeprefix("test-") in answers:
            name = task.grade_id.removeprefix("test-")
        names[task.grade_id] = name
    return names


def _folded(cell: NotebookNode) -> bool:
    """True for a cell that JupyterLab shows folded away, such as the one that says what is missing in a notebook."""
    layout = cell.metadata.get("jupyter")
    return isinstance(layout, dict) and bool(layout.get("source_hidden"))


def exercises(result: SubmissionResult, notebook: NotebookNode | None) -> list[ExerciseResults]:
    """The tasks of a result, gathered by exercise, with the student's own cells.

    Test cells, which hold hidden tests, and the text of cells that the author locked are not in it.

    Args:
        notebook: the executed notebook of the submission, or None where nothing could be executed.
    """
    cells = notebook.cells if notebook is not None else []
    answers = {str(cell_info(cell).grade_id): cell for cell in cells if cell_info(cell).kind in ("solution", "manual")}
    names = exercise_names(result.tasks, answers)
    further: dict[str, list[NotebookNode]] = {}
    shown = set(names.values())
    current = ""
    for cell in cells:
        about = cell_info(cell)
        if about.kind in ("solution", "manual"):
            current = str(about.grade_id) if about.grade_id in shown else current
        elif about.kind == "test":
            current = names.get(str(about.grade_id), current)
        elif cell.cell_type == "code" and (cell.get("outputs") or (cell.get("execution_count") and not _folded(cell))):
            further.setdefault(current, []).append(cell)
    grouped: dict[str, list[TaskResult]] = {"": []} if any(cell.get("outputs") for cell in further.get("", ())) else {}
    for task in result.tasks:
        grouped.setdefault(names[task.grade_id], []).append(task)
    return [
        ExerciseResults(name, tuple(tasks), answers.get(name), tuple(further.get(name, ())))
        for name, tasks in grouped.items()
    ]
