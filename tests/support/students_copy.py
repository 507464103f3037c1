"""A chapter as students have it: with the helper packages that they get, without references."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.helper_packages import copy_helpers
from autograder.notebook.book_edition import without_hidden_tests
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from autograder.testing import CheckFailed
from autograder.wrong_answers import load_wrong_answers
from tests.support.chapter_run import affected
from tests.support.inprocess import ROOT, WRONG_ANSWERS, execute, is_training, read_chapter

Verdicts = dict[str, list[str | None] | None]
_JUDGE = """
import json, sys, nbformat
from tests.support.students_copy import verdicts
notebook, answers = nbformat.read("chapter.ipynb", 4), json.load(open("answers.json"))
print(json.dumps(verdicts(notebook, *answers)))
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


def some_answers(chapter: str, every: int) -> list[tuple[str, str]]:
    """One of each ``every`` wrong answers of a chapter: grade id and source."""
    return [(answer.grade_id, answer.source) for answer in load_wrong_answers(WRONG_ANSWERS, chapter)[::every]]


def verdicts(notebook: NotebookNode, solutions: dict[str, str], wrong: Sequence[tuple[str, str]]) -> list[Verdicts]:
    """What a student reads of each test: of the solutions, then of each wrong answer in place of one of them.

    For a wrong answer only the cells are executed again whose outcome it can change. Exercises that train are left out.

    Args:
        notebook: with or without answers of its own.
        solutions: by grade id.
        wrong: grade ids and sources.
    """
    matplotlib.use("Agg")
    os.environ["WORKBOOK_EMBEDDED"] = "1"
    graded = (
        c for c in notebook.cells if c.cell_type == "code" and cell_info(c).kind != "other" and not is_training(c)
    )
    cells = [NotebookNode({**c, "source": solutions.get(str(cell_info(c).grade_id), c.source)}) for c in graded]
    names: dict[str, Any] = {"__name__": "__main__"}
    before: list[dict[str, Any]] = []
    right: Verdicts = {}
    for cell in cells:
        before.append(dict(names))
        right |= _executed(cell, cell.source, names)
    found = [right]
    for grade_id, source in wrong:
        first = next(at for at, cell in enumerate(cells) if cell_info(cell).grade_id == grade_id)
        now, again = dict(right), set(affected(cells, first, source, training=False))
        # In place: functions of the first run look names up in this dict.
        names.clear()
        names.update(before[first])
        for at, cell in enumerate(cells[first:], first):
            if at in again:
                now |= _executed(cell, source if at == first else cell.source, names)
            elif at + 1 < len(cells):
                names.update({n: v for n, v in before[at + 1].items() if n not in before[at] or before[at][n] is not v})
        found.append(now)
    return found


def _executed(cell: NotebookNode, source: str, names: dict[str, Any]) -> Verdicts:
    """Execute a cell; the verdict, if it is a test."""
    about = cell_info(cell)
    error = execute(source, str(about.grade_id), names)
    if error is not None and about.kind == "given":
        raise RuntimeError(f"the given cell {about.grade_id} failed") from error
    return {str(about.grade_id): _read(error)} if about.kind == "test" else {}


def _read(error: Exception | None) -> list[str | None] | None:
    if isinstance(error, CheckFailed):
        return [error.message, error.hint, error.mistake]
    return None if error is None else [repr(error), None, None]


def solutions_of(chapter: str) -> dict[str, str]:
    """The author's answers by grade id."""
    cells = by_grade_id(read_chapter(chapter))
    return {name: cell.source for name, cell in cells.items() if "### BEGIN SOLUTION" in cell.source}


def students_verdicts(chapter: str, wrong: Sequence[tuple[str, str]], folder: Path) -> list[Verdicts]:
    """What :func:`verdicts` gives where there are no references, and no hidden tests.

    Args:
        folder: an empty one, for the students' copies.
    """
    _fill(folder, student_edition(read_chapter(chapter)))
    (folder / "answers.json").write_text(json.dumps([solutions_of(chapter), list(wrong)]), encoding="utf-8")
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
