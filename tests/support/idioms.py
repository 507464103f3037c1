"""Answers and test cells as courses have them, and what the test cells make of the answers over the wire."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.referee.examiner import Examiner
from autograder.testing import CheckFailed
from tests.support.refereed import LocalChannel, execute_cell, failure_of
from tests.support.toy import meta

_FOLDER = Path(__file__).parents[1] / "autograder" / "referee"
_HEAD = re.compile(r"^# %% (.*)\n", re.MULTILINE)


def read_idioms(name: str) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The answers of a file by name, and the test cells by name with the answer that each is for."""
    _, *parts = _HEAD.split((_FOLDER / name).read_text(encoding="utf-8"))
    sections = dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    answers = {head.removeprefix("answer: "): text for head, text in sections.items() if head.startswith("answer: ")}
    tests = {
        head.split(" | ")[0]: (answers[head.split(" | ")[1]], text) for head, text in sections.items() if " | " in head
    }
    return answers, tests


def examined(solution: str, *tests: str, given: str = "") -> tuple[Examiner, list[NotebookNode]]:
    """An examiner of a chapter with these test cells, and the chapter's cells."""
    about = {"grade": True, "locked": True, "points": 1}
    cells = [new_code_cell(given, metadata=meta("setup", locked=True))]
    cells += [new_code_cell(solution, metadata=meta("answer", solution=True))]
    cells += [new_code_cell(test, metadata=meta(f"test-{at}", **about)) for at, test in enumerate(tests)]
    examiner = Examiner(new_notebook(cells=cells))
    return examiner, cells


def outcomes(
    solution: str, *tests: str, answer: str | None = None, given: str = ""
) -> list[CheckFailed | Exception | None]:
    """What each test cell makes of an answer (default: the author's own); None where it passed."""
    examiner, cells = examined(solution, *tests, given=given)
    names: dict[str, object] = {"__name__": "__main__"}
    execute_cell(given, "setup", names)
    execute_cell(solution if answer is None else answer, "answer", names)
    channel = LocalChannel(names)
    # In a thread of its own, as the grader does it: another test's browser may have left this one an event loop.
    with ThreadPoolExecutor(1) as thread:
        return [failure_of(thread.submit(examiner.examine, cell, channel).result()) for cell in cells[2:]]
