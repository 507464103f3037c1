"""Take out of a text what a student is not to read: places on the grader's machine, lines of hidden tests."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info, hidden_lines, visible_source

HIDDEN = "[a line of a hidden test is left out]"

# A folder and something in it: "/tmp/a1/mine/data.csv", "C:\\Users\\ta\\x.py". Not "and/or", "1/2/3" or a web address.
_PLACE = re.compile(
    r"(?<![\w.:/\\])(?:(?:/[\w.@+~%-]+)+/|[A-Za-z]:\\(?:[\w.@+~ -]+\\)+|\\\\[\w.-]+\\(?:[\w.@+~ -]+\\)*)"
)
# A shorter line ("x = 1") says nothing about a test, and an honest print may hold it.
_TELLING = 12


def hidden_text(notebook: NotebookNode) -> frozenset[str]:
    """The lines of an executed notebook's test cells that students are not given, without those too short to tell."""
    hidden: set[str] = set()
    given: set[str] = set()
    for cell in notebook.cells:
        if cell_info(cell).kind == "test":
            hidden.update(hidden_lines(cell.source))
            given.update(line.strip() for line in visible_source(cell.source).splitlines())
    return frozenset(line for line in hidden - given if len(line) >= _TELLING)


def redacted(text: str, hidden: Iterable[str] = ()) -> str:
    """The text without folders of the machine (a file's own name stays) and without lines that hold hidden ones."""
    for secret in hidden:
        if secret in text:
            text = "\n".join(HIDDEN if secret in line else line for line in text.split("\n"))
    return _PLACE.sub("…/", text)
