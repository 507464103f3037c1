"""Which cells need not run to grade a submission, and what its place adds to its result."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.grade_submission import at_its_place, blank_result, untouched_experiments
from autograder.grading.submissions import Submission
from tests.support.toy import NAME, meta

INDEPENDENT = {"autograder": {"experiments": "independent"}}


def chapter(metadata: dict[str, object]) -> NotebookNode:
    cells = [
        new_code_cell("def f(): ...", metadata=meta("f", solution=True)),
        new_code_cell("f()", metadata=meta("test-f", grade=True, locked=True, points=1)),
        new_code_cell("for _ in range(10): f()"),
    ]
    notebook: NotebookNode = new_notebook(cells=cells, metadata=metadata)
    return notebook


def test_experiments_left_as_they_were_need_not_run():
    assert untouched_experiments(chapter(INDEPENDENT), chapter(INDEPENDENT)) == {2}


def test_a_cell_that_the_student_changed_or_added_runs():
    changed = chapter(INDEPENDENT)
    changed.cells[2].source += "\nprint('mine')"
    changed.cells.append(new_code_cell("f()"))
    assert untouched_experiments(changed, chapter(INDEPENDENT)) == frozenset()


def test_every_cell_runs_where_graded_cells_may_need_it():
    assert untouched_experiments(chapter({}), chapter({})) == frozenset()


def test_what_the_place_of_a_file_says_is_flagged_and_follows_it():
    environment = {"isolation": "none"}
    guessed = Submission(
        "ada", NAME, Path("x.ipynb"), "x.ipynb", guess="no name", number="47", platform="Canvas", late=True
    )
    result = blank_result(guessed, None, environment)
    assert result.flags == ("student-guessed", "marked-late")
    assert (result.platform, result.number) == ("Canvas", "47")
    certain = Submission("ada", NAME, Path("y.ipynb"), "y.ipynb")
    moved = at_its_place(replace(result, flags=(*result.flags, "timeout")), certain)
    assert (moved.flags, moved.file, moved.number) == (("timeout",), "y.ipynb", "")
