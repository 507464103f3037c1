"""One self-contained HTML page for each submission: points, what each check said, and the student's own work.

A page is made from the result and from the student's cells alone: their answers, and what their cells displayed. Test
cells, which hold hidden tests in the executed notebook, are never shown. All text is escaped or sanitised.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup
from nbformat import NotebookNode

from autograder.files import file_name, write_atomically
from autograder.notebook.cells import cell_info
from autograder.reporting.exercises import ExerciseResults, exercises
from autograder.reporting.lateness import Grade
from autograder.reporting.markup import code, prose
from autograder.reporting.outputs import Display
from autograder.reporting.redaction import hidden_text, redacted
from autograder.reporting.templates import render
from autograder.reporting.term import over_term, term_page
from autograder.results import SubmissionResult, TaskResult

_STATUS_WORDS = {
    "passed": "passed",
    "passed_with_reference": "right, but for an earlier mistake",
    "failed": "not yet",
    "error": "stopped with an error",
    "timeout": "took too long",
    "manual": "will be read by a person",
    "not_reached": "not reached",
}
_BY_HAND = {False: "graded by a person", True: "an earlier version was graded by a person"}
FLAG_WORDS = {
    "edited-locked-cell": "A locked cell had been edited; the original was graded.",
    "missing-cell": "A cell was missing and was put back.",
    "duplicate-cell": "A cell was there twice; the last one in which something is written was graded.",
    "metadata-restored": "Cells had lost what tells the grader which they are; it was put back.",
    "answer-moved": "An answer was written outside its cell; it was moved there to be read.",
    "conflict-markers": "A cell holds git's conflict markers; choose one version and hand it in again.",
    "points-changed": "Points had been changed; the original points count.",
    "cell-type-changed": "A cell's type had been changed and was restored.",
    "unknown-cell": "A graded cell does not belong to this chapter and was ignored.",
    "personal-copy-of": "The notebook was made for another student, with other numbers than yours.",
    "reordered-cells": "Cells are not in the order in which they were released.",
    "kernel-changed": "The notebook names another language; the course's own was used.",
    "duplicate-submission": "Several files were handed in for this assignment.",
    "student-guessed": "The file's name does not say for certain that it is yours. Is it?",
    "marked-late": "Your learning platform marked the file as late.",
    "changed-helper": "Your notebook changes a module of the course; your instructor will look at it.",
    "uses-oracle": "An answer seems to use the course's own reference; your instructor will look at it.",
    "unreadable": "The file could not be read; hand it in again.",
    "timeout": "A cell was interrupted at its time limit.",
    "near-time-limit": "A cell, or the notebook, used more than half of the time that it may use.",
    "ended-early": "The notebook did not run to its end.",
    "stopped-the-tests": "What your notebook returned took more memory or time than the tests may use.",
    "notebook-not-kept": "Your notebook was graded, but cannot be shown here.",
    "grader-failed": "The grader itself failed. Ask your instructor to grade your notebook again.",
}


@dataclass(frozen=True)
class PageOptions:
    """What pages show besides points and messages.

    Attributes:
        rubrics: mark schemes by assignment and grade id; students read them after grading where they are given.
        notes: what the instructor has written about mistakes, see :mod:`autograder.reporting.mistake_notes`.
        outputs: True where pages show what the student's cells displayed.
    """

    rubrics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    outputs: bool = True


@dataclass(frozen=True)
class _Cell:
    """A further cell of the student's, ready to show."""

    code: Markup
    outputs: list[Markup]


@dataclass(frozen=True)
class _Task:
    """One scored cell, ready to show."""

    result: TaskResult
    status: str
    words: str
    message: str
    hint: str
    rubric: Markup
    note: Markup
    comment: Markup


@dataclass(frozen=True)
class _Section:
    """One exercise, ready to show."""

    exercise: ExerciseResults
    tasks: list[_Task]
    answer: Markup
    outputs: list[Markup]
    further: list[_Cell]

    @property
    def full(self) -> bool:
        """True where nothing is left to earn."""
        return self.exercise.points >= self.exercise.max_points


