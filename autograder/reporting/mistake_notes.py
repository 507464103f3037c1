"""What an instructor writes once about a named mistake, for everyone who has made it.

The notes are in a CSV file in the results folder. The class report writes a line for each named mistake, and the
instructor fills in its last column, in Markdown; the feedback pages of all who made the mistake then show it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.errors import ReportError
from autograder.files import write_atomically
from autograder.printable import printable
from autograder.reporting.report import AssignmentReport
from autograder.tables import read_header, read_table

FILE = "notes.csv"
_COLUMNS = ("assignment", "exercise", "mistake", "note")
# An exercise that is still empty is not a mistake that one note could be about.
NOT_WRITTEN = "not-written"

Notes = Mapping[tuple[str, str, str], str]
"""Notes by assignment, exercise and mistake; empty where nothing is written yet."""


def read_notes(path: Path) -> dict[tuple[str, str, str], str]:
    """The notes in a file; none where there is no such file.

    Raises:
        ReportError: if it is not a table with the columns, or names a mistake twice.
    """
    if not path.is_file():
        return {}
    _, delimiter = read_header(path, ReportError)
    notes: dict[tuple[str, str, str], str] = {}
    for number, row in read_table(path, _COLUMNS, ReportError, delimiter=delimiter):
        key = (row["assignment"], row["exercise"], row["mistake"])
        if key in notes:
            raise ReportError(f"{path}, line {number}: {', '.join(key)} is there twice. Keep one line of the two.")
        notes[key] = row["note"]
    return notes


def with_mistakes(notes: Notes, reports: Iterable[AssignmentReport]) -> dict[tuple[str, str, str], str]:
    """The notes, and an empty one for each named mistake of the reports that has none, in the reports' order."""
    found = {
        (report.assignment, named.exercise, named.mistake): ""
        for report in reports
        for named in report.mistakes
        if named.mistake != NOT_WRITTEN
    }
    return {**found, **notes}


def write_notes(path: Path, notes: Notes) -> None:
    """Write the file anew if it would differ: an instructor may have it open.

    What separates values stays what it was: a spreadsheet program may have chosen it.
    """
    lines = io.StringIO()
    table = csv.writer(
        lines, lineterminator="\n", delimiter=read_header(path, ReportError)[1] if path.is_file() else ","
    )
    table.writerow(_COLUMNS)
    table.writerows([*map(printable, key), note] for key, note in notes.items())
    # With a mark by which spreadsheet programs know UTF-8.
    text = f"\ufeff{lines.getvalue()}"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)
