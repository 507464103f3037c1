"""What learning-management systems import: a row for each student, a column for each assignment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.errors import ResultsError
from autograder.reporting.lateness import Grade


@dataclass(frozen=True)
class ByStudent:
    """Grades in rows and columns.

    Attributes:
        assignments: the points possible of each, in the order of their names.
        grades: by student, in the order of their names, and assignment.
        left_out: what has no place in such a table, and why.
    """

    assignments: Mapping[str, float]
    grades: Mapping[str, Mapping[str, Grade]]
    left_out: tuple[str, ...]


def by_student(grades: Iterable[Grade]) -> ByStudent:
    """Arrange grades for an import.

    Of several files of one student for one assignment the first counts, since an import takes one grade; a submission
    that belongs to no assignment is left out.

    Raises:
        ResultsError: if the results of one assignment have different points possible.
    """
    chosen: dict[str, dict[str, Grade]] = {}
    possible: dict[str, float] = {}
    left_out = []
    for grade in sorted(grades, key=lambda g: (g.result.student, g.result.assignment)):
        result = grade.result
        if not result.tasks:
            left_out.append(f"{result.student} {result.assignment}: belongs to no chapter")
        elif result.further:
            left_out.append(f"{result.student} {result.assignment}: another file of the same student counts")
        else:
            if possible.setdefault(result.assignment, result.max_score) != result.max_score:
                raise ResultsError(
                    f"{result.assignment} has {possible[result.assignment]:g} points in one result and "
                    f"{result.max_score:g} in another; expected one version. Run `autograder grade` again."
                )
            chosen.setdefault(result.student, {})[result.assignment] = grade
    return ByStudent({name: possible[name] for name in sorted(possible)}, chosen, tuple(left_out))
