"""A chapter as students have it: with the helper packages that they get, without references."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.helper_packages import copy_helpers
from autograder.notebook.book_edition import without_hidden_tests
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from autograder.testing import CheckFailed
from autograder.wrong_answers import load_wrong_answers
from tests.support.inprocess import ROOT, WRONG_ANSWERS, read_chapter, run_chapter

Verdicts = dict[str, list[str | None] | None]
_JUDGE = """
import json, sys, nbformat
from tests.support.students_copy import verdicts
notebook, answers = nbformat.read("chapter.ipynb", 4), json.load(open("answers.json"))
print(json.dumps([verdicts(notebook, answer) for answer in answers]))
"""
_RUN = """
import sys, nbformat

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1:]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
from tests.support.inprocess import execute
names = {"__name__": "__main__"}
for cell in nbformat.read("chapter.ipynb", 4).cells:
    if cell.cell_type == "code":
        error = execute(cell.source, cell.id, names)
        if error is not None:
            raise error
"""


def some_answers(chapter: str, every: int) -> list[dict[str, str]]:
    """The solutions of a chapter by grade id, then the same with one of each ``every`` wrong answers put in."""
    cells = by_grade_id(read_chapter(chapter))
    solutions = {name: cell.source for name, cell in cells.items() if "### BEGIN SOLUTION" in cell.source}
    wrong = load_wrong_answers(WRONG_ANSWERS, chapter)[::every]
    return [solutions, *({**solutions, answer.grade_id: answer.source} for answer in wrong)]


def verdicts(notebook: NotebookNode, answers: dict[str, str]) -> Verdicts:
    """For each test what a student reads: nothing, or message, hint and mistake."""
    return {test: _read(error) for test, error in run_chapter(notebook, answers, training=False).items()}


def _read(error: Exception | None) -> list[str | None] | None:
    if isinstance(error, CheckFailed):
        return [error.message, error.hint, error.mistake]
    return None if error is None else [repr(error), None, None]


def students_verdicts(chapter: str, answers: Sequence[dict[str, str]], folder: Path) -> list[Verdicts]:
    """What the visible checks say of these answers where there are no references.

    Args:
        folder: an empty one, for the students' copies.
    """
    _fill(folder, student_edition(read_chapter(chapter)))
    (folder / "answers.json").write_text(json.dumps(list(answers)), encoding="utf-8")
    judged: list[Verdicts] = json.loads(_python(folder, _JUDGE))
    return judged


def run_without(chapter: str, folder: Path, *libraries: str, experiments: bool = True) -> None:
    """Run a chapter's solution, visible checks included, where these libraries are not installed.

    Args:
        folder: an empty one, for the students' copies.
        experiments: False to run the given cells, the exercises and the checks alone.

    Raises:
        AssertionError: if a cell fails, with what was printed.
    """
    notebook = without_hidden_tests(read_chapter(chapter))
    notebook.cells = [cell for cell in notebook.cells if experiments or cell_info(cell).kind != "other"]
    _fill(folder, notebook)
    _python(folder, _RUN, *libraries)


def _fill(folder: Path, notebook: NotebookNode) -> None:
    copy_helpers(Course(ROOT), folder)
    nbformat.write(notebook, folder / "chapter.ipynb")


def _python(folder: Path, code: str, *arguments: str) -> str:
    paths: dict[str, Any] = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "MPLBACKEND": "agg", "WORKBOOK_EMBEDDED": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
