"""Results of the toy chapter and the notebooks they came from, made without a kernel."""

from __future__ import annotations

import copy

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.grading.grade_submission import Source
from autograder.notebook.cells import by_grade_id
from autograder.notebook.reconcile import reconcile
from autograder.results import SubmissionResult, TaskResult
from tests.support.toy import NAME

RIGHT = "def double(x):\n    return 2 * x"
WRITTEN = "It is added to itself."


def result(student: str = "ada", double: float = 5.0, **changes: object) -> SubmissionResult:
    """What a submission of the toy chapter earned; ``double`` is the points of its first test."""
    status, message = ("passed", "") if double == 5 else ("failed", "double(1) is 3; expected 2.")
    tasks = (
        TaskResult("test-double", double, 5.0, status, message, "one is added." if message else "", None, 0.25),
        TaskResult("test-half", 3.0, 3.0, "passed"),
        TaskResult("written-why", 0.0, 2.0, "manual"),
    )
    values = {
        "student": student, "assignment": NAME, "tasks": tasks, "flags": (), "fault": None, "isolation": "none",
        "environment": {}, "digest": "d", "seconds": 1.5, "file": f"{student}/{NAME}/{NAME}.ipynb",
    }  # fmt: skip
    return SubmissionResult(**{**values, **changes})


def executed(source: Source, student: NotebookNode, written: str = WRITTEN, double: str = RIGHT) -> NotebookNode:
    """The notebook as grading leaves it: reconciled, hidden tests restored, with an output."""
    notebook = copy.deepcopy(student)
    cells = by_grade_id(notebook)
    cells["double"].source, cells["written-why"].source = double, written
    done = reconcile(notebook, source.notebook).notebook
    by_grade_id(done)["double"].outputs = [new_output("stream", name="stdout", text="hello\n")]
    return done
