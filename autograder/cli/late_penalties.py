"""What commands that show grades share: late penalties are taken off on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograder.cli.app import console
from autograder.printable import printable
from autograder.results import SubmissionResult

if TYPE_CHECKING:
    from autograder.reporting.lateness import Grade


def with_late_penalties(
    batch: list[SubmissionResult], late: str, due: Path | None, times: Path | None, submitted: Path | None
) -> list[Grade]:
    """The results as grades under the late policy that the options ask for.

    Rows of ``times`` and ``due`` for students who have no result are named on the terminal.

    Raises:
        typer.BadParameter: if the options do not go together.
        LateError: if a file cannot be read, or a due date or a time is missing.
    """
    from autograder.grading.times_told import time_told
    from autograder.reporting.lateness import (
        parse_policy,
        read_due_dates,
        read_extensions,
        read_submission_times,
        with_penalties,
    )

    policy = parse_policy(late)
    if policy.kind != "none" and due is None:
        raise typer.BadParameter(f"--late {late} needs due dates: name a file with --due.")
    if policy.kind == "none" and (due or times or submitted):
        raise typer.BadParameter("due dates and times count only under a policy: name one with --late.")
    known = read_submission_times(times) if times else {}
    extensions = read_extensions(due) if due else {}
    graded = {result.student for result in batch}
    for file, rows in ((times, known), (due, extensions)):
        strangers = dict.fromkeys(student for student, _ in rows if student not in graded)
        if strangers:
            message = f"{file} has students of whom there is no result; their rows do not count:"
            console.print("\n  ".join((message, *map(printable, strangers))), soft_wrap=True, markup=False)
    times_in_names = {
        (r.student, r.assignment): time for r in batch if policy.kind != "none" and (time := time_told(r.file))
    }
    unzoned = sum(time.tzinfo is None and key not in known for key, time in times_in_names.items())
    if unzoned:
        console.print(
            f"{unzoned} times of submission are those in the files' names, in the zone of the due time", soft_wrap=True
        )
    due_dates = read_due_dates(due) if due else {}
    return with_penalties(batch, policy, due_dates, known, submitted, extensions, times_in_names)
