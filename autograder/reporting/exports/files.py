"""Which files each export format consists of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.files import file_name
from autograder.reporting.exports.by_student import by_student
from autograder.reporting.exports.canvas import canvas_csv
from autograder.reporting.exports.filled import filled_csv
from autograder.reporting.exports.gradescope import gradescope_json
from autograder.reporting.exports.moodle import moodle_csv
from autograder.reporting.exports.plain_csv import submissions_csv, tasks_csv
from autograder.reporting.gradebook.hand_grades import Person, person_listed
from autograder.reporting.lateness import Grade
from autograder.roster import RosterEntry, listed_for
from autograder.tables import Sheet


@dataclass(frozen=True)
class Export:
    """Files to be written.

    Attributes:
        name: of the file, or of the folder where there are several.
        files: text by path relative to the folder; one with the empty path where ``name`` is a file.
        left_out: submissions that the format has no place for, and why.
    """

    name: str
    files: Mapping[str, str]
    left_out: tuple[str, ...] = ()


def export_files(
    format_name: str,
    grades: Sequence[Grade],
    people: Mapping[str, Person],
    roster: Sequence[RosterEntry] = (),
    columns: Mapping[str, str] | None = None,
    sheet: Sheet | None = None,
) -> Export:
    """The files of ``csv``, ``tasks``, ``canvas``, ``moodle``, ``filled`` or ``gradescope``.

    Args:
        people: what the gradebook knows of students.
        roster: who is in the course on its platform; who is not there is left out of what a platform imports, since
            some importers stop at strangers.
        columns: what assignments are called on the platform, where that is not their name.
        sheet: for ``filled``, the file that the roster was read from.

    Raises:
        ResultsError: if the results of one assignment have different points possible.
        ValueError: for another name.
    """
    listed = listed_for((grade.result for grade in grades), roster)
    people = {**{student: person_listed(entry) for student, entry in listed.items()}, **people}
    match format_name:
        case "csv":
            return Export("grades.csv", {"": submissions_csv(grades, people)})
        case "tasks":
            return Export("tasks.csv", {"": tasks_csv(grades)})
        case "canvas" | "moodle" | "filled":
            # A further file of a student is left out as that, whatever its name is in the results.
            strangers = dict.fromkeys(
                result.student
                for result in (grade.result for grade in grades)
                if roster and result.student not in listed and not result.further
            )
            known = [grade for grade in grades if grade.result.student not in strangers]
            table = by_student(known)
            left_out = (*table.left_out, *(f"{student}: not in the roster" for student in strangers))
            if format_name == "moodle":
                text = moodle_csv(table, people, listed)
            elif sheet is None:
                text = canvas_csv(table, people, listed, columns)
            else:
                filled = filled_csv(sheet, table, listed, columns or {})
                text, left_out = filled.text, (*left_out, *(f"{name}: has no column" for name in filled.without_column))
            return Export(f"{format_name}.csv", {"": text}, left_out)
        case "gradescope":
            files = {f"{_folder(grade)}/results.json": gradescope_json(grade) for grade in grades}
            return Export("gradescope", files)
    raise ValueError(f"there is no format {format_name!r}")


def _folder(grade: Grade) -> str:
    """A folder for one submission whose name no other shares and no file system refuses."""
    return f"{file_name(grade.result.student)}/{file_name(grade.result.assignment)}"
