"""Notebooks whose numbers differ from student to student, reproducibly.

A locked cell of the author's may hold the line ``STUDENT = "anonymous"  ### PER STUDENT``. In a student's own edition
and while that student's submission is graded it holds the student's name, from which the cells below derive seeds
(:func:`autograder.testing.seed.personal_seed`).
"""

from __future__ import annotations

import ast
import copy
import re

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info

# What the line names in the edition that is for nobody in particular.
ANYONE = "anonymous"
_LINE = re.compile(r'^(?P<name>STUDENT *= *)(?P<value>"(?:[^"\\\n]|\\.)*")(?P<mark> *### PER STUDENT *)$', re.MULTILINE)


def varies(notebook: NotebookNode) -> bool:
    """True for a notebook with a line that differs from student to student."""
    return any(_holds_line(cell) for cell in notebook.cells)


def personal_edition(notebook: NotebookNode, student: str) -> NotebookNode:
    """The notebook with a student's name in the marked line; the same object where there is none."""
    if not varies(notebook):
        return notebook
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        if _holds_line(cell):
            cell.source = _LINE.sub(lambda line: line["name"] + _literal(student) + line["mark"], cell.source)
    return result


def named_students(notebook: NotebookNode) -> set[str]:
    """The names in the marked lines of a notebook that was handed in."""
    lines = [line for cell in notebook.cells if _holds_line(cell) for line in _LINE.finditer(cell.source)]
    names = set()
    for line in lines:
        try:
            names.add(str(ast.literal_eval(line["value"])))
        except (ValueError, SyntaxError):
            names.add(line["value"])
    return names


def _literal(name: str) -> str:
    """The name as Python writes it between double quotes; escaped, no name can end the text or the line."""
    escaped = name.encode("unicode_escape").decode("ascii").replace('"', '\\"')
    return f'"{escaped}"'


def _holds_line(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and cell_info(cell).locked and _LINE.search(cell.source) is not None
