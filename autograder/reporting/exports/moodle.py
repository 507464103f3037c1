"""Moodle: the CSV file that *Grades, Import, CSV file* takes (docs.moodle.org, "Grade import").

Moodle asks which column identifies a student (``username``, ``useridnumber`` or ``useremail``) and which grade item or
feedback each other column holds; nothing depends on the order. Grade and feedback of an item must be imported together,
or the grade is lost. ``-`` means no grade, as in Moodle's own export. One unknown student stops the whole import.
"""

from __future__ import annotations

import html
from collections.abc import Mapping

from autograder.reporting.exports.by_student import ByStudent
from autograder.reporting.exports.table import csv_text
from autograder.reporting.gradebook.hand_grades import Person
from autograder.reporting.lateness import Grade
from autograder.reporting.wording import told
from autograder.roster import RosterEntry

STUDENT_COLUMNS = ("Username", "Last name", "First name", "Email address")
_NO_GRADE = "-"


def moodle_csv(table: ByStudent, people: Mapping[str, Person], roster: Mapping[str, RosterEntry]) -> str:
    """The import file: for each assignment a column with points and one with feedback.

    The student's name as it was graded is the username, unless the roster says another or, having none, nothing.

    Args:
        roster: by student, see :func:`autograder.roster.listed_for`.
    """
    header = [column for name in table.assignments for column in (name, f"{name} (feedback)")]

    def row(student: str) -> list[str | float | None]:
        person, grades = people.get(student, Person()), table.grades[student]
        username = roster[student].login if student in roster else student
        cells: list[str | float | None] = [username, person.last_name, person.first_name, person.email]
        for name in table.assignments:
            cells += [grades[name].final, feedback_html(grades[name])] if name in grades else [_NO_GRADE, ""]
        return cells

    return csv_text((*STUDENT_COLUMNS, *header), map(row, table.grades))


def feedback_html(grade: Grade) -> str:
    """What was said about the submission, as HTML, which Moodle takes feedback for; a line for each task with words."""
    spoken = [
        f"{task.grade_id}: {task.points:g} of {task.max_points:g}. {' '.join(words)}"
        for task in grade.result.tasks
        if (words := told(task))
    ]
    if grade.result.fault:
        spoken.insert(0, f"Grading ended early: {grade.result.fault}")
    if grade.penalty:
        spoken.append(f"Handed in late: {grade.penalty:g} points taken off.")
    return "<br>".join(html.escape(line) for line in spoken)
