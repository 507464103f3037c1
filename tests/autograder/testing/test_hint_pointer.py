"""Whoever sees a check fail in a notebook is told how to ask for help, where there is some."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.session import execute
from autograder.testing.hint_pointer import where_help_is

MODULE = """\
from autograder.testing import CheckFailed
from autograder.testing.hint_display import Hints
hint = Hints("hinted")
def relu(*_): raise CheckFailed("relu is wrong.")
tanh = elu = relu
"""
HINTS = "# Hints\n" + "\n".join(
    f"## {n}\n\n1. One?\n2. Two.\n3. Three.\n\n- **I am stuck.** So.\n" for n in ("relu", "tanh")
)
SETUP = """\
import hinted as check, math
class Odd:
    def __getattr__(self, name):
        if name == "g": return print
        raise KeyError(name)
"""
HELP = '  Stuck? check.hint("relu") gives help in steps.'


def shown(folder: Path, cell: str, **environment: str) -> list[str]:
    (folder / "hinted").mkdir()
    (folder / "hinted" / "__init__.py").write_text(MODULE)
    (folder / "hinted" / "hints.md").write_text(HINTS)
    cells = [new_code_cell(SETUP), new_code_cell(cell)]
    run = execute(new_notebook(cells=cells), folder, environment={"AUTOGRADER_HEADLESS": "0", **environment})
    lines: list[str] = run.notebook.cells[1].outputs[-1].traceback
    return lines


@pytest.mark.parametrize(
    "cell",
    [
        "check.relu(math.tanh)",
        "tanh = relu = 1\ncheck.elu(relu, tanh)",
        "if True:\n    check.relu(math.sin(1))\ncheck.relu(2)",
    ],
)
def test_a_failed_check_names_the_call_that_helps(tmp_path: Path, cell: str):
    assert shown(tmp_path, cell) == ["Check failed", "  relu is wrong.", HELP]


@pytest.mark.parametrize(
    "cell",
    ["check.relu(1); check.tanh(1)", "check.elu(1)", "f = check.relu\nf(1)", "f = Odd()\nf.g()\nh = check.relu\nh(f)"],
)
def test_where_it_cannot_be_told_or_there_is_no_help_nothing_is_said(tmp_path: Path, cell: str):
    assert shown(tmp_path, cell) == ["Check failed", "  relu is wrong."]


def test_while_grading_nothing_is_said_of_help(tmp_path: Path):
    assert shown(tmp_path, "check.relu(1)", AUTOGRADER_HEADLESS="1") == ["Check failed", "  relu is wrong."]


def test_outside_of_a_notebook_there_is_no_cell():
    assert where_help_is() is None
