"""One run of a chapter's right answers, from which other answers are judged by re-running only what they can change.

``python -m tests.support.chapter_run 01_activation_derivatives`` prints what each wrong answer of the chapter gets.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info
from autograder.notebook.names import defined, used
from autograder.referee.examiner import Examiner
from autograder.referee.namespace import Names
from autograder.testing import CheckFailed
from autograder.wrong_answers import WrongAnswer, load_wrong_answers
from tests.support.inprocess import WRONG_ANSWERS, is_training, read_chapter
from tests.support.refereed import LocalChannel, embedded, execute_cell, failure_of

Outcome = dict[str, CheckFailed | Exception | None]


@dataclass(frozen=True)
class _Moment:
    """What was defined before a cell ran: by the student's cells, and on the grader's side."""

    students: dict[str, Any]
    graders: Names


class ChapterRun:
    """The author's own answers, examined once over the grader's wire format.

    An answer can change the cells that use a name of its cell, what those define, and so on. :meth:`judge` re-runs
    these and takes the outcome of the others from the first run. That this gives the verdicts of a whole run is
    proven for every wrong answer by ``make test-all``.

    Attributes:
        outcome: what each test cell made of the right answers, by grade id; None where it passed.
        asked: what each test cell had done next to the right answers, by grade id: names of ``student_side``.
        names: the student's.
        channel: the way to the student's kernel.
    """

    def __init__(self, notebook: NotebookNode) -> None:
        embedded()
        self._cells = [c for c in notebook.cells if c.cell_type == "code" and cell_info(c).kind != "other"]
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self._examiner, self.channel = Examiner(notebook), LocalChannel(self.names)
        self._moments: list[_Moment] = []
        self.outcome: Outcome = {}
        self.asked: dict[str, set[str]] = {}
        for cell in self._cells:
            about = cell_info(cell)
            if about.kind == "test":
                self._examiner.names.advance(str(about.grade_id))
            self._moments.append(_Moment(dict(self.names), self._examiner.names.copy()))
            if about.kind == "test":
                self.outcome[str(about.grade_id)] = self._examine(cell)
                self.asked[str(about.grade_id)] = self.channel.asked
            else:
                execute_cell(cell.source, str(about.grade_id), self.names)
        self._moments.append(_Moment(dict(self.names), self._examiner.names.copy()))

    def judge(self, grade_id: str, source: str, training: bool = False) -> Outcome:
        """What the test cells make of another answer to one exercise; the others are answered right.

        Exercises that train for seconds are left out, unless ``training``: whether training survives a wrong answer
        elsewhere is not a property of a check.
        """
        first = next(at for at, cell in enumerate(self._cells) if cell_info(cell).grade_id == grade_id)
        again = set(affected(self._cells, first, source, training))
        self._restore(self._moments[first].students)
        outcome = {
            test: error
            for test, error in self.outcome.items()
            if training or not is_training(self._cells[[cell_info(cell).grade_id for cell in self._cells].index(test)])
        }
        for at, cell in enumerate(self._cells[first:], first):
            about = cell_info(cell)
            if at not in again:
                self.names.update(self._defined_by(at))
            elif about.kind == "test":
                self._examiner.names = self._moments[at].graders.copy()
                outcome[str(about.grade_id)] = self._examine(cell)
            else:
                execute_cell(source if at == first else cell.source, str(about.grade_id), self.names)
        return outcome

    def _examine(self, cell: NotebookNode) -> CheckFailed | Exception | None:
        self.channel.asked = set()
        return failure_of(self._examiner.examine(cell, self.channel))

    def _defined_by(self, at: int) -> dict[str, Any]:
        """The names that a cell bound in the first run, with their values."""
        before, after = self._moments[at].students, self._moments[at + 1].students
        return {name: value for name, value in after.items() if name not in before or before[name] is not value}

    def _restore(self, names: dict[str, Any]) -> None:
        # In place: functions of the first run look names up in this dict.
        self.names.clear()
        self.names.update(names)


def affected(cells: Sequence[NotebookNode], first: int, source: str, training: bool) -> Iterator[int]:
    """The places of the cells whose outcome may be another when the cell at ``first`` is ``source``.

    Args:
        cells: the graded part of a chapter's code cells, in order.
        training: True to count exercises that train for seconds.
    """
    changed = defined(source) | defined(cells[first].source)
    yield first
    for at, cell in enumerate(cells[first + 1 :], first + 1):
        if used(cell.source) & changed and (training or not is_training(cell)):
            if cell_info(cell).kind != "test":
                changed |= defined(cell.source)
            yield at


def _report(name: str) -> None:
    run = ChapterRun(read_chapter(name))
    for test, error in run.outcome.items():
        print("solution", test, "passed" if error is None else f"FAILED: {error}")
    for answer in load_wrong_answers(WRONG_ANSWERS, name):
        _report_answer(run, answer)


def _report_answer(run: ChapterRun, answer: WrongAnswer) -> None:
    failed = {test: e for test, e in run.judge(answer.grade_id, answer.source).items() if e is not None}
    named = {e.mistake for e in failed.values() if isinstance(e, CheckFailed)}
    good = set(failed) == set(answer.fails) and answer.mistake in named
    print(f"\n{'ok ' if good else 'BAD'} {answer.grade_id} | {answer.mistake} | failed: {', '.join(sorted(failed))}")
    for test, error in failed.items():
        lines = error._render_traceback_() if isinstance(error, CheckFailed) else [str(error)]
        print("\n".join(f"    {test}: {line}" for line in lines), getattr(error, "mistake", ""))


if __name__ == "__main__":
    _report(sys.argv[1])
