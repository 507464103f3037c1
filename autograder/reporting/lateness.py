"""Late penalties: a small policy, due dates and times of submission, each an aware datetime."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from autograder.errors import LateError
from autograder.reporting.date_files import nbgrader_time
from autograder.results import SubmissionResult

DAY = timedelta(days=1)
_POLICIES = "Expected none, cutoff, per-day:FRACTION[:MAXIMUM], such as per-day:0.1:0.5, or these with :grace=15min."
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": DAY}
# Of these platforms an unmarked file came in time, by the due date that is set there.
_MARK_LATE = ("Canvas", "ILIAS")


@dataclass(frozen=True)
class LatePolicy:
    """How much a late submission loses of what it earned.

    Attributes:
        kind: ``none``; ``per-day``, where every day begun costs ``fraction`` of the score; ``cutoff``, where a late
            submission earns nothing.
        fraction: between 0 and 1.
        maximum: the most that ``per-day`` takes, between 0 and 1.
        grace: what comes no later than this after the due time is in time; what comes later is late from the due time.
    """

    kind: Literal["none", "per-day", "cutoff"] = "none"
    fraction: float = 0.0
    maximum: float = 1.0
    grace: timedelta = timedelta(0)

    def penalty(self, score: float, late: timedelta) -> float:
        """Points taken off ``score`` for handing in ``late`` after the due time; negative means early."""
        if late <= max(self.grace, timedelta(0)) or self.kind == "none":
            return 0.0
        if self.kind == "cutoff":
            return max(score, 0.0)
        return max(score, 0.0) * min(self.maximum, self.fraction * math.ceil(late / DAY))


@dataclass(frozen=True)
class Grade:
    """A result and what lateness takes from it.

    Attributes:
        result: of one submission.
        penalty: points taken off.
        late: how long after the due time it came; zero where it was in time or no due time counts.
        marked: True where it is late because its platform says so, and nobody knows by how much.
    """

    result: SubmissionResult
    penalty: float = 0.0
    late: timedelta = timedelta(0)
    marked: bool = False

    @property
    def final(self) -> float:
        """Points that count."""
        return self.result.score - self.penalty

    @property
    def lateness(self) -> str:
        """How late it came in words, for example ``1 day 3 h``, whole minutes begun; empty where it was in time."""
        if self.marked:
            return "an unknown time"
        minutes = math.ceil(self.late / timedelta(minutes=1))
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        parts = ((days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min"))
        return " ".join(f"{count} {unit}" for count, unit in parts if count)


def parse_policy(text: str) -> LatePolicy:
    """Read ``none``, ``cutoff``, ``per-day:FRACTION`` or ``per-day:FRACTION:MAXIMUM``, and ``:grace=15min`` behind it.

    Raises:
        LateError: if it is none of these, or a number does not lie between 0 and 1.
    """
    policy, _, given = text.partition(":grace=")
    grace = timedelta(0)
    if given or text.endswith(":grace="):
        time = re.fullmatch(r"(\d{1,4}(?:\.\d{1,3})?)(min|h|d)", given)
        if time is None:
            raise LateError(
                f"the late policy {text!r} has the grace {given!r}. Expected a time such as 15min, 2h or 1d."
            )
        grace = float(time[1]) * _UNITS[time[2]]
    if policy == "none" and not grace:
        return LatePolicy()
    if policy == "cutoff":
        return LatePolicy("cutoff", grace=grace)
    match = re.fullmatch(r"per-day:([^:]+)(?::([^:]+))?", policy)
    try:
        numbers = [float(part) for part in match.groups() if part is not None] if match else []
    except ValueError:
        numbers = []
    if not numbers:
        raise LateError(f"there is no late policy {text!r}. {_POLICIES}")
    outside = next((number for number in numbers if not 0 <= number <= 1), None)
    if outside is not None:
        raise LateError(
            f"the late policy {text!r} has the number {outside:g}. Expected FRACTION and MAXIMUM between 0 and 1: "
            "per-day:0.1 takes a tenth of the points for each day."
        )
    return LatePolicy("per-day", numbers[0], numbers[1] if len(numbers) > 1 else 1.0, grace)


def with_penalties(
    results: Iterable[SubmissionResult],
    policy: LatePolicy,
    due: Mapping[str, datetime | None],
    submitted: Mapping[tuple[str, str], datetime],
    folder: Path | None = None,
    extensions: Mapping[tuple[str, str], datetime | None] | None = None,
    named: Mapping[tuple[str, str], datetime] | None = None,
) -> list[Grade]:
    """What each result is worth under a policy.

    A file of Canvas or ILIAS whose time is not known was in time unless the platform marked it. Where it did,
    ``cutoff`` needs no time; ``per-day`` does, and so does a student with an extension, of which the platform may not
    know.

    Args:
        due: see :func:`autograder.reporting.date_files.read_due_dates`.
        submitted: see :func:`autograder.reporting.date_files.read_submission_times`.
        folder: what was graded: a submission that ``submitted`` lacks has its time from nbgrader's ``timestamp.txt``
            beside its notebook.
        extensions: due times of single students, which count instead of those in ``due``.
        named: times from files' names, for submissions that have no other; one without zone is in that of the due time.

    Raises:
        LateError: if the policy needs a due date or a time that is not known.
    """
    everything = list(results)
    if policy.kind == "none":
        return [Grade(result) for result in everything]
    graded = [result for result in everything if result.tasks]
    extended = extensions or {}
    undated = [(r.assignment,) for r in graded if r.assignment not in due and (r.student, r.assignment) not in extended]
    _require("due date", undated, "a row in the file of --due", "the due date")
    limits = {key: extended.get(key, due.get(key[1])) for r in graded if (key := (r.student, r.assignment))}
    times: dict[tuple[str, str], datetime | None] = {}
    for result in graded:
        key = (result.student, result.assignment)
        times[key] = submitted.get(key)
        if times[key] is None and folder is not None and result.file:
            times[key] = nbgrader_time((folder / result.file).parent / "timestamp.txt")
        if times[key] is None:
            # Everyone's row does not count for a file that its platform has marked as late.
            others = None if "marked-late" in result.flags else submitted.get(("", result.assignment))
            times[key] = _in_zone_of(limits[key], (named or {}).get(key)) or others
    marks = {
        (r.student, r.assignment): "marked-late" in r.flags
        for r in graded
        if r.platform in _MARK_LATE and (r.student, r.assignment) not in extended
    }
    unknown = [
        key
        for key, time in times.items()
        if time is None and limits[key] is not None and _needs_time(policy, marks.get(key))
    ]
    where = "a row in the file of --times, or timestamp.txt in the folder of --submitted"
    _require("submission time", unknown, where, "the time")
    return [_grade(result, policy, limits, times, marks) for result in everything]


def _in_zone_of(limit: datetime | None, time: datetime | None) -> datetime | None:
    """A time from a file's name, in the zone of the due time where the name has none; None without either."""
    return time.replace(tzinfo=limit.tzinfo) if limit and time and time.tzinfo is None else time


