"""A mistake costs once: which failed tests are examined again with the author's answers to earlier exercises.

A test qualifies where exercises before it failed that the author's own solution, or the test itself, uses. What only
the student's answer uses does not count: nobody is given a right answer that the exercise does not build on. An
exercise that a test examines is never replaced for that test, so none earns its own points with the author's answer.

Everything here is a function of notebooks and results. :mod:`autograder.grading.reexamination` runs what comes of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from nbformat import NotebookNode

from autograder.course_settings import FollowThrough
from autograder.grading.exercise_graph import ExerciseGraph
from autograder.grading.thin_answers import is_unwritten, only_passes_on
from autograder.notebook.cells import by_grade_id
from autograder.results import TaskResult

SHARES = {FollowThrough.FULL: 1.0, FollowThrough.HALF: 0.5, FollowThrough.NONE: 0.0}
"""The share of its points that a test earns when it passes with the author's answers to earlier exercises."""
_FAILED = ("failed", "error", "timeout")


@dataclass(frozen=True)
class Reexamination:
    """Failed tests that one kernel examines again.

    Attributes:
        tests: their grade ids, in the order of the chapter.
        replaced: the exercises, by grade id, whose author's definitions run after the student's.
    """

    tests: tuple[str, ...]
    replaced: tuple[str, ...]


@dataclass(frozen=True)
class Candidates:
    """The tests of one submission that may be examined again.

    Attributes:
        source: the instructor version.
        notebook: the reconciled submission.
        graph: of ``source``.
        by_word: tests whose outcome rests on the student's word; none of them is examined again.
    """

    source: NotebookNode
    notebook: NotebookNode
    graph: ExerciseGraph
    by_word: frozenset[str] = frozenset()

    def next(self, failed: Collection[str], tried: Collection[tuple[str, tuple[str, ...]]]) -> Reexamination | None:
        """What to examine next, or None where nothing is left.

        The first failed test that qualifies decides what is replaced. With it go later tests that qualify with the same
        replacements if those before them pass: an exercise that turns out to be right need not be replaced.

        Args:
            failed: the tests that have not passed so far.
            tried: tests that have been examined again, each with what was replaced.
        """
        wrong = self._examined_by(failed)
        replaced: tuple[str, ...] = ()
        together: list[str] = []
        for test, needs in self.graph.needs.items():
            if test not in failed or test in self.by_word:
                continue
            allowed = tuple(name for name in needs if name in wrong)
            if not together:
                if allowed and (test, allowed) not in tried and self._is_own_work(test, allowed):
                    replaced = allowed
                    together.append(test)
                continue
            still_wrong = self._examined_by(set(failed) - set(together))
            expected = tuple(name for name in allowed if name in still_wrong or name in replaced)
            if expected == replaced and (test, replaced) not in tried and self._is_own_work(test, replaced):
                together.append(test)
        return Reexamination(tuple(together), replaced) if together else None

    def _examined_by(self, tests: Collection[str]) -> set[str]:
        return {exercise for test, own in self.graph.own.items() if test in tests for exercise in own}

    def _is_own_work(self, test: str, replaced: Collection[str]) -> bool:
        """False where the student has written nothing, or nothing but another name for what is replaced."""
        names = {name for exercise in replaced for name in self.graph.names[exercise]}
        for own in self.graph.own[test]:
            text, model = self._answers[own].source, self._models[own].source
            if is_unwritten(text):
                return False
            if only_passes_on(text, names) and not only_passes_on(model, names):
                return False
        return True

    @cached_property
    def _answers(self) -> dict[str, NotebookNode]:
        return by_grade_id(self.notebook)

    @cached_property
    def _models(self) -> dict[str, NotebookNode]:
        return by_grade_id(self.source)


def failed_tests(tasks: Sequence[TaskResult]) -> frozenset[str]:
    """The tests that were reached and have not passed."""
    return frozenset(task.grade_id for task in tasks if task.status in _FAILED)


def credited(task: TaskResult, replaced: Sequence[str], graph: ExerciseGraph, share: float) -> TaskResult:
    """What a test earns that has passed with the author's answers; its message tells the student.

    Args:
        task: as it failed; what it has earned is never less afterwards.
        replaced: the exercises that were replaced.
        share: of the points.
    """
    mine = _names(graph.own[task.grade_id], graph, graph.reads[task.grade_id]) or [task.grade_id]
    theirs = _names(replaced, graph, graph.shared) or list(replaced)
    it, be, was = ("it", "is", "was") if len(mine) == 1 else ("they", "are", "were")
    message = (
        f"Your {_listed(mine)} {be} right; {it} {was} run with your {_listed(theirs)}, which "
        f"{'is' if len(theirs) == 1 else 'are'} not. You keep {'its' if share == 1 else 'half of its'} points."
    )
    points = max(task.points, share * task.max_points)
    return replace(task, points=points, status="passed_with_reference", message=message, hint="", mistake=None)


def _names(exercises: Collection[str], graph: ExerciseGraph, read: Collection[str]) -> list[str]:
    """The names by which cells read what exercises define."""
    return [
        name for exercise in graph.names if exercise in exercises for name in sorted(graph.names[exercise] & {*read})
    ]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
