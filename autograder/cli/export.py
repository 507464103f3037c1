"""``autograder export``: grades for other programs."""

from __future__ import annotations

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


@app.command()
def export(
    results: ResultsArgument,
    to: Annotated[
        Format, typer.Option("--format", metavar="FORMAT", help="csv, canvas, moodle or gradescope.")
    ] = Format.CSV,
    out: Annotated[Path | None, typer.Option(help="File, or folder for gradescope; default: RESULTS/exports/…")] = None,
    tasks: Annotated[bool, typer.Option("--tasks", help="csv: a row for each scored cell.")] = False,
    late: LateOption = "none",
    due: DueOption = None,
    times: TimesOption = None,
    submitted: SubmittedOption = None,
    gradebook: GradebookOption = None,
    roster: RosterOption = None,
) -> None:
    """Write grades for a spreadsheet, Canvas, Moodle or Gradescope, with scores given by hand and late penalties."""
    from autograder.files import write_atomically
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.exports.files import export_files
    from autograder.results import require_distinct
    from autograder.roster import read_roster

    if tasks and to is not Format.CSV:
        raise typer.BadParameter("--tasks goes with --format csv only.")
    batch, graded = with_hand_graded(ResultsFolder(results).read_batch(), results, gradebook)
    require_distinct(batch)
    grades = with_late_penalties(batch, late, due, times, submitted)
    listed = read_roster(roster) if roster is not None else []
    exported = export_files("tasks" if tasks else to.value, grades, graded.people, listed)
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
