"""A student sees where a notebook stands while it runs, and what counts."""

from __future__ import annotations

import copy
import time
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.cli.validate import standing
from autograder.kernel.limits import Limits
from autograder.notebook.cells import by_grade_id
from autograder.notebook.inventory import with_inventory
from autograder.results import TaskResult
from autograder.validation import BrokenCell, validate_notebook

LIMITS = Limits(cell_seconds=30)


@pytest.fixture
def notebook(toy_student: NotebookNode) -> NotebookNode:
    made = copy.deepcopy(toy_student)
    made.metadata["autograder"] = {"experiments": "independent"}
    made = with_inventory(made)
    cells = by_grade_id(made)
    cells["double"].source = "def double(x):\n    return 2 * x"
    cells["half"].source = "def half(x):\n    return x / 2"
    cells["written-why"].source = "It is added to itself."
    return made


def saved(notebook: NotebookNode, folder: Path) -> Path:
    nbformat.write(notebook, folder / "mine.ipynb")
    return folder / "mine.ipynb"


def test_each_check_is_told_when_it_has_ended(notebook: NotebookNode, tmp_path: Path):
    notebook.cells.append(new_code_cell("import time\ntime.sleep(2)\n1 / 0"))
    told: list[tuple[float, TaskResult | BrokenCell]] = []
    outcome = validate_notebook(
        saved(notebook, tmp_path), LIMITS, tell=lambda found: told.append((time.monotonic(), found))
    )
    end = time.monotonic()
    names = [found.grade_id if isinstance(found, TaskResult) else found.first_line for _, found in told]
    assert names == ["test-double", "test-half", "written-why", "import time"]
    assert end - told[0][0] > 2
    assert tuple(found for _, found in told if isinstance(found, TaskResult)) == outcome.tasks
    assert outcome.broken == (BrokenCell("import time", "ZeroDivisionError: division by zero"),)


def test_the_standing_counts_what_was_handed_out(notebook: NotebookNode, tmp_path: Path):
    outcome = validate_notebook(saved(notebook, tmp_path), LIMITS)
    assert standing(outcome) == "8 of 8 points by the visible cases, 2 for answers in words"
    by_grade_id(notebook)["test-half"].source = "print('correct')"
    notebook.cells.remove(by_grade_id(notebook)["test-double"])
    notebook.cells.remove(by_grade_id(notebook)["written-why"])
    outcome = validate_notebook(saved(notebook, tmp_path), LIMITS)
    assert standing(outcome) == (
        "0 of 8 points by the visible cases, 2 for answers in words; 1 check missing, 1 other cell missing, "
        "1 changed and not counted"
    )


def test_a_quick_run_leaves_out_experiments_and_nothing_else(notebook: NotebookNode, tmp_path: Path):
    marker = tmp_path / "ran"
    notebook.cells.append(new_code_cell(f"open({str(marker)!r}, 'w').close()"))
    by_id = {cell.id: cell for cell in notebook.cells}
    by_id["experiment"].source = "raise RuntimeError"
    own = copy.deepcopy(notebook)
    # As if it had been handed out like this.
    notebook = with_inventory(notebook)
    notebook.cells[-1].source += "\n# mine"
    outcome = validate_notebook(saved(notebook, tmp_path), LIMITS, quick=True)
    assert (outcome.broken, outcome.passed, marker.exists()) == ((), True, True)
    outcome = validate_notebook(saved(own, tmp_path), LIMITS, quick=True)
    assert [cell.first_line for cell in outcome.broken] == ["raise RuntimeError"]


def test_an_answer_that_is_still_empty_is_called_that(notebook: NotebookNode, tmp_path: Path) -> None:
    by_grade_id(notebook)["double"].source = "class Double:\n    raise NotImplementedError()"
    outcome = validate_notebook(saved(notebook, tmp_path), LIMITS)
    assert outcome.broken[0] == BrokenCell("class Double:", "not written yet")


def test_a_check_in_which_the_kernel_dies_is_not_told_as_passed(notebook: NotebookNode, tmp_path: Path):
    by_grade_id(notebook)["half"].source = "import os\ndef half(x):\n    os._exit(1)"
    told: list[TaskResult | BrokenCell] = []
    outcome = validate_notebook(saved(notebook, tmp_path), LIMITS, tell=told.append)
    assert [(t.grade_id, t.status) for t in told if isinstance(t, TaskResult)] == [
        ("test-double", "passed"), ("test-half", "error"), ("written-why", "manual"),
    ]  # fmt: skip
    assert outcome.fault is not None
