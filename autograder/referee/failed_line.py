"""Where in a test cell an error comes from, and whether students may read that line."""

from __future__ import annotations

import ast
import re

from nbformat import NotebookNode

from autograder.notebook.cells import HIDDEN_BEGIN, HIDDEN_END
from autograder.notebook.magics import python_source

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_FIRST_FRAME = re.compile(r"(?:Cell|Input) In\s?\[\d+\], line (\d+)")
_MOST = 300


def in_hidden_region(output: NotebookNode, cell: NotebookNode) -> bool:
    """True unless the error is known to come from a line that students see."""
    lines = cell.source.splitlines()
    if not any(HIDDEN_BEGIN in line for line in lines):
        return False
    number = _number(output, len(lines))
    if number is None:
        return True
    above = lines[:number]
    return sum(HIDDEN_BEGIN in line for line in above) > sum(HIDDEN_END in line for line in above)


def failed_statement(output: NotebookNode, cell: NotebookNode) -> str:
    """The statement of the cell in which an error was raised, of a compound one its line; empty where none is known."""
    lines = cell.source.splitlines()
    number = _number(output, len(lines))
    if number is None:
        return ""
    first, last = _statement(cell.source, number)
    statement = "\n".join(lines[first - 1 : last])
    return (lines[number - 1] if HIDDEN_BEGIN in statement else statement).strip()[:_MOST]


def _number(output: NotebookNode, count: int) -> int | None:
    frame = _FIRST_FRAME.search(_ANSI.sub("", "\n".join(output.get("traceback", []))))
    return int(frame[1]) if frame is not None and 1 <= int(frame[1]) <= count else None


def _statement(source: str, number: int) -> tuple[int, int]:
    """First and last line of the innermost simple statement around a line; the line itself where there is none."""
    try:
        nodes = [node for node in ast.walk(ast.parse(python_source(source))) if isinstance(node, ast.stmt)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return number, number
    around = [(n.lineno, n.end_lineno or n.lineno) for n in nodes if not hasattr(n, "body")]
    found = [(first, last) for first, last in around if first <= number <= last]
    return min(found, key=lambda lines: lines[1] - lines[0], default=(number, number))
