"""Which files each export format consists of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.files import file_name
from autograder.reporting.exports.by_student import by_student
from autograder.reporting.exports.canvas import canvas_csv
from autograder.reporting.exports.gradescope import gradescope_json
from autograder.reporting.exports.moodle import moodle_csv
from autograder.reporting.exports.plain_csv import submissions_csv, tasks_csv
from autograder.reporting.gradebook.manual_scores import Person
from autograder.reporting.lateness import Grade


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


def export_files(format_name: str, grades: Sequence[Grade], people: Mapping[str, Person]) -> Export:
    """The files of ``csv``, ``tasks``, ``canvas``, ``moodle`` or ``gradescope``.

    Raises:
        ResultsError: if the results of one assignment have different points possible.
        ValueError: for another name.
    """
    match format_name:
        case "csv":
            return Export("grades.csv", {"": submissions_csv(grades, people)})
        case "tasks":
            return Export("tasks.csv", {"": tasks_csv(grades)})
        case "canvas" | "moodle":
            table = by_student(grades)
            text = canvas_csv(table, people) if format_name == "canvas" else moodle_csv(table, people)
            return Export(f"{format_name}.csv", {"": text}, table.left_out)
        case "gradescope":
            files = {f"{_folder(grade)}/results.json": gradescope_json(grade) for grade in grades}
            return Export("gradescope", files)
    raise ValueError(f"there is no format {format_name!r}")


def _folder(grade: Grade) -> str:
    """A folder for one submission whose name no other shares and no file system refuses."""
    return f"{file_name(grade.result.student)}/{file_name(grade.result.assignment)}"