def _needs_time(policy: LatePolicy, marked: bool | None) -> bool:
    """True where lateness cannot be told from a platform's mark; None where there is no such mark."""
    return marked is None or (marked and policy.kind != "cutoff")


def _grade(
    result: SubmissionResult,
    policy: LatePolicy,
    limits: Mapping[tuple[str, str], datetime | None],
    times: Mapping[tuple[str, str], datetime | None],
    marks: Mapping[tuple[str, str], bool],
) -> Grade:
    key = (result.student, result.assignment)
    limit, time = limits.get(key), times.get(key)
    if limit is None:
        return Grade(result)
    if time is None:
        return Grade(result, max(result.score, 0.0), marked=True) if marks.get(key) else Grade(result)
    late = time - limit
    return Grade(result, policy.penalty(result.score, late), late) if late > policy.grace else Grade(result)


def _require(what: str, missing: Iterable[tuple[str, ...]], where: str, value: str) -> None:
    """Name all that is missing, as rows that can be copied into the file."""
    rows = list(dict.fromkeys(missing))
    if rows:
        lines = io.StringIO()
        csv.writer(lines, lineterminator="\n").writerows((*row, "") for row in rows)
        raise LateError(
            f"there is no {what} for {len(rows)} of those graded. Expected {where}. "
            f"These rows are missing; behind the last comma goes {value}:\n{lines.getvalue().rstrip()}"
        )
