"""One self-contained HTML page for each submission: points, what each check said, and the student's own answer.

A page is made from the result and from the student's answer cells alone. Test cells, which hold hidden tests in
the executed notebook, are never read here, and all text is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import jinja2
from nbformat import NotebookNode

from autograder.notebook.cells import info
from autograder.results import SubmissionResult, TaskResult

_TEST = re.compile(r"^test-(?P<exercise>.+?)(?:-\d+)?$")
_STATUS_WORDS = {
    "passed": "passed",
    "failed": "not yet",
    "error": "stopped with an error",
    "timeout": "took too long",
    "manual": "will be read by a person",
    "not_reached": "not reached",
}
_FLAG_WORDS = {
    "edited-locked-cell": "A locked cell had been edited; the original was graded.",
    "missing-cell": "A cell was missing and was put back.",
    "duplicate-cell": "A cell was there twice; the last one was graded.",
    "points-changed": "Points had been changed; the original points count.",
    "cell-type-changed": "A cell's type had been changed and was restored.",
    "unknown-cell": "A graded cell does not belong to this chapter and was ignored.",
    "reordered-cells": "Cells are not in the order in which they were released.",
    "kernel-changed": "The notebook names another kernel; the course's own was used.",
    "duplicate-submission": "Several files were handed in for this assignment.",
    "timeout": "A cell was interrupted at its time limit.",
    "ended-early": "The notebook did not run to its end.",
}


@dataclass(frozen=True)
class Exercise:
    """One exercise as the page shows it: its tasks and the answer they judge."""

    name: str
    tasks: tuple[TaskResult, ...]
    answer: str

    @property
    def points(self) -> float:
        """Points earned."""
        return sum(task.points for task in self.tasks)

    @property
    def max_points(self) -> float:
        """Points possible."""
        return sum(task.max_points for task in self.tasks)


def exercises(result: SubmissionResult, notebook: NotebookNode | None) -> list[Exercise]:
    """The tasks of a result, gathered by exercise, with the student's own answer cells."""
    answers = {}
    for cell in notebook.cells if notebook is not None else []:
        about = info(cell)
        if about.kind in ("solution", "manual"):
            answers[str(about.grade_id)] = cell.source
    grouped: dict[str, list[TaskResult]] = {}
    for task in result.tasks:
        match = _TEST.match(task.grade_id)
        name = match["exercise"] if match else task.grade_id
        # An exercise's own name may end in a number: then the whole of it is the answer cell's name.
        if match and name not in answers and task.grade_id.removeprefix("test-") in answers:
            name = task.grade_id.removeprefix("test-")
        grouped.setdefault(name, []).append(task)
    return [Exercise(name, tuple(tasks), answers.get(name, "")) for name, tasks in grouped.items()]


def feedback_page(result: SubmissionResult, notebook: NotebookNode | None) -> str:
    """The page of one submission as HTML that needs no other file.

    Args:
        notebook: the executed notebook of the submission, or None where nothing could be executed.
    """
    return _template("feedback.html").render(
        result=result,
        exercises=exercises(result, notebook),
        status_words=_STATUS_WORDS,
        notes=_notes(result.flags),
    )


def write_feedback(graded: Iterable[tuple[SubmissionResult, NotebookNode | None]], folder: Path) -> list[Path]:
    """Write a page for each submission and an ``index.html`` that lists them; returns the pages' paths."""
    pages, rows = [], []
    for result, notebook in graded:
        path = folder / quote(result.assignment, safe="") / f"{quote(result.student, safe=' ')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(feedback_page(result, notebook), encoding="utf-8")
        pages.append(path)
        rows.append((result, quote(str(path.relative_to(folder)))))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(_template("index.html").render(rows=rows), encoding="utf-8")
    return pages


def _notes(flags: tuple[str, ...]) -> list[str]:
    kinds = dict.fromkeys(flag.partition(":")[0] for flag in flags)
    return [_FLAG_WORDS[kind] for kind in kinds if kind in _FLAG_WORDS]


def _template(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["points"] = lambda value: f"{value:g}"
    return environment.get_template(name)
