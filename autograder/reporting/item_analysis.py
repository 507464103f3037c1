"""How hard each exercise was, and whether it tells strong submissions from weak ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.reporting.exercises import exercise_names
from autograder.results import SubmissionResult, TaskResult

# Below this a correlation says more about who happened to hand in than about the exercise.
MIN_SUBMISSIONS = 10


@dataclass(frozen=True)
class Item:
    """One exercise as the class met it.

    Attributes:
        exercise: its name.
        max_points: points possible.
        submissions: how many count.
        waiting: how many of them wait for a person.
        share: mean share of the points earned, from 0 (nobody) to 1 (everybody): the item difficulty index p of
            Crocker and Algina, Introduction to Classical and Modern Test Theory (1986), ch. 14. None while answers
            wait for a person: those that are decided already are the empty ones.
        discrimination: corrected item-total correlation: Pearson's r between the points of the exercise and the rest of
            the score, which for an exercise of all or nothing is the point-biserial correlation (Henrysson,
            Psychometrika 28, 1963). None where it is not defined: fewer than ten submissions, one of both constant,
            or answers that wait.
        with_reference: how many of them keep points that passed with the author's answers to earlier exercises.
    """

    exercise: str
    max_points: float
    submissions: int
    waiting: int
    share: float | None
    discrimination: float | None
    with_reference: int = 0


def attempted(result: SubmissionResult) -> bool:
    """True where at least one cell was reached: others say nothing about an exercise."""
    return any(task.status != "not_reached" for task in result.tasks)


def by_exercise(result: SubmissionResult, answers: Collection[str] = ()) -> dict[str, list[TaskResult]]:
    """The tasks of a result by the exercise they judge.

    Args:
        answers: the names of the answer cells, as far as they are known.
    """
    grouped: dict[str, list[TaskResult]] = {}
    names = exercise_names(result.tasks, answers)
    for task in result.tasks:
        grouped.setdefault(names[task.grade_id], []).append(task)
    return grouped


def item_analysis(results: Iterable[SubmissionResult], answers: Collection[str] = ()) -> list[Item]:
    """One item for each exercise of an assignment, in the order of the chapter.

    Args:
        results: of one assignment; those of which nothing was reached do not count.
        answers: the names of the answer cells, as far as they are known.
    """
    counted = [by_exercise(result, answers) for result in results if attempted(result)]
    names = list(dict.fromkeys(name for tasks in counted for name in tasks))
    points = np.zeros((len(counted), len(names)))
    most = np.zeros(len(names))
    waiting, followed = np.zeros(len(names), dtype=int), np.zeros(len(names), dtype=int)
    for row, tasks in enumerate(counted):
        for column, name in enumerate(names):
            held = tasks.get(name, ())
            points[row, column] = sum(task.points for task in held)
            most[column] = max(most[column], sum(task.max_points for task in held))
            waiting[column] += any(task.pending for task in held)
            followed[column] += any(task.status == "passed_with_reference" for task in held)
    # What is decided for some only would make the rest of the score mean different things for different students.
    total = points[:, waiting == 0].sum(axis=1)
    items = []
    for column, name in enumerate(names):
        mine = points[:, column]
        decided = waiting[column] == 0
        items.append(
            Item(
                name,
                float(most[column]),
                len(counted),
                int(waiting[column]),
                float(mine.mean() / most[column]) if decided and most[column] else None,
                _correlation(mine, total - mine) if decided else None,
                int(followed[column]),
            )
        )
    return items


def _correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float | None:
    """Pearson's correlation, or None where it is not defined or too few points are there."""
    if len(x) < MIN_SUBMISSIONS:
        return None
    a, b = x - x.mean(), y - y.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    # Points are sums of decimal fractions: a constant column may differ by rounding.
    return float(np.clip((a @ b) / scale, -1.0, 1.0)) if scale > 1e-9 else None
