"""What a platform exported, with the points filled in: its own rows and columns, which its importer takes back.

Importers find students and grade items by what is in their own export. Canvas: the columns of
:mod:`autograder.reporting.exports.canvas`. Brightspace (community.d2l.com, "Importing grades"): ``OrgDefinedId`` or
``Username``, a column ``<item> Points Grade``, and ``End-of-Line Indicator``. Blackboard (help.blackboard.com, "Work
Offline with Grade Data"): ``Username``, and a column whose name ends with its number, ``<item> [Total Pts: 10 Score]
|118854``; one without number would make a new column. Moodle's grading worksheet
(mod/assign/feedback/offline/importgradeslib.php): ``Identifier``, ``Grade``, ``Last modified (grade)``, and feedback as
HTML in a column that is called like its plugin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.errors import ResultsError
from autograder.reporting.exports.by_student import ByStudent
from autograder.reporting.exports.moodle import feedback_html
from autograder.reporting.exports.table import cell
from autograder.roster import RosterEntry
from autograder.tables import Sheet

_BEHIND = r"(?: \(\d+\)| \(Real\)| Points Grade.*| \[Total Pts:.*)?"
# A worksheet of Moodle's is for one assignment. The column of points, by the names of moodle.php's "gradenoun".
_GRADE_OF_WORKSHEET = ("Grade", "Bewertung", "Note", "Calificación", "Nota", "Valutazione", "Cijfer", "Betyg")
_FEEDBACK_OF_WORKSHEET = "Feedback comments"


@dataclass(frozen=True)
class Filled:
    """A file to import.

    Attributes:
        text: of the file.
        without_column: assignments for which the file has no column.
    """

    text: str
    without_column: tuple[str, ...]


def filled_csv(sheet: Sheet, table: ByStudent, listed: Mapping[str, RosterEntry], columns: Mapping[str, str]) -> Filled:
    """The sheet with final points in the columns of the assignments; all other cells stay.

    Args:
        listed: the sheet's student behind each student of the table.
        columns: what assignments are called there, where that is not their name.

    Raises:
        ResultsError: if no assignment has a column there, or one has several.
    """
    places = {name: _column(sheet.header, columns.get(name, name)) for name in table.assignments}
    alone = _alone_in_worksheet(sheet, places)
    feedback = sheet.header.index(_FEEDBACK_OF_WORKSHEET) if alone and _FEEDBACK_OF_WORKSHEET in sheet.header else None
    found = {name: place for name, place in {**places, **alone}.items() if place is not None}
    if not found:
        assignment = next(iter(table.assignments), "ASSIGNMENT")
        raise ResultsError(
            f"the file of --roster has no column for {' or '.join(table.assignments)}. Expected one of its columns, "
            f"{', '.join(sheet.header)}: name it with --column {assignment}=NAME."
        )
    rows = {line: list(row) for line, row in sheet.rows.items()}
    for student, entry in listed.items():
        row = rows.get(entry.line)
        for name, place in found.items():
            grade = table.grades.get(student, {}).get(name)
            if row is None or grade is None:
                continue
            row.extend([""] * (len(sheet.header) - len(row)))
            row[place] = cell(grade.final)
            if feedback is not None:
                row[feedback] = cell(feedback_html(grade))
    without = tuple(name for name in table.assignments if name not in found)
    return Filled(replace(sheet, rows=rows).text(), without)


def _column(header: Sequence[str], name: str) -> int | None:
    """The place of the column with this name, whatever a platform writes before and behind it."""
    for pattern in (re.escape(name), rf"(?:[^:]+: )?{re.escape(name)}{_BEHIND}"):
        fit = [place for place, column in enumerate(header) if re.fullmatch(pattern, column.strip(), re.IGNORECASE)]
        if len(fit) > 1:
            raise ResultsError(
                f"{name!r} may be any of the columns {', '.join(header[place] for place in fit)}. Expected one: give "
                "its whole name with --column."
            )
        if fit:
            return fit[0]
    return None


def _alone_in_worksheet(sheet: Sheet, places: Mapping[str, int | None]) -> dict[str, int]:
    """The column of points of a worksheet of Moodle's, for the only assignment there is."""
    (name, place), *more = places.items() if places else [("", None)]
    grade = [place for place, column in enumerate(sheet.header) if column in _GRADE_OF_WORKSHEET]
    if more or len(grade) != 1 or place not in (None, *grade):
        return {}
    return {name: grade[0]}
