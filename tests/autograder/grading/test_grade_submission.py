"""Which cells need not run to grade a submission."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.grade_submission import untouched_experiments
from tests.support.toy import meta

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
