"""The results of grading as plain values, and the JSON they are written as.

The JSON is versioned by ``schema_version``; fields are only ever added within a version. Points are in the unit of
the notebooks (a chapter has 100), times in seconds of wall time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from autograder.errors import ResultsError

SCHEMA_VERSION = 1

# Fields that results of earlier versions of this package lack.
_ADDED = ("platform", "number")

Status = Literal["passed", "passed_with_reference", "failed", "error", "timeout", "manual", "not_reached"]


@dataclass(frozen=True)
class TaskResult:
    """What one scored cell earned.

    Attributes:
        grade_id: the cell's name.
        points, max_points: earned and possible.
        status: ``passed``; ``passed_with_reference`` (failed, and passed with the author's answers to earlier
            exercises); ``failed`` (a check said no), ``error`` (something else was raised), ``timeout``, ``manual``
            (waits for a person), ``not_reached`` (the notebook ended before it).
        message: what the check said; empty where it passed; where it passed with a reference, what that means. Never
            holds a hidden test.
        hint: the likely cause, or empty.
        mistake: the name of the recognised mistake, or None.
        seconds: wall time of the cell.
        manual_points: what a person gave, extra credit included, or None where nobody has graded by hand. Where it is
            given, ``points`` says the same; ``status`` and ``message`` stay the autograder's.
        comment: what a person wrote about the answer; empty where nobody did.
        stale: True where a person gave the points before the answer, or the autograder's score, changed.
        answer: the name of the answer cell that it judges, where its own name does not tell; else empty.
    """

    grade_id: str
    points: float
    max_points: float
    status: Status
    message: str = ""
    hint: str = ""
    mistake: str | None = None
    seconds: float = 0.0
    manual_points: float | None = None
    comment: str = ""
    stale: bool = False
    answer: str = ""

    @property
    def pending(self) -> bool:
        """True where a person has to grade the answer and nobody has."""
        return self.status == "manual" and self.manual_points is None


@dataclass(frozen=True)
class SubmissionResult:
    """What one submission earned.

    Attributes:
        student: who handed it in, as far as the file's place tells.
        assignment: the chapter, or ``unknown``.
        tasks: one for each scored cell, in the order of the chapter.
        flags: what an instructor should look at, each ``kind`` or ``kind:grade_id``.
        fault: why grading ended early or could not begin, or None.
        isolation: which protections were in force while the student's code ran.
        environment: versions and limits that the result depends on.
        digest: the key of everything the result was made from.
        seconds: wall time of the whole submission.
        file: the submitted file, relative to the graded path.
        platform: the learning platform that the file came from, as far as its name tells.
        number: what identifies the student there, or empty; Moodle gives another for each assignment.
    """

    student: str
    assignment: str
    tasks: tuple[TaskResult, ...]
    flags: tuple[str, ...]
    fault: str | None
    isolation: str
    environment: Mapping[str, str]
    digest: str
    seconds: float
    file: str = ""
    platform: str = ""
    number: str = ""

    @property
    def score(self) -> float:
        """Points earned so far; cells graded by hand count once a person has graded them."""
        return sum(task.points for task in self.tasks)

    @property
    def max_score(self) -> float:
        """Points of the whole assignment, those graded by hand included."""
        return sum(task.max_points for task in self.tasks)

    @property
    def pending(self) -> float:
        """Points that wait for a person."""
        return sum(task.max_points for task in self.tasks if task.pending)

    @property
    def stale(self) -> tuple[str, ...]:
        """The cells whose points a person gave for an earlier version of them."""
        return tuple(task.grade_id for task in self.tasks if task.stale)

    @property
    def further(self) -> bool:
        """True for a further file of a student for one assignment, of which another one counts."""
        return "duplicate-submission" in self.flags

    @property
    def gradable(self) -> bool:
        """False where something kept the submission from being graded in full."""
        return self.fault is None


def to_json(result: SubmissionResult) -> dict[str, Any]:
    """The documented JSON object of one submission."""
    fields = dataclasses.asdict(result)
    fields["tasks"] = [dataclasses.asdict(task) for task in result.tasks]
    return {
        "schema_version": SCHEMA_VERSION,
        **fields,
        "environment": dict(result.environment),
        "score": result.score,
        "max_score": result.max_score,
        "pending": result.pending,
    }


def from_json(data: Mapping[str, Any]) -> SubmissionResult:
    """Read :func:`to_json` back.

    Raises:
        ResultsError: if the object is of another version or lacks a field.
    """
    version = data.get("schema_version")
    if version != SCHEMA_VERSION:
        raise ResultsError(f"this result has schema version {version!r}; expected {SCHEMA_VERSION}. Grade again.")
    try:
        tasks = tuple(TaskResult(**task) for task in data["tasks"])
        names = {field.name for field in dataclasses.fields(SubmissionResult)} - {"tasks", "flags", *_ADDED}
        values = {name: data[name] for name in names}
        values |= {name: data[name] for name in _ADDED if name in data}
    except (KeyError, TypeError) as error:
        raise ResultsError(f"this result is incomplete: {error}. Grade again.") from error
    unknown = {task.status for task in tasks} - set(get_args(Status))
    if unknown:
        raise ResultsError(f"this result has unknown status values: {', '.join(sorted(unknown))}. Grade again.")
    return SubmissionResult(tasks=tasks, flags=tuple(data["flags"]), **values)


def require_distinct(results: Iterable[SubmissionResult]) -> None:
    """Make sure that a student has at most one result for an assignment.

    Raises:
        ResultsError: if there are two, so that nobody can say which one counts.
    """
    seen: set[tuple[str, str]] = set()
    for result in results:
        key = (result.student, result.assignment)
        if key in seen:
            raise ResultsError(
                f"{result.student!r} has two results for {result.assignment}; expected one. "
                "Rename or remove one of the submissions and run `autograder grade` again."
            )
        seen.add(key)


def batch_to_json(results: list[SubmissionResult], without_notebook: Sequence[str] = ()) -> dict[str, Any]:
    """The documented JSON object of a batch: its submissions, sorted by assignment and student.

    Args:
        without_notebook: folders in which nothing was that could be graded.
    """
    ordered = sorted(results, key=lambda r: (r.assignment, r.student))
    return {
        "schema_version": SCHEMA_VERSION,
        "submissions": [to_json(result) for result in ordered],
        "without_notebook": list(without_notebook),
    }


def batch_from_json(data: Mapping[str, Any]) -> list[SubmissionResult]:
    """The results in what :func:`batch_to_json` made.

    Raises:
        ResultsError: if the batch or one of its results is of another version, or lacks a field.
    """
    version = data.get("schema_version")
    if version != SCHEMA_VERSION:
        raise ResultsError(f"these results have schema version {version!r}; expected {SCHEMA_VERSION}. Grade again.")
    return [from_json(entry) for entry in data["submissions"]]
