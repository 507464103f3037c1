"""Read back what people wrote into the gradebook, and put it into results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Join, Table, select

from autograder.errors import GradebookError
from autograder.reporting.exercises import exercise_names
from autograder.reporting.gradebook.assignment_rows import SOLUTION, tables
from autograder.reporting.gradebook.course_folder import student_name
from autograder.reporting.gradebook.database import database_url, printable_url, reading
from autograder.results import SubmissionResult, TaskResult
from autograder.roster import Listed

Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Person:
    """What the gradebook knows of a student besides the id; empty where it knows nothing."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


def person_listed(entry: Listed) -> Person:
    """What a roster knows of a student."""
    return Person(entry.first_name, entry.last_name, entry.email, entry.number if entry.platform == "Canvas" else "")


@dataclass(frozen=True)
class HandGrades:
    """What people wrote into a gradebook.

    Attributes:
        points: by (student, assignment, cell): the score given plus extra credit.
        extra: the same for extra credit on top of an automatic score.
        stale: the cells in ``points`` that were marked for another look when the gradebook was written again.
        comments: by (student, assignment, answer cell).
        people: by student.
        answers: the answer cells of every assignment that the gradebook knows.
    """

    points: Mapping[Cell, float] = field(default_factory=dict)
    extra: Mapping[Cell, float] = field(default_factory=dict)
    stale: frozenset[Cell] = frozenset()
    comments: Mapping[Cell, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)


def read_hand_graded(place: str | Path) -> HandGrades:
    """Read a gradebook.

    Args:
        place: a database URL, or the path of a SQLite file.

    Raises:
        GradebookError: if there is none, or it is of another version of nbgrader.
    """
    url = database_url(place)
    table = tables()
    submitted, notebook, assignment = table["submitted_assignment"], table["submitted_notebook"], table["assignment"]
    grade, comment, cell, student = table["grade"], table["comment"], table["base_cell"], table["student"]
    key = (submitted.c.student_id, assignment.c.name, cell.c.name)

    def of_cells(rows: Table) -> Join:
        """Joined with whose submission of what it is, and with the cell."""
        return (
            rows.join(cell, cell.c.id == rows.c.cell_id)
            .join(notebook, notebook.c.id == rows.c.notebook_id)
            .join(submitted, submitted.c.id == notebook.c.assignment_id)
            .join(assignment, assignment.c.id == submitted.c.assignment_id)
        )

    with reading(url) as connection:
        given = connection.execute(
            select(*key, grade.c.manual_score, grade.c.extra_credit, grade.c.needs_manual_grade)
            .select_from(of_cells(grade))
            .where(grade.c.manual_score.is_not(None) | grade.c.extra_credit.is_not(None))
        ).all()
        rows = connection.execute(
            select(*key, comment.c.manual_comment).select_from(of_cells(comment)).where(comment.c.manual_comment != "")
        ).all()
        people = connection.execute(
            select(student.c.id, student.c.first_name, student.c.last_name, student.c.email, student.c.lms_user_id)
        ).all()
        cells = connection.execute(
            select(assignment.c.name, cell.c.name)
            .select_from(assignment)
            .outerjoin(table["notebook"], table["notebook"].c.assignment_id == assignment.c.id)
            .outerjoin(cell, (cell.c.notebook_id == table["notebook"].c.id) & (cell.c.type == SOLUTION))
        ).all()
    return HandGrades(
        points={
            (student_name(s), a, c): score + (extra or 0.0) for s, a, c, score, extra, _ in given if score is not None
        },
        extra={(student_name(s), a, c): extra for s, a, c, score, extra, _ in given if score is None},
        stale=frozenset(
            (student_name(s), a, c) for s, a, c, score, _, look_again in given if score is not None and look_again
        ),
        comments={(student_name(s), a, c): words for s, a, c, words in rows},
        people={student_name(name): Person(*(text or "" for text in about)) for name, *about in people},
        answers={name: frozenset(c for a, c in cells if a == name and c) for name, _ in cells},
    )


def with_manual_scores(results: Iterable[SubmissionResult], graded: HandGrades) -> list[SubmissionResult]:
    """The results with the points and comments that people gave.

    Where a person gave points they are what counts; ``manual_points`` tells that they did, and ``stale`` that they did
    so for an earlier version. A submission that the gradebook does not know stays as it is.
    """
    return [_with_manual(result, graded) for result in results]


def require_some(results: Iterable[SubmissionResult], graded: HandGrades, place: str | Path) -> None:
    """Make sure that a gradebook belongs to these results.

    Raises:
        GradebookError: if it knows none of their assignments.
    """
    names = {result.assignment for result in results} - {"unknown"}
    if names and not names & graded.answers.keys():
        raise GradebookError(
            f"{printable_url(database_url(place))} knows none of {', '.join(sorted(names))}; it has "
            f"{', '.join(sorted(graded.answers)) or 'no assignment'}. Name the gradebook of these results."
        )


def _with_manual(result: SubmissionResult, graded: HandGrades) -> SubmissionResult:
    student, assignment = result.student, result.assignment
    answers = dict.fromkeys(graded.answers.get(assignment, ()))
    names = exercise_names(result.tasks, answers)
    tasks, told = [], set()
    for task in result.tasks:
        answer = names[task.grade_id]
        # A comment on an answer that several tests judge is said once.
        words = "" if answer in told else graded.comments.get((student, assignment, answer), "")
        told.add(answer)
        tasks.append(_task(task, graded, (student, assignment, task.grade_id), words))
    return replace(result, tasks=tuple(tasks))


def _task(task: TaskResult, graded: HandGrades, cell: Cell, comment: str) -> TaskResult:
    given = graded.points.get(cell)
    if given is None and cell in graded.extra:
        given = task.points + graded.extra[cell]
    if given is None:
        return replace(task, comment=comment)
    return replace(task, points=given, manual_points=given, comment=comment, stale=cell in graded.stale)
