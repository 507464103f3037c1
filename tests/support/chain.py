"""A chapter whose exercises build on each other, for tests of what a mistake costs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.kernel.limits import Limits
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from tests.support.toy import KERNELSPEC, meta

NAME = "01_chain"
LIMITS = Limits(cell_seconds=30, notebook_seconds=200, folder_bytes=20_000_000, file_bytes=20_000_000)
SOLUTION_MARK = "solution-mark-c4a1"
POINTS = {
    "test-square": 3.0,
    "test-norm": 4.0,
    "test-unit": 2.0,
    "test-power": 1.0,
    "test-triple": 2.0,
    "test-undo": 2.0,
    "test-best": 3.0,
}
ANSWERS = {
    "square": "def square(x):\n    return x * x",
    "norm": "def norm(v):\n    return math.sqrt(sum(square(x) for x in v))",
    "unit": "def unit(v):\n    length = norm(v)\n    return [x / length for x in v]",
    "power": "def power(x):\n    return square(x)",
    "triple": "def triple(x):\n    return x + x + x",
    "undo": "def undo(y):\n    return math.sqrt(y)",
    "best": "best = None\nbest = min(range(10), key=lambda x: square(x - 7))",
}
WRONG = {"square": "def square(x):\n    return x + x"}
"""The mistake that all tests of follow-through begin with."""


def _hidden(visible: str, hidden: str) -> str:
    return f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"


TESTS = {
    "test-square": _hidden("assert square(3) == 9", "assert square(-4711) == 22193521"),
    "test-norm": _hidden("assert norm([3.0, 4.0]) == 5", "assert norm([5.0, 12.0]) == 13"),
    "test-unit": "assert unit([3.0, 4.0]) == [0.6, 0.8]",
    # Nothing here tells power from square: another name for square is all that is asked for.
    "test-power": "assert power(3) == 9",
    "test-triple": "assert triple(5) == 15",
    # The test uses square, the solution does not.
    "test-undo": "for x in (1.0, 2.0, 5.0):\n    assert undo(square(x)) == x",
    "test-best": "assert best == 7",
}


def chain_notebook() -> NotebookNode:
    """The instructor version."""
    setup = "import math\nfrom autograder.testing import compare, hidden_case"
    cells = [new_code_cell(setup, id="setup", metadata=meta("setup", locked=True))]
    for name, answer in ANSWERS.items():
        first, _, rest = answer.partition("\n")
        indent = "" if name == "best" else "    "
        body = f"{indent}### BEGIN SOLUTION\n{indent}# {SOLUTION_MARK}\n{rest}\n{indent}### END SOLUTION"
        cells.append(new_code_cell(f"{first}\n{body}", id=name, metadata=meta(name, solution=True)))
        test = f"test-{name}"
        about = meta(test, grade=True, locked=True, points=POINTS[test])
        cells.append(new_code_cell(TESTS[test], id=test, metadata=about))
    notebook: NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})
    return notebook


def chain_course(root: Path) -> Course:
    """The course on disk."""
    (root / "notebooks").mkdir(parents=True)
    (root / "course.toml").write_text("")
    nbformat.write(chain_notebook(), root / "notebooks" / f"{NAME}.ipynb")
    return Course(root)


def answered(answers: Mapping[str, str] | None = None, source: NotebookNode | None = None) -> NotebookNode:
    """A submission: right answers, but for those that are given; None leaves the empty stub.

    Args:
        source: the instructor version; by default the chain's.
    """
    notebook = copy.deepcopy(student_edition(source or chain_notebook()))
    for name, cell in by_grade_id(notebook).items():
        if cell_info(cell).kind == "solution":
            cell.source = {**ANSWERS, **(answers or {})}[name]
    return notebook
