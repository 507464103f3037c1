"""Score an executed notebook exactly as nbgrader does, quirks included.

A cell with any text on stderr earns nothing; one that never ran, or ends in something that is not a number, earns
everything. Test cells run next to the student's code here, which can therefore deceive them.
"""

from __future__ import annotations

from dataclasses import replace

from nbformat import NotebookNode

from autograder.kernel.session import Execution
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.referee.scoring import judge
from autograder.results import TaskResult


def judge_like_nbgrader(execution: Execution) -> tuple[TaskResult, ...]:
    """One result for each scored cell, with the points that ``nbgrader.utils.determine_grade`` gives.

    Messages and hints are those of :func:`autograder.referee.scoring.judge`.
    """
    cells = by_grade_id(execution.notebook)
    return tuple(_scored(task, cells[task.grade_id]) for task in judge(execution))


def _scored(task: TaskResult, cell: NotebookNode) -> TaskResult:
    from nbgrader.utils import determine_grade

    if cell_info(cell).kind != "test":
        return task
    try:
        points, _ = determine_grade(cell)
    except (ValueError, KeyError) as error:
        # nbgrader gives up on the whole submission here.
        return replace(task, points=0.0, status="error", message=f"nbgrader cannot score this cell: {error}")
    points = float(points or 0.0)
    if points == task.points:
        return task
    message = task.message if points < task.max_points else ""
    return replace(task, points=points, status="passed" if points == task.max_points else "failed", message=message)
