"""A cell that needs an empty exercise says which one, in one sentence, in a real kernel."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.session import execute

EMPTY = "raise NotImplementedError()"
SETUP = [
    "import matplotlib.pyplot as plt\nimport autograder.testing",
    f"def slope(x):\n    '''Return it.'''\n    # YOUR CODE HERE\n    {EMPTY}",
    f"class Net:\n    def forward(self):\n        {EMPTY}",
]
CELLS = {
    "plt.plot([1, 2])\nplt.plot(slope(2))\nplt.show()": "`slope`, above, is still empty; this figure needs it.",
    "print(Net().forward())": "`Net.forward`, above, is still empty; this cell needs it.",
    "list(map(slope, [1]))": "`slope`, above, is still empty; this cell needs it.",
    f"def own(x):\n    {EMPTY}\nown(1)": (
        "`own` is still empty. Replace the line that raises NotImplementedError, and run the cell again."
    ),
    EMPTY: "This exercise is still empty. Replace the line that raises NotImplementedError, and run the cell again.",
}
OTHER = [
    "raise NotImplementedError('complex inputs')",
    "raise ValueError('raise NotImplementedError')",
]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    cells = [new_code_cell(source) for source in (*SETUP, *CELLS, *OTHER)]
    run = execute(new_notebook(cells=cells), tmp_path_factory.mktemp("empty"))
    return {cell.source: cell for cell in run.notebook.cells}


@pytest.mark.parametrize("source", CELLS)
def test_one_sentence_and_no_traceback(executed: dict[str, NotebookNode], source: str):
    [output] = executed[source].outputs
    assert output.traceback == [CELLS[source]]
    assert output.evalue == CELLS[source]


@pytest.mark.parametrize("source", OTHER)
def test_every_other_error_is_shown_as_usual(executed: dict[str, NotebookNode], source: str):
    [output] = executed[source].outputs
    assert len(output.traceback) > 1
    assert "still empty" not in output.evalue


def test_nothing_is_installed_without_a_notebook(tmp_path: Path):
    from autograder.testing.empty_exercise import explain_empty_exercises

    explain_empty_exercises()
