"""Plain CSV for people and scripts: a row for each submission, or a row for each scored cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.reporting.exports.table import csv_text
from autograder.reporting.gradebook.hand_grades import Person
from autograder.reporting.lateness import Grade

SUBMISSION_COLUMNS = (
    "student", "last_name", "first_name", "email", "assignment", "score", "max_score", "pending", "late_hours",
    "late_penalty", "final_score", "flags", "fault", "file", "stale",
)  # fmt: skip
TASK_COLUMNS = (
    "student", "assignment", "grade_id", "points", "max_points", "status", "manual_points", "comment", "message",
    "hint", "mistake", "seconds", "stale",
)  # fmt: skip


def submissions_csv(grades: Iterable[Grade], people: Mapping[str, Person]) -> str:
    """A row for each submission, in :data:`SUBMISSION_COLUMNS`.

    Points are the chapter's, ``late_hours`` are hours, ``stale`` names the cells whose points a person gave for an
    earlier version.
    """

    def row(grade: Grade) -> list[str | float | None]:
        result, person = grade.result, people.get(grade.result.student, Person())
        return [
            result.student, person.last_name, person.first_name, person.email, result.assignment, result.score,
            result.max_score, result.pending, grade.late.total_seconds() / 3600, grade.penalty, grade.final,
            "; ".join(result.flags), result.fault, result.file, "; ".join(result.stale),
        ]  # fmt: skip

    return csv_text(SUBMISSION_COLUMNS, map(row, grades))


def tasks_csv(grades: Iterable[Grade]) -> str:
    """A row for each scored cell, in :data:`TASK_COLUMNS`.

    ``manual_points`` is empty where nobody graded by hand, ``stale`` is ``yes`` where a person did so for an earlier
    version.
    """
    rows = (
        [
            grade.result.student,
            grade.result.assignment,
            task.grade_id,
            task.points,
            task.max_points,
            task.status,
            task.manual_points,
            task.comment,
            task.message,
            task.hint,
            task.mistake,
            task.seconds,
            "yes" if task.stale else "",
        ]
        for grade in grades
        for task in grade.result.tasks
    )
    return csv_text(TASK_COLUMNS, rows)
