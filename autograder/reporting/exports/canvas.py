"""Canvas: the CSV file that *Grades, Import* takes.

Columns and their order follow Canvas's own export, which its importer (``lib/gradebook_importer.rb`` in
instructure/canvas-lms) expects: Student, ID, SIS User ID, SIS Login ID, Section, then a column for each assignment; the
row after the header holds the points possible. A student is found by ID, else SIS User ID, else SIS Login ID, else
name. A student who is in Canvas's own export has its columns from there; else the ID is the one in the names of
downloaded files, and no login is made up. A column named like an assignment updates it, ``Name (1234)`` does
by Canvas's number, any other makes a new one. An empty grade leaves what Canvas has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.errors import ResultsError
from autograder.reporting.exports.by_student import ByStudent
from autograder.reporting.exports.table import csv_text
from autograder.reporting.gradebook.hand_grades import Person
from autograder.reporting.lateness import Grade
from autograder.roster import RosterEntry

STUDENT_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def canvas_csv(
    table: ByStudent,
    people: Mapping[str, Person],
    roster: Mapping[str, RosterEntry],
    columns: Mapping[str, str] | None = None,
) -> str:
    """The import file.

    Where nothing else is known, the student's name as it was graded is the SIS Login ID; the ID is the gradebook's
    ``lms_user_id`` where it has one.

    Args:
        roster: by student, see :func:`autograder.roster.listed_for`.
        columns: what assignments are called in Canvas, where that is not their name.

    Raises:
        ResultsError: if files of one student carry two of Canvas's IDs.
    """

    def row(student: str) -> list[str | float | None]:
        person, grades = people.get(student, Person()), table.grades[student]
        points = [grades[a].final if a in grades else None for a in table.assignments]
        if student in roster:
            entry = roster[student]
            return [entry.name, entry.number, entry.sis_user_id, entry.login, entry.section, *points]
        name = f"{person.last_name}, {person.first_name}" if person.last_name and person.first_name else student
        number = _canvas_id(student, grades.values())
        return [name, person.lms_user_id or number, "", "" if number else student, "", *points]

    possible: list[str | float | None] = ["    Points Possible", "", "", "", "", *table.assignments.values()]
    names = [(columns or {}).get(name, name) for name in table.assignments]
    return csv_text((*STUDENT_COLUMNS, *names), [possible, *map(row, table.grades)])


def _canvas_id(student: str, grades: Iterable[Grade]) -> str:
    """The ID that Canvas put into the names of a student's files, or empty."""
    ids = sorted({grade.result.number for grade in grades if grade.result.platform == "Canvas"} - {""})
    if len(ids) > 1:
        lines = "\n".join(f"{student}_{number},NAME" for number in ids)
        raise ResultsError(
            f"files of {student!r} have different IDs of Canvas: two students share the name. Expected one ID; add "
            f"these lines to the file of --students (handed_in,student), with their names, and grade again:\n{lines}"
        )
    return "".join(ids)
