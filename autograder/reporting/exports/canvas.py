"""Canvas: the CSV file that *Grades, Import* takes.

Columns and their order follow Canvas's own export, which its importer (``lib/gradebook_importer.rb`` in
instructure/canvas-lms) expects: Student, ID, SIS User ID, SIS Login ID, Section, then a column for each assignment; the
row after the header holds the points possible. A student is found by ID, else SIS User ID, else SIS Login ID, else
name. A column named like an assignment updates it, ``Name (1234)`` does by Canvas's number, any other makes a new one.
An empty grade leaves what Canvas has.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.reporting.exports.by_student import ByStudent
from autograder.reporting.exports.table import csv_text
from autograder.reporting.gradebook.manual_scores import Person

STUDENT_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def canvas_csv(table: ByStudent, people: Mapping[str, Person]) -> str:
    """The import file.

    The student's name as it was graded is the SIS Login ID; the ID is the gradebook's ``lms_user_id`` where it has one.
    """

    def row(student: str) -> list[str | float | None]:
        person = people.get(student, Person())
        name = f"{person.last_name}, {person.first_name}" if person.last_name and person.first_name else student
        grades = table.grades[student]
        points = [grades[a].final if a in grades else None for a in table.assignments]
        return [name, person.lms_user_id, "", student, "", *points]

    possible: list[str | float | None] = ["    Points Possible", "", "", "", "", *table.assignments.values()]
    return csv_text((*STUDENT_COLUMNS, *table.assignments), [possible, *map(row, table.grades)])
