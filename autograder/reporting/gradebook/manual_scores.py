"""Read back what people wrote into the gradebook."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Join, Table, select

from autograder.errors import GradebookError
from autograder.reporting.gradebook.assignment_rows import SOLUTION, tables
from autograder.reporting.gradebook.course_folder import student_name
from autograder.reporting.gradebook.database import database_url, printable_url, reading
from autograder.reporting.gradebook.hand_grades import HandGrades, Person
from autograder.results import SubmissionResult


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
