"""nbgrader's own example course: each test cell earns what it earns in one process."""

from pathlib import Path

import nbformat
import pytest

from autograder.notebook.cells import cell_info
from autograder.referee.examiner import Examiner
from tests.support.refereed import LocalChannel, execute_cell, failure_of

nbgrader = pytest.importorskip("nbgrader")
SOURCES = sorted(Path(nbgrader.__file__).parent.glob("docs/source/user_guide/source/*/problem*.ipynb"))
# What students hand in there, besides the solution.
ANSWERS = {
    "solution": None,
    "adds in its own way": "def sum_of_squares(n):\n    return sum(x ** 2 for x in range(1, n + 1))",
    "squares one too many": "def sum_of_squares(n):\n    return sum(squares(n + 1))",
    "nothing": "raise NotImplementedError()",
}


def in_one_process(notebook, answer):
    names, earned = {"__name__": "__main__"}, {}
    for cell in code_of(notebook, answer):
        try:
            exec(cell.source, names)
            outcome = True
        except Exception:
            outcome = False
        if cell_info(cell).kind == "test":
            earned[cell_info(cell).grade_id] = outcome
    return earned


def over_the_wire(notebook, answer):
    names, earned = {"__name__": "__main__"}, {}
    examiner, channel = Examiner(notebook), LocalChannel(names)
    for cell in code_of(notebook, answer):
        if cell_info(cell).kind == "test":
            earned[cell_info(cell).grade_id] = failure_of(examiner.examine(cell, channel)) is None
        else:
            execute_cell(cell.source, str(cell_info(cell).grade_id), names)
    return earned


def code_of(notebook, answer):
    """The code cells; cells with a magic only set up plotting there."""
    changed = nbformat.from_dict(notebook)
    cells = [cell for cell in changed.cells if cell.cell_type == "code" and not cell.source.startswith("%")]
    for cell in cells:
        if answer is not None and "def sum_of_squares" in cell.source and cell_info(cell).kind == "solution":
            cell.source = answer
    return cells


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_cell_earns_what_it_earns_in_nbgrader(path, answer):
    notebook = nbformat.read(path, as_version=4)
    expected = in_one_process(nbformat.read(path, as_version=4), ANSWERS[answer])
    assert over_the_wire(notebook, ANSWERS[answer]) == expected
    assert answer != "solution" or all(expected.values())
