"""What each student has over a term: a row in the class report, and a page with all assignments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.reporting.exercises import ExerciseResults, exercises
from autograder.reporting.lateness import Grade
from autograder.reporting.templates import render


@dataclass(frozen=True)
class StudentTerm:
    """One student's grades.

    Attributes:
        student: who.
        grades: by assignment; of several files for one, the first.
    """

    student: str
    grades: Mapping[str, Grade]

    @property
    def points(self) -> float:
        """Points that count, late penalties taken off."""
        return sum(grade.final for grade in self.grades.values())

    @property
    def pending(self) -> float:
        """Points that wait for a person."""
        return sum(grade.result.pending for grade in self.grades.values())


@dataclass(frozen=True)
class Term:
    """A class over a term.

    Attributes:
        assignments: points possible of each, in the order of their names; the most, where results differ.
        students: in the order of their names.
    """

    assignments: Mapping[str, float]
    students: tuple[StudentTerm, ...]

    @property
    def possible(self) -> float:
        """Points of all assignments."""
        return sum(self.assignments.values())


NO_TERM = Term({}, ())


def over_term(grades: Iterable[Grade]) -> Term:
    """Gather grades by student; a submission that belongs to no assignment is left out."""
    possible: dict[str, float] = {}
    chosen: dict[str, dict[str, Grade]] = {}
    for grade in sorted(grades, key=lambda g: (g.result.student, g.result.assignment)):
        result = grade.result
        if result.tasks and not result.further:
            possible[result.assignment] = max(result.max_score, possible.get(result.assignment, 0.0))
            chosen.setdefault(result.student, {})[result.assignment] = grade
    students = tuple(StudentTerm(student, found) for student, found in chosen.items())
    return Term({name: possible[name] for name in sorted(possible)}, students)


def term_page(student: StudentTerm, term: Term) -> str:
    """One student's page over the term as HTML that needs no other file and names no one else."""
    parts: dict[str, list[ExerciseResults]] = {
        name: exercises(grade.result, None) for name, grade in student.grades.items()
    }
    return render("term.html", student=student, term=term, exercises=parts)