def feedback_page(grade: Grade, notebook: NotebookNode | None, shown: PageOptions | None = None) -> str:
    """The page of one submission as HTML that needs no other file.

    Args:
        grade: what it earned, and what lateness takes from that.
        notebook: the executed notebook of the submission, or None where nothing could be executed.
        shown: see :class:`PageOptions`; by default no rubric.
    """
    result, shown = grade.result, shown or PageOptions()
    # Beside the student's code, nbgrader's way, hidden tests were within its reach: it may display them in disguise.
    exposed = result.environment.get("scoring") == "nbgrader"
    display = Display(hidden_text(notebook) if notebook is not None else frozenset())
    parts = [
        _section(exercise, display if shown.outputs and not exposed else None, display.hidden, result.assignment, shown)
        for exercise in exercises(result, notebook)
    ]
    return render(
        "feedback.html",
        grade=grade,
        result=result,
        sections=parts,
        fault=redacted(result.fault, display.hidden) if result.fault else "",
        notes=_notes(result.flags),
        withheld=shown.outputs and exposed and notebook is not None,
        skipped=shown.outputs and not exposed and notebook is not None and _skipped(result, notebook),
    )


def write_feedback(
    graded: Iterable[tuple[Grade, NotebookNode | None]], folder: Path, shown: PageOptions | None = None
) -> list[Path]:
    """Write a page for each submission and an ``index.html`` that lists them; returns the pages' paths.

    Where there are several assignments, each student also gets a page over all: ``students/<student>/all.html``.
    """
    pages, rows, grades = [], [], []
    for grade, notebook in graded:
        result = grade.result
        path = folder / file_name(result.assignment) / f"{file_name(result.student)}.html"
        write_atomically(path, feedback_page(grade, notebook, shown))
        pages.append(path)
        grades.append(grade)
        rows.append((grade, quote(str(path.relative_to(folder)))))
    term, students = over_term(grades), []
    for student in term.students if len(term.assignments) > 1 else ():
        # In a folder of its own: an assignment may be called students.
        path = folder / "students" / file_name(student.student) / "all.html"
        write_atomically(path, term_page(student, term))
        pages.append(path)
        students.append((student, quote(str(path.relative_to(folder)))))
    write_atomically(folder / "index.html", render("index.html", rows=rows, students=students, term=term))
    return pages


def _skipped(result: SubmissionResult, notebook: NotebookNode) -> bool:
    """True where cells of the author's that earn nothing were not executed, because grading does not need them."""
    independent = notebook.metadata.get("autograder", {}).get("experiments") == "independent"
    return (
        independent
        and result.environment.get("experiments") == "skipped"
        and any(
            cell.cell_type == "code" and cell_info(cell).kind == "other" and not cell.get("execution_count")
            for cell in notebook.cells
        )
    )


def _section(
    exercise: ExerciseResults, display: Display | None, hidden: frozenset[str], assignment: str, shown: PageOptions
) -> _Section:
    answer, name = exercise.answer, exercise.name or "the first cells"
    further = [_further(cell, display, name) for cell in exercise.further] if display is not None else []
    rubrics, tasks, told = shown.rubrics.get(assignment, {}), [], set()
    for task in exercise.tasks:
        mistake = task.mistake or ""
        note = "" if mistake in told else shown.notes.get((assignment, exercise.name, mistake), "")
        told.add(mistake)
        tasks.append(_task(task, hidden, rubrics.get(task.grade_id, ""), note))
    return _Section(
        exercise,
        tasks,
        _answer(answer) if answer is not None and answer.source.strip() else Markup(),
        display.outputs(answer, name) if display is not None and answer is not None else [],
        [cell for cell in further if cell.code or cell.outputs],
    )


def _answer(cell: NotebookNode) -> Markup:
    if cell.cell_type == "code":
        return code(cell.source)
    attachments = cell.get("attachments")
    return prose(cell.source, attachments if isinstance(attachments, dict) else None)


def _further(cell: NotebookNode, display: Display, name: str) -> _Cell:
    # The author's locked cells are in the chapter itself; only what they displayed for this student is worth a look.
    return _Cell(Markup() if cell_info(cell).locked else code(cell.source), display.outputs(cell, name))


def _task(task: TaskResult, hidden: frozenset[str], rubric: str, note: str) -> _Task:
    by_hand = task.manual_points is not None
    return _Task(
        task,
        ("passed" if task.points >= task.max_points and not task.stale else "graded") if by_hand else task.status,
        _BY_HAND[task.stale] if by_hand else _STATUS_WORDS[task.status],
        redacted(task.message, hidden),
        redacted(task.hint, hidden),
        prose(rubric),
        prose(note),
        prose(task.comment),
    )


def _notes(flags: tuple[str, ...]) -> list[str]:
    kinds = dict.fromkeys(flag.partition(":")[0] for flag in flags)
    return [FLAG_WORDS[kind] for kind in kinds if kind in FLAG_WORDS]
