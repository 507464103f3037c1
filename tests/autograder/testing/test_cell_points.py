"""A check that passes says what it earned where the notebook's file tells, and is silent about points elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.session import execute
from autograder.testing import passed
from autograder.testing.cell_points import points_of_this_cell
from tests.support.toy import meta

EARNED = "relu: correct (5 cases) · 7 of 7 points; hand-in tries other numbers.\n"
SILENT = "relu: correct (5 cases).\n"
SETUP = "from autograder.testing import passed\ndef check(name): passed(name, '5 cases')"


def notebook() -> NotebookNode:
    graded = {"grade": True, "locked": True}
    cells = [
        new_code_cell(SETUP),
        new_code_cell("check('relu')", metadata=meta("test-relu", points=7, **graded)),
        new_code_cell("check('relu')\npass", metadata=meta("test-more", points=7, **graded)),
        new_code_cell("if True:\n    check('relu')", metadata=meta("test-if", points=7, **graded)),
        new_code_cell("# mine\ncheck('relu')"),
    ]
    made: NotebookNode = new_notebook(cells=cells)
    return made


def printed(folder: Path, environment: Mapping[str, str]) -> list[str]:
    run = execute(notebook(), folder, environment=environment)
    # A kernel may send a line in pieces.
    return ["".join(output.text for output in cell.outputs) for cell in run.notebook.cells[1:]]


def test_a_check_at_the_end_of_its_cell_says_what_it_earned(tmp_path: Path):
    nbformat.write(notebook(), tmp_path / "mine.ipynb")
    assert printed(tmp_path, {"JPY_SESSION_NAME": str(tmp_path / "mine.ipynb")}) == [EARNED, SILENT, SILENT, SILENT]


@pytest.mark.parametrize("content", [None, "", "{}", '{"cells": [{"source": 3}]}', '{"cells": 3}', "[]"])
def test_no_file_is_no_reason_to_fail(tmp_path: Path, content: str | None):
    path = tmp_path / "mine.ipynb"
    if content is not None:
        path.write_text(content)
    assert printed(tmp_path, {"JPY_SESSION_NAME": str(path)})[0] == SILENT


def test_outside_of_a_notebook_nothing_is_said_of_points(capsys: pytest.CaptureFixture[str]):
    assert points_of_this_cell() is None
    passed("relu", "5 cases")
    assert capsys.readouterr().out == SILENT
