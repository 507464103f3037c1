"""Points by the visible cases over all notebooks of a folder."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

from autograder.cli.app import app
from autograder.course_standing import course_standing
from autograder.errors import NotebookError
from autograder.notebook.cells import by_grade_id


@pytest.fixture
def folder(toy_student: NotebookNode, tmp_path: Path) -> Path:
    begun = copy.deepcopy(toy_student)
    by_grade_id(begun)["double"].source = "def double(x):\n    return 2 * x"
    nbformat.write(begun, tmp_path / "01_toy.ipynb")
    nbformat.write(toy_student, tmp_path / "02_later.ipynb")
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), tmp_path / "notes.ipynb")
    (tmp_path / "03_torn.ipynb").write_text("{")
    return tmp_path


def test_every_notebook_with_checks_is_listed_and_only_those_begun_are_run(folder: Path):
    found = list(course_standing(folder))
    assert [(each.name, each.earned, each.possible, each.in_words, each.outcome is None) for each in found] == [
        ("01_toy", 5.0, 8.0, 2.0, False),
        ("02_later", 0.0, 8.0, 2.0, True),
        ("03_torn", 0.0, 0.0, 0.0, True),
    ]
    assert "not a notebook" in str(found[2].fault)


def test_the_command_adds_up(folder: Path):
    (folder / "03_torn.ipynb").unlink()
    done = CliRunner().invoke(app, ["progress", str(folder)])
    assert done.exit_code == 0, done.output
    first, second, total = done.output.splitlines()
    assert first.split() == ["01_toy", "5", "of", "8,", "2", "in", "words"]
    assert second.split() == ["02_later", "0", "of", "8,", "2", "in", "words,", "not", "begun"]
    assert total.startswith("5 of 16 points by the visible cases, 4 for answers in words.")


def test_a_folder_without_notebooks_is_refused(tmp_path: Path):
    with pytest.raises(NotebookError, match="holds no notebook with checks"):
        list(course_standing(tmp_path))
    with pytest.raises(NotebookError, match="is not a folder"):
        list(course_standing(tmp_path / "nowhere"))
