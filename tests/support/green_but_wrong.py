"""How many wrong answers a chapter's visible checks call correct, although hidden cases take their points.

``python -m tests.support.green_but_wrong`` prints the share for every chapter, ``… 01_activation_derivatives`` for
one. With ``--answers FILE`` it looks at the answers of another file in the format of :mod:`autograder.wrong_answers`
instead of the catalogue; there a header needs no more than ``# %% grade_id="EXERCISE"``. With ``--mutants`` it looks at
the author's own answers with one small change each.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.book_edition import without_hidden_tests
from autograder.testing import CheckFailed
from autograder.wrong_answers import WrongAnswer, load_wrong_answers
from tests.support.chapter_run import ChapterRun, Outcome
from tests.support.inprocess import ROOT, WRONG_ANSWERS
from tests.support.mutants import mutants

NAMES = tuple(sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))


@dataclass(frozen=True)
class Judged:
    """One wrong answer, with what it gets from the visible part of the tests and from all of them.

    Attributes:
        answer: the wrong answer.
        visible: what a student sees while working, by test cell.
        graded: what the grader says, by test cell.
    """

    answer: WrongAnswer
    visible: Outcome
    graded: Outcome

    @property
    def lost(self) -> tuple[str, ...]:
        """The test cells that lose their points."""
        return tuple(test for test, error in self.graded.items() if error is not None)

    @property
    def green(self) -> tuple[str, ...]:
        """Those of :attr:`lost` that a student sees pass; none where another test cell shows the mistake."""
        if any(error is not None for error in self.visible.values()):
            return ()
        return self.lost

    @property
    def unnamed(self) -> tuple[str, ...]:
        """Those of :attr:`lost` that are taken without a likely cause."""
        return tuple(test for test in self.lost if not _has_cause(self.graded[test]))


def _has_cause(error: CheckFailed | Exception | None) -> bool:
    return isinstance(error, CheckFailed) and error.hint is not None


def judged(notebook: NotebookNode, answers: Sequence[WrongAnswer], training: bool = False) -> list[Judged]:
    """Each answer with the verdicts of the visible cases and of all.

    Args:
        notebook: the chapter as it is graded, with hidden cases and instantiated AUTOTEST lines.
        training: True to run the exercises that train for seconds, too.
    """
    # One run after the other: cells of both have the same file names, by which tracebacks find their source.
    visible, graded = (
        [run.judge(answer.grade_id, answer.source, training) for answer in answers]
        for run in map(ChapterRun, (without_hidden_tests(notebook), notebook))
    )
    return [Judged(*row) for row in zip(answers, visible, graded, strict=True)]


def report(name: str, results: Sequence[Judged], verbose: bool = False) -> list[str]:
    """The lines for one chapter: counts, then each answer that is green and loses points, with what it is told."""
    wrong = [one for one in results if one.lost]
    green = [one for one in wrong if one.green]
    share = 100 * len(green) / len(wrong) if wrong else 0.0
    unnamed = sum(bool(one.unnamed) for one in wrong)
    head = f"{name}: {len(green)} of {len(wrong)} wrong answers ({share:.1f} %) are green and lose points"
    lines = [f"{head}; {unnamed} lose points without a cause"]
    for one in results:
        about = f"{one.answer.grade_id} | {one.answer.mistake}"
        if one.green:
            lines += [f"  green: {about}", *_messages(one.graded, one.green)]
        elif not one.lost:
            lines.append(f"  loses nothing: {about}")
        elif verbose:
            lines += [f"  seen: {about}", *_messages(one.visible, one.visible)]
            lines += [line for line in _messages(one.graded, one.unnamed) if line not in lines]
    return lines


def _messages(outcome: Outcome, tests: Iterable[str]) -> list[str]:
    lines = []
    for test in tests:
        error = outcome[test]
        if error is not None:
            text = str(error) if isinstance(error, CheckFailed) else f"{type(error).__name__}: {error}"
            lines += [f"      {test}: {text}".replace("\n", "\n          ")]
    return lines


def total(counts: Sequence[tuple[int, int]]) -> str:
    """The last line, over all chapters: pairs of green and wrong answers."""
    green, wrong = (sum(column) for column in zip(*counts, strict=True))
    return f"all: {green} of {wrong} wrong answers ({100 * green / max(wrong, 1):.1f} %) are green and lose points"


def main(arguments: Sequence[str] | None = None, say: Callable[[str], None] = print) -> int:
    """The command; returns 1 where an answer is green and loses points, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.green_but_wrong", description=__doc__)
    parser.add_argument("chapters", nargs="*", metavar="CHAPTER", help="a chapter's name or number; all by default")
    parser.add_argument("--answers", type=Path, metavar="FILE", help="other answers to one chapter, in percent format")
    parser.add_argument("--mutants", action="store_true", help="the author's answers with one small change each")
    parser.add_argument("--training", action="store_true", help="run exercises that train for seconds, too")
    parser.add_argument("--verbose", action="store_true", help="show what each answer is told")
    options = parser.parse_args(arguments)
    chosen = [name for name in NAMES if not options.chapters or name.startswith(tuple(options.chapters))]
    if not chosen or (options.answers and len(chosen) != 1):
        parser.error("expected the name of a chapter, and of one chapter with --answers.")
    counts = []
    for name in chosen:
        source = prepare_source(Course(ROOT), name)
        if options.mutants:
            answers = mutants(source)
        else:
            answers = answers_of(options.answers) if options.answers else load_wrong_answers(WRONG_ANSWERS, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            results = judged(source, answers, options.training)
        say("\n".join(report(name, results, options.verbose)))
        counts.append((sum(bool(one.green) for one in results), sum(bool(one.lost) for one in results)))
    if len(counts) > 1:
        say(total(counts))
    return int(any(green for green, _ in counts))


def answers_of(path: Path) -> list[WrongAnswer]:
    """The answers of a file outside the catalogue; where a header lacks the mistake's name, its place stands for it."""
    import jupytext

    cells = [c for c in jupytext.reads(path.read_text("utf-8"), fmt="py:percent").cells if c.cell_type == "code"]
    return [
        WrongAnswer(str(cell.metadata["grade_id"]), str(cell.metadata.get("mistake", f"answer-{at}")), (), cell.source)
        for at, cell in enumerate(cells, 1)
    ]


if __name__ == "__main__":
    sys.exit(main())
