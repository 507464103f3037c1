"""A cell that ends in an error because of an earlier exercise says which one, in a real kernel."""

from __future__ import annotations

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.session import execute
from autograder.testing.cell_errors import explain_errors

EMPTY = "raise NotImplementedError()"
SETUP = [
    "import matplotlib.pyplot as plt\nfrom autograder.testing import CheckFailed, call, compare",
    f"def slope(x):\n    '''Return it.'''\n    # YOUR CODE HERE\n    {EMPTY}",
    f"class Net:\n    def forward(self):\n        {EMPTY}",
    "def double(x):\n    return [2 * x] * 3",
    "compare(call(double, 1.0), 2.0, 'double(1.0)')",
    "def steps(x):\n    return 1 + double(x)",
    "class Walk:\n    def far(self):\n        return 1 + double(2)",
    "lengths = []\nfor x in range(3):\n    lengths.append(slope(x))",
    "sums = []\nsums.append(steps(1))",
    "left = []\nleft.append(1 / 0)",
    "def above(x):\n    return [x - 1]",
    "compare(call(above, 1.0), 2.0, 'above(1.0)')",
    "compare(call(slope, 1.0), 2.0, 'slope(1.0)')",
]
EMPTY_SLOPE = "`slope`, above, is still empty; this {} needs it."
FAILED_DOUBLE = (
    "`double` has failed its check, and this cell needs it. Fix it first, then run this cell\nagain.\n"
    "What happened: {}\nin {}"
)
CELLS = {
    "plt.plot([1, 2])\nplt.plot(slope(2))\nplt.show()": EMPTY_SLOPE.format("figure"),
    "print(Net().forward())": "`Net.forward`, above, is still empty; this cell needs it.",
    "list(map(slope, [1]))": EMPTY_SLOPE.format("cell"),
    f"def own(x):\n    {EMPTY}\nown(1)": (
        "`own` is still empty. Replace the line that raises NotImplementedError, and run the cell again."
    ),
    EMPTY: "This exercise is still empty. Replace the line that raises NotImplementedError, and run the cell again.",
    "plt.plot(lengths[0])": EMPTY_SLOPE.format("figure"),
    "double(2) + 1": FAILED_DOUBLE.format(
        'TypeError: can only concatenate list (not "int") to list', "line 1: double(2) + 1"
    ),
    "steps(2)": FAILED_DOUBLE.format(
        "TypeError: unsupported operand type(s) for +: 'int' and 'list'", "`steps`, line 2: return 1 + double(x)"
    ),
    "Walk().far()": FAILED_DOUBLE.format(
        "TypeError: unsupported operand type(s) for +: 'int' and 'list'", "`far`, line 3: return 1 + double(2)"
    ),
    "sums[0]": FAILED_DOUBLE.format("IndexError: list index out of range", "line 1: sums[0]"),
    "above(double(2)[0]) + 1\nslope(1)": (
        "`double` and `above` have failed their checks, `slope` is still empty, and this cell\n"
        "needs them. Fix them first, then run this cell again.\n"
        'What happened: TypeError: can only concatenate list (not "int") to list\nin line 1: above(double(2)[0]) + 1'
    ),
    "left[0]": (
        "This cell needs `left` of a cell above that ended in an error. Make that cell work\n"
        "first, then run this one again.\nWhat happened: IndexError: list index out of range\nin line 1: left[0]"
    ),
}
OTHER = [
    "raise NotImplementedError('complex inputs')",
    "raise ValueError('raise NotImplementedError')",
    "1 / 0",
    "undefined_name",
]
AFTERWARDS = {
    "def double(x):\n    return 2 * x\ndouble": None,
    "double(2)[0]": "TypeError",
    "left = [1]\nleft": None,
    "left[1]": "IndexError",
}
"""Cells that make good what was wrong; errors after them are shown as usual."""
AGAIN = "sums[0] + 1"
"""Comes last: what it needs is of a cell that was not run again."""


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    cells = [new_code_cell(source) for source in (*SETUP, *CELLS, *OTHER, *AFTERWARDS, AGAIN)]
    run = execute(new_notebook(cells=cells), tmp_path_factory.mktemp("errors"))
    return {cell.source: cell for cell in run.notebook.cells}


@pytest.mark.parametrize("source", CELLS)
def test_a_sentence_names_the_exercise_to_go_back_to_and_there_is_no_traceback(
    executed: dict[str, NotebookNode], source: str
):
    [output] = executed[source].outputs
    assert output.traceback == [CELLS[source]]


@pytest.mark.parametrize("source", list(CELLS)[:5])
def test_what_an_empty_exercise_ends_in_is_the_errors_text_as_well(executed: dict[str, NotebookNode], source: str):
    [output] = executed[source].outputs
    assert output.evalue == CELLS[source]


@pytest.mark.parametrize("source", OTHER)
def test_every_other_error_is_shown_as_usual(executed: dict[str, NotebookNode], source: str):
    [output] = executed[source].outputs
    assert len(output.traceback) > 1
    assert "still empty" not in output.evalue


def test_a_failed_check_is_shown_by_itself(executed: dict[str, NotebookNode]):
    [output] = executed[SETUP[4]].outputs
    assert output.ename == "CheckFailed" and "What happened" not in "".join(output.traceback)


@pytest.mark.parametrize("source", AFTERWARDS)
def test_what_has_been_made_good_explains_nothing_any_more(executed: dict[str, NotebookNode], source: str):
    errors = [output for output in executed[source].outputs if output.output_type == "error"]
    assert [error.ename for error in errors] == [name for name in [AFTERWARDS[source]] if name]
    assert all(len(error.traceback) > 1 for error in errors)


def test_an_exercise_that_was_put_right_is_no_cause_any_more(
    executed: dict[str, NotebookNode],
):
    [output] = executed[AGAIN].outputs
    assert output.traceback == [
        "This cell needs `sums` of a cell above that ended in an error. Make that cell work\n"
        "first, then run this one again.\nWhat happened: IndexError: list index out of range\nin line 1: sums[0] + 1"
    ]


def test_nothing_is_installed_without_a_notebook():
    explain_errors()
