"""Write what submissions of one assignment earned. Scores and comments that a person gave are never touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from autograder.reporting.gradebook.assignment_rows import AssignmentRows, new_key, tables


@dataclass(frozen=True)
class Entry:
    """What the gradebook says of one submission.

    Attributes:
        student: as nbgrader names the student.
        scores: for each cell with points, by grade id: what the autograder gave, or None where a person must.
        comments: for each cell that can be commented on: what the autograder says, or None.
        changed: the answers that differ from those in the gradebook's folder.
        timestamp: when it was handed in, in UTC without offset as nbgrader keeps it; None where nobody knows.
    """

    student: str
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    changed: Collection[str] = ()
    timestamp: datetime | None = None


def save_scores(connection: Connection, rows: AssignmentRows, entries: Sequence[Entry]) -> int:
    """Write the entries of one assignment.

    A score that a person gave stays. Where the autograder's score or the answer itself has changed since, the cell is
    marked as needing another look.

    Returns:
        how many cells of these entries wait for a person.
    """
    table = tables()
    students = [entry.student for entry in entries]
    _add_missing(connection, table["student"], "id", {}, students)
    submitted = _add_missing(
        connection, table["submitted_assignment"], "student_id", {"assignment_id": rows.assignment_id}, students
    )
    _set_timestamps(connection, submitted, entries)
    ours = [submitted[student] for student in students]
    notebooks = _add_missing(
        connection, table["submitted_notebook"], "assignment_id", {"notebook_id": rows.notebook_id}, ours
    )
    waiting, new_grades, changed_grades = 0, [], []
    grades = _present(connection, table["grade"], rows.graded.values())
    new_comments, changed_comments = [], []
    comments = _present(connection, table["comment"], rows.commented.values())
    for entry in entries:
        notebook = notebooks[submitted[entry.student]]
        for name, cell in rows.graded.items():
            score, old = entry.scores[name], grades.get((notebook, cell))
            needed = _needs_a_person(score, old, name in entry.changed)
            waiting += needed
            if old is None:
                new_grades.append(_grade(notebook, cell, score, needed))
            elif (old.auto_score, bool(old.needs_manual_grade)) != (score, needed):
                changed_grades.append({"key": old.id, "auto_score": score, "needs_manual_grade": needed})
        for name, cell in rows.commented.items():
            words, old = entry.comments.get(name), comments.get((notebook, cell))
            if old is None:
                new_comments.append({"id": new_key(), "cell_id": cell, "notebook_id": notebook, "auto_comment": words})
            elif old.auto_comment != words:
                changed_comments.append({"key": old.id, "auto_comment": words})
    _write(connection, table["grade"], new_grades, changed_grades)
    _write(connection, table["comment"], new_comments, changed_comments)
    return waiting


def save_people(connection: Connection, people: Mapping[str, Mapping[str, str]]) -> None:
    """Fill in what the gradebook does not know of its students; what a person has entered stays.

    Args:
        people: by nbgrader's name of the student, the value of each column of nbgrader's table of students.
    """
    table = tables()["student"]
    for row in connection.execute(select(table).where(table.c.id.in_(list(people)))).all():
        known = row._mapping
        new = {column: value for column, value in people[row.id].items() if value and not known[column]}
        if new:
            connection.execute(update(table).where(table.c.id == row.id).values(new))


def _needs_a_person(score: float | None, old: Any, answer_changed: bool) -> bool:
    if old is None or old.manual_score is None:
        return score is None
    return bool(old.needs_manual_grade) or answer_changed or old.auto_score != score


def _grade(notebook: str, cell: str, score: float | None, needed: bool) -> dict[str, Any]:
    return {
        "id": new_key(),
        "cell_id": cell,
        "notebook_id": notebook,
        "auto_score": score,
        "needs_manual_grade": needed,
    }


def _add_missing(
    connection: Connection, table: Table, column: str, fixed: Mapping[str, str], values: Iterable[str]
) -> dict[str, str]:
    """The key of the row of each value in ``column``; rows that are missing are added."""
    where = [table.c[name] == value for name, value in fixed.items()]
    found = connection.execute(select(table.c[column], table.c.id).where(*where))
    keys = {str(value): str(key) for value, key in found}
    missing = [value for value in values if value not in keys]
    added = {value: value if column == "id" else new_key() for value in missing}
    if added:
        connection.execute(insert(table), [{"id": key, column: value, **fixed} for value, key in added.items()])
    return keys | added


def _set_timestamps(connection: Connection, submitted: Mapping[str, str], entries: Sequence[Entry]) -> None:
    table = tables()["submitted_assignment"]
    rows = [
        {"key": submitted[entry.student], "timestamp": entry.timestamp}
        for entry in entries
        if entry.timestamp is not None
    ]
    _write(connection, table, [], rows)


def _present(connection: Connection, table: Table, cells: Iterable[str]) -> dict[tuple[str, str], Any]:
    """The rows of these cells by submitted notebook and cell."""
    found = connection.execute(select(table).where(table.c.cell_id.in_(list(cells))))
    return {(row.notebook_id, row.cell_id): row for row in found}


def _write(connection: Connection, table: Table, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    """Insert new rows; update in changed ones the columns that are named and no other."""
    if new:
        connection.execute(insert(table), new)
    if changed:
        connection.execute(update(table).where(table.c.id == bindparam("key")), changed)
