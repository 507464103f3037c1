"""``autograder export``: grades for other programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import app, console
from autograder.cli.hand_graded import with_hand_graded
from autograder.cli.late_penalties import with_late_penalties
from autograder.cli.options import (
    DueOption,
    GradebookOption,
    LateOption,
    ResultsArgument,
    RosterOption,
    SubmittedOption,
    TimesOption,
)
from autograder.errors import ExportError
from autograder.printable import printable


class Format(StrEnum):
    """What grades are exported as."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"
    GRADESCOPE = "gradescope"
    FILLED = "filled"


@app.command()
def export(
    results: ResultsArgument,
    to: Annotated[
        Format, typer.Option("--format", metavar="FORMAT", help="csv, canvas, moodle, gradescope or filled.")
    ] = Format.CSV,
    out: Annotated[Path | None, typer.Option(help="File, or folder for gradescope; default: RESULTS/exports/…")] = None,
    tasks: Annotated[bool, typer.Option("--tasks", help="csv: a row for each scored cell.")] = False,
    late: LateOption = "none",
    due: DueOption = None,
    times: TimesOption = None,
    submitted: SubmittedOption = None,
    gradebook: GradebookOption = None,
    roster: RosterOption = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="ASSIGNMENT=NAME", help="canvas, filled: what the platform calls it. Repeatable."),
    ] = None,
) -> None:
    """Write grades for a spreadsheet, a learning platform or Gradescope, with scores given by hand and late penalties.

    With --format filled, the file of --roster, which Canvas, Moodle, Brightspace or Blackboard exported, is written
    again with the points in the column of each assignment.
    """
    from autograder.files import write_atomically
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.exports.files import export_files
    from autograder.results import require_distinct
    from autograder.roster import read_roster
    from autograder.tables import read_sheet

    if tasks and to is not Format.CSV:
        raise typer.BadParameter("--tasks goes with --format csv only.")
    if column and to not in (Format.CANVAS, Format.FILLED):
        raise typer.BadParameter("--column goes with --format canvas and --format filled only.")
    if to is Format.FILLED and roster is None:
        raise typer.BadParameter("--format filled fills in a file: name what the platform exported with --roster.")
    batch, graded = with_hand_graded(ResultsFolder(results).read_batch(), results, gradebook)
    require_distinct(batch)
    grades = with_late_penalties(batch, late, due, times or (), submitted)
    listed = read_roster(roster) if roster is not None else []
    columns = _columns(column or (), {result.assignment for result in batch})
    sheet = read_sheet(roster, ExportError) if roster is not None and to is Format.FILLED else None
    exported = export_files("tasks" if tasks else to.value, grades, graded.people, listed, columns, sheet)
    for line in exported.left_out:
        console.print(printable(f"left out: {line}"), markup=False, soft_wrap=True)
    place = out or results / "exports" / exported.name
    try:
        for name, text in exported.files.items():
            write_atomically(place / name if name else place, text)
    except OSError as error:
        raise ExportError(
            f"{place} cannot be written: {error.strerror or error}. Make room, or name another place with --out."
        ) from error
    pending = sum(grade.result.pending for grade in grades)
    if pending:
        console.print(f"[yellow]{pending:g} points wait for a person[/] and count as zero until then")
    late_count = sum(grade.penalty > 0 for grade in grades)
    console.print(f"{len(grades)} submissions{f', {late_count} with a late penalty' if late_count else ''}")
    console.print(f"{exported.name:9} {place}", markup=False, soft_wrap=True)


def _columns(given: Sequence[str], assignments: Collection[str]) -> dict[str, str]:
    """What assignments are called on the platform, from ``ASSIGNMENT=NAME``."""
    columns = {}
    for text in given:
        assignment, equals, name = text.partition("=")
        if not equals or not name or assignment not in assignments:
            known = ", ".join(sorted(assignments))
            raise typer.BadParameter(f"--column {text!r}: expected ASSIGNMENT=NAME with an ASSIGNMENT of {known}.")
        columns[assignment] = name
    return columns
