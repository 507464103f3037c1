"""What a results folder holds over a term: runs add to it, and each replaces only what it graded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.results import SubmissionResult

_NUMBERED = re.compile(r"(?P<student>.+) \(\d+\)", re.DOTALL)


@dataclass(frozen=True)
class Change:
    """A submission that has other points than after the run before.

    Attributes:
        before, after: its results.
        tasks: the cells whose points differ, with both; a cell that only one of them has counts as 0 in the other.
    """

    before: SubmissionResult
    after: SubmissionResult
    tasks: tuple[tuple[str, float, float], ...]


def kept_beside(earlier: Iterable[SubmissionResult], graded: Sequence[SubmissionResult]) -> list[SubmissionResult]:
    """The earlier results that stay when these were graded.

    Replaced is what the same student has for the same assignment, all copies of it; what could be given to no
    assignment then and was graded now; and what was the very same file, or of the same number on a platform, under
    another student's name: whoever names another roster does not have a class twice as large.
    """
    replaced = {(name_without_copy(result), result.assignment) for result in graded}
    placed = {(name_without_copy(result), result.file) for result in graded}
    numbers = {_number(result) for result in graded} - {None}
    files = {(result.file, result.digest) for result in graded if result.digest and _tells_student(result)}
    return [
        result
        for result in earlier
        if (name_without_copy(result), result.assignment) not in replaced
        and not (result.assignment == "unknown" and (name_without_copy(result), result.file) in placed)
        and (result.file, result.digest) not in files
        and _number(result) not in numbers
    ]


def changes(earlier: Iterable[SubmissionResult], graded: Iterable[SubmissionResult]) -> list[Change]:
    """Which submissions went from what to what, in the order of ``graded``; new ones and equal ones are left out."""
    before = {(result.student, result.assignment): result for result in earlier}
    found = []
    for after in graded:
        old = before.get((after.student, after.assignment))
        if old is not None and (tasks := _different(old, after)):
            found.append(Change(old, after, tasks))
    return found


def _different(before: SubmissionResult, after: SubmissionResult) -> tuple[tuple[str, float, float], ...]:
    old, new = ({task.grade_id: task.points for task in result.tasks} for result in (before, after))
    names = dict.fromkeys((*old, *new))
    points = ((name, old.get(name, 0.0), new.get(name, 0.0)) for name in names)
    return tuple((name, was, now) for name, was, now in points if was != now)


def name_without_copy(result: SubmissionResult) -> str:
    """The student's name without the number of a further copy."""
    match = _NUMBERED.fullmatch(result.student) if "duplicate-submission" in result.flags else None
    return match["student"] if match else result.student


def _number(result: SubmissionResult) -> tuple[str, str, str] | None:
    """What identifies the student of a file from a platform, in its assignment; None where nothing does."""
    return (result.platform, result.number, result.assignment) if result.platform and result.number else None


def _tells_student(result: SubmissionResult) -> bool:
    """False for a file graded on its own that is called like its chapter: each student's may be called so."""
    place = PurePosixPath(result.file)
    return len(place.parts) > 1 or place.stem != result.assignment
