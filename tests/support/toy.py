"""A two-exercise course that grades in a second, for tests of the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course

NAME = "01_toy"
KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}

SOLUTION = '''def double(x):
    """Return twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION'''

TEST = """assert double(1) == 2, "double(1) should be 2"
### BEGIN HIDDEN TESTS
secret = 4711
assert double(secret) == 9422, "hidden value 9422"
### END HIDDEN TESTS"""

MODEL_ANSWER = """Because it is added to itself.

=== BEGIN MARK SCHEME ===
2 points: says that x is added to itself.
=== END MARK SCHEME ==="""


def meta(grade_id: str, **flags: Any) -> dict[str, Any]:
    """nbgrader's metadata, schema version 3."""
    fields = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**fields, "grade_id": grade_id, **flags}}


def toy_notebook() -> NotebookNode:
    """The instructor version: given cell, two exercises with tests, an experiment, a written question; 10 points."""
    cells = [
        new_markdown_cell("# Toy", id="title"),
        new_code_cell("import math", id="setup", metadata=meta("setup", locked=True)),
        new_code_cell(SOLUTION, id="double", metadata=meta("double", solution=True)),
        new_code_cell(TEST, id="test-double", metadata=meta("test-double", grade=True, locked=True, points=5)),
        new_code_cell("print(double(21))", id="experiment"),
        new_code_cell(
            "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION",
            id="half",
            metadata=meta("half", solution=True),
        ),
        new_code_cell(
            "### AUTOTEST half(3)\n### BEGIN HIDDEN TESTS\n### HASHED AUTOTEST half(7)\n### END HIDDEN TESTS",
            id="test-half",
            metadata=meta("test-half", grade=True, locked=True, points=3),
        ),
        new_markdown_cell(
            MODEL_ANSWER, id="written-why", metadata=meta("written-why", grade=True, solution=True, points=2)
        ),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})


def toy_course(root: Path) -> Course:
    """A course on disk that holds only the toy chapter."""
    (root / "notebooks").mkdir(parents=True)
    (root / "_toc.yml").write_text("format: jb-book\nroot: book/index\n")
    (root / "autotests.yml").write_text((Path(__file__).parents[2] / "autotests.yml").read_text())
    nbformat.write(toy_notebook(), root / "notebooks" / f"{NAME}.ipynb")
    return Course(root)
