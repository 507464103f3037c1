"""The class report: what a batch of results says about the class, the exercises and the grading itself.

Everything in it is a value; :func:`report_page` shows it and :func:`report_to_json` writes it as data.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.reporting.charts import histogram
from autograder.reporting.exercises import exercise_names
from autograder.reporting.feedback import FLAG_WORDS
from autograder.reporting.item_analysis import Item, attempted, item_analysis
from autograder.reporting.markup import prose
from autograder.reporting.similarity import Similarity
from autograder.reporting.templates import render
from autograder.reporting.term import NO_TERM, Term
from autograder.results import SubmissionResult

# 2: an item's ``share`` was called ``difficulty``; ``students`` were added.
SCHEMA_VERSION = 2
SLOWEST = 10
_BINS = 10


@dataclass(frozen=True)
class Scores:
    """The distribution of scores among the submissions of which something was reached.

    Attributes:
        mean, deviation, lowest, lower_quartile, median, upper_quartile, highest: in points; the standard deviation is
            that of the sample (n - 1), None for one submission.
        edges, counts: a histogram over the points possible, in points; the last bin holds its upper edge.
    """

    mean: float
    deviation: float | None
    lowest: float
    lower_quartile: float
    median: float
    upper_quartile: float
    highest: float
    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class NamedMistake:
    """A recognised mistake: how many submissions made it, and the hint they got."""

    exercise: str
    mistake: str
    submissions: int
    share: float
    hint: str


@dataclass(frozen=True)
class Flag:
    """A kind of flag and who has it."""

    kind: str
    meaning: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class AssignmentReport:
    """What the report says about one assignment.

    Attributes:
        submissions: all of them.
        further: those of which another file of the same student counts.
        reached: the others of which at least one cell was reached; only these count in what follows.
        waiting: how many wait for a person to grade an answer.
        stale: students of whom some points were given by a person for an earlier version of an answer.
        max_score: points possible.
        scores: None where nothing was reached.
        slowest: students and seconds, the slowest first.
        failed: students and why grading ended early.
        likeness: None where no code was compared.
    """

    assignment: str
    submissions: int
    further: int
    reached: int
    waiting: int
    stale: tuple[str, ...]
    max_score: float
    scores: Scores | None
    items: tuple[Item, ...]
    mistakes: tuple[NamedMistake, ...]
    slowest: tuple[tuple[str, float], ...]
    failed: tuple[tuple[str, str], ...]
    flags: tuple[Flag, ...]
    likeness: Similarity | None


def class_report(
    results: Iterable[SubmissionResult],
    compared: Mapping[str, Similarity] | None = None,
    answers: Mapping[str, Collection[str]] | None = None,
) -> list[AssignmentReport]:
    """One report for each assignment, in alphabetical order.

    Args:
        compared: what the comparison of the submissions' code found, by assignment.
        answers: the names of the answer cells, by assignment, as far as they are known.
    """
    grouped: dict[str, list[SubmissionResult]] = defaultdict(list)
    for result in results:
        grouped[result.assignment].append(result)
    return [
        _assignment(name, grouped[name], (compared or {}).get(name), (answers or {}).get(name, ()))
        for name in sorted(grouped)
    ]


def report_to_json(reports: Iterable[AssignmentReport], term: Term = NO_TERM) -> dict[str, Any]:
    """The report as the documented JSON object."""
    students = [
        {
            "student": student.student,
            "points": student.points,
            "pending": student.pending,
            "assignments": {name: grade.final for name, grade in student.grades.items()},
        }
        for student in term.students
    ]
    assignments = [dataclasses.asdict(report) for report in reports]
    return {"schema_version": SCHEMA_VERSION, "assignments": assignments, "students": students}


def report_page(
    reports: list[AssignmentReport],
    given_known: Collection[str] = (),
    term: Term = NO_TERM,
    notes: Mapping[tuple[str, str, str], str] | None = None,
) -> str:
    """The report as one HTML page that needs no other file. It names students: for instructors only.

    Args:
        given_known: the assignments of which the code that students were given was taken out before comparing.
        term: the class over all assignments, for a row a student.
        notes: what the instructor has written about mistakes, see :mod:`autograder.reporting.mistake_notes`.
    """
    written = {key: prose(note) for key, note in (notes or {}).items() if note}
    charts = {
        report.assignment: histogram(
            report.scores.edges, report.scores.counts, report.scores.mean, f"Scores of {report.assignment}"
        )
        for report in reports
        if report.scores is not None
    }
    return render("report.html", reports=reports, charts=charts, given_known=given_known, term=term, notes=written)


def _assignment(
    name: str, results: list[SubmissionResult], compared: Similarity | None, answers: Collection[str]
) -> AssignmentReport:
    further = sum(result.further for result in results)
    reached = [result for result in results if attempted(result) and not result.further]
    most = max((result.max_score for result in results), default=0.0)
    slowest = sorted(((r.student, r.seconds) for r in results), key=lambda pair: (-pair[1], pair[0]))[:SLOWEST]
    return AssignmentReport(
        name,
        len(results),
        further,
        len(reached),
        sum(result.pending > 0 for result in reached),
        tuple(sorted(result.student for result in results if result.stale)),
        most,
        _scores([result.score for result in reached], most) if reached else None,
        tuple(item_analysis(reached, answers)),
        tuple(_mistakes(reached, answers)),
        tuple(slowest),
        tuple(sorted((r.student, r.fault) for r in results if r.fault is not None)),
        tuple(_flags(results)),
        compared,
    )


def _scores(points: list[float], most: float) -> Scores:
    values = np.array(points)
    # Extra credit may lie above the points possible.
    counts, edges = np.histogram(values, _BINS, (min(0.0, values.min()), max(most, values.max(), 1.0)))
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return Scores(
        float(values.mean()),
        float(values.std(ddof=1)) if len(values) > 1 else None,
        float(values.min()),
        float(low),
        float(middle),
        float(high),
        float(values.max()),
        tuple(float(edge) for edge in edges),
        tuple(int(count) for count in counts),
    )


def _mistakes(results: list[SubmissionResult], answers: Collection[str]) -> list[NamedMistake]:
    """The most frequent first; a mistake that two tests of an exercise find in one submission counts once."""
    made: Counter[tuple[str, str]] = Counter()
    hints: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for result in results:
        names = exercise_names(result.tasks, answers)
        found = {(names[task.grade_id], task.mistake): task.hint for task in result.tasks if task.mistake is not None}
        for key, hint in found.items():
            made[key] += 1
            hints[key][hint] += 1
    ordered = sorted(made.items(), key=lambda entry: (-entry[1], entry[0]))
    return [
        NamedMistake(exercise, mistake, count, count / len(results), hints[exercise, mistake].most_common(1)[0][0])
        for (exercise, mistake), count in ordered
    ]


def _flags(results: list[SubmissionResult]) -> list[Flag]:
    students: dict[str, dict[str, None]] = defaultdict(dict)
    for result in results:
        for flag in result.flags:
            students[flag.partition(":")[0]][result.student] = None
    kinds = sorted(students.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [Flag(kind, FLAG_WORDS.get(kind, ""), tuple(sorted(names))) for kind, names in kinds]
