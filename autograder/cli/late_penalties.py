"""What commands that show grades share: late penalties are taken off on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograder.cli.app import console
from autograder.printable import printable
from autograder.results import SubmissionResult

if TYPE_CHECKING:
    from autograder.reporting.lateness import Grade


def with_late_penalties(
    batch: list[SubmissionResult], late: str, due: Path | None, times: Sequence[Path], submitted: Path | None
) -> list[Grade]:
    """The results as grades under the late policy that the options ask for.

    Rows of ``times`` and ``due`` for students who have no result are named on the terminal.

    Raises:
        typer.BadParameter: if the options do not go together.
        LateError: if a file cannot be read, or a due date or a time is missing.
    """
    from autograder.reporting.date_files import read_due_dates, read_extensions
    from autograder.reporting.lateness import parse_policy, with_penalties

    policy = parse_policy(late)
    if policy.kind != "none" and due is None:
        raise typer.BadParameter(f"--late {late} needs due dates: name a file with --due.")
    if policy.kind == "none" and (due or times or submitted):
        raise typer.BadParameter("due dates and times count only under a policy: name one with --late.")
    known, told = _known(batch, times)
    extensions = read_extensions(due) if due else {}
    graded = {result.student for result in batch}
    for files, rows in (([str(file) for file in times], known), ([str(due)], extensions)):
        strangers = dict.fromkeys(student for student, _ in rows if student and student not in graded)
        if strangers:
            message = f"{' or '.join(files)} has students of whom there is no result; their rows do not count:"
            console.print("\n  ".join((message, *map(printable, strangers))), soft_wrap=True, markup=False)
    unzoned = sum(time.tzinfo is None and key not in known for key, time in told.items())
    if unzoned and policy.kind != "none":
        console.print(
            f"{unzoned} times of submission are the platform's, without a zone: that of the due time counts",
            soft_wrap=True,
        )
    due_dates = read_due_dates(due) if due else {}
    return with_penalties(batch, policy, due_dates, known, submitted, extensions, told)


def _known(
    batch: Sequence[SubmissionResult], times: Sequence[Path]
) -> tuple[dict[tuple[str, str], datetime], dict[tuple[str, str], datetime]]:
    """Times by student and assignment: those in the files of ``--times``, and those that platforms tell."""
    from autograder.grading.times_told import time_told
    from autograder.reporting.date_files import read_submission_times
    from autograder.worksheet_times import is_worksheet, read_worksheet_times

    known: dict[tuple[str, str], datetime] = {}
    of_participants: dict[str, datetime] = {}
    for path in times:
        if is_worksheet(path):
            of_participants |= read_worksheet_times(path)
        else:
            known |= read_submission_times(path)
    told: dict[tuple[str, str], datetime] = {}
    for result in batch:
        of_moodle = of_participants.get(result.number) if result.platform == "Moodle" else None
        time = of_moodle or time_told(result.file)
        if time is not None:
            told[result.student, result.assignment] = time
    return known, told
