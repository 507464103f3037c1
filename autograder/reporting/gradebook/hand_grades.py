"""What people wrote into a gradebook, and results with it. No database is needed to know that there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from autograder.reporting.exercises import exercise_names
from autograder.results import SubmissionResult, TaskResult
from autograder.roster import RosterEntry

Cell = tuple[str, str, str]


@dataclass(frozen=True)
class Person:
    """What the gradebook knows of a student besides the id; empty where it knows nothing."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


def person_listed(entry: RosterEntry) -> Person:
    """What a roster knows of a student."""
    return Person(entry.first_name, entry.last_name, entry.email, entry.number if entry.platform == "Canvas" else "")


@dataclass(frozen=True)
class HandGrades:
    """What people wrote into a gradebook.

    Attributes:
        points: by (student, assignment, cell): the score given plus extra credit.
        extra: the same for extra credit on top of an automatic score.
        stale: the cells in ``points`` that were marked for another look when the gradebook was written again.
        comments: by (student, assignment, answer cell).
        people: by student.
        answers: the answer cells of every assignment that the gradebook knows.
    """

    points: Mapping[Cell, float] = field(default_factory=dict)
    extra: Mapping[Cell, float] = field(default_factory=dict)
    stale: frozenset[Cell] = frozenset()
    comments: Mapping[Cell, str] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)


def with_manual_scores(results: Iterable[SubmissionResult], graded: HandGrades) -> list[SubmissionResult]:
    """The results with the points and comments that people gave.

    Where a person gave points they are what counts; ``manual_points`` tells that they did, and ``stale`` that they did
    so for an earlier version. A submission that the gradebook does not know stays as it is.
    """
    return [_with_manual(result, graded) for result in results]


def _with_manual(result: SubmissionResult, graded: HandGrades) -> SubmissionResult:
    student, assignment = result.student, result.assignment
    answers = dict.fromkeys(graded.answers.get(assignment, ()))
    names = exercise_names(result.tasks, answers)
    tasks, told = [], set()
    for task in result.tasks:
        answer = names[task.grade_id]
        # A comment on an answer that several tests judge is said once.
        words = "" if answer in told else graded.comments.get((student, assignment, answer), "")
        told.add(answer)
        tasks.append(_task(task, graded, (student, assignment, task.grade_id), words))
    return replace(result, tasks=tuple(tasks))


def _task(task: TaskResult, graded: HandGrades, cell: Cell, comment: str) -> TaskResult:
    given = graded.points.get(cell)
    if given is None and cell in graded.extra:
        given = task.points + graded.extra[cell]
    if given is None:
        return replace(task, comment=comment)
    return replace(task, points=given, manual_points=given, comment=comment, stale=cell in graded.stale)
