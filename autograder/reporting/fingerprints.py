"""What is left of a student's code when comments, names and the order of statements are taken away.

Each statement of a cell, at any depth, becomes one text: its syntax tree without docstrings and annotations, with the
names that the cell itself binds numbered in the order in which the *statement* uses them. So renaming and reordering
change nothing, and an edited line changes one statement. Names of libraries and of given functions stay.
"""

from __future__ import annotations

import ast
import re

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info

_MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_COMMENT = re.compile(r"\s+|#.*")
_MAX_SOURCE = 100_000
_SILENT = (ast.Import, ast.ImportFrom, ast.Pass)
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)
# Blocks hold statements of their own; the rest changes nothing that the code does.
_BLOCKS = {"body", "orelse", "finalbody", "handlers", "cases"}
_LEFT_OUT = frozenset(_BLOCKS | {"annotation", "returns", "type_comment", "type_params", "ctx", "kind"})


def fingerprint(source: str) -> frozenset[str]:
    """The normalised statements of a cell.

    Code that is not Python is compared line by line, without comments and white space.
    """
    text = _MAGIC.sub("", source[:_MAX_SOURCE])
    try:
        nodes = list(ast.walk(ast.parse(text)))
        bound = _bound(nodes)
        return frozenset(
            _written(node, bound) for node in nodes if isinstance(node, ast.stmt) and _says_something(node)
        )
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(filter(None, (_COMMENT.sub("", line) for line in text.splitlines())))


def answers(notebook: NotebookNode) -> dict[str, frozenset[str]]:
    """The fingerprint of each answer in code of a notebook, by grade id."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell_info(cell).kind == "solution"]
    return {str(cell_info(cell).grade_id): fingerprint(cell.source) for cell in cells}


def _says_something(node: ast.stmt) -> bool:
    """False for docstrings, imports, ``pass`` and stubs."""
    if isinstance(node, _SILENT):
        return False
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return not (isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node))


def _bound(nodes: list[ast.AST]) -> frozenset[str]:
    """The names that the cell's own code gives to things; attributes that it sets are among them, with a dot."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, _DEFINITIONS):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
            names.add(f".{node.attr}")
    return frozenset(names)


def _written(statement: ast.stmt, bound: frozenset[str]) -> str:
    """A statement without what its blocks hold, as text."""
    words: list[str] = []
    _write(statement, bound, {}, words)
    return " ".join(words)


def _write(node: object, bound: frozenset[str], numbers: dict[str, str], words: list[str]) -> None:
    """Append the words of a node: its kind, then those of its fields, names numbered as they come."""
    if isinstance(node, ast.Name):
        _write(node.id, bound, numbers, words)
    elif isinstance(node, ast.Constant):
        words.append(_constant(node.value))
    elif isinstance(node, str):
        words.append(numbers.setdefault(node, f"_{len(numbers)}") if node in bound else node)
    elif isinstance(node, list):
        for part in node:
            _write(part, bound, numbers, words)
    elif isinstance(node, ast.Attribute):
        _write(node.value, bound, numbers, words)
        _write(f".{node.attr}", bound, numbers, words)
    elif isinstance(node, ast.AugAssign):
        # x += y is x = x + y with fewer letters.
        words.append("Assign")
        for part in (node.target, ast.BinOp(node.target, node.op, node.value)):
            _write(part, bound, numbers, words)
    elif isinstance(node, ast.AST):
        words.append(type(node).__name__)
        for field in node._fields:
            if field not in _LEFT_OUT:
                _write(getattr(node, field, None), bound, numbers, words)


def _constant(value: object) -> str:
    """A constant: 2 and 2.0 are the same, and so are all texts."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        try:
            return f"{float(value):.6g}"
        except OverflowError:
            return "huge"
    return "text" if isinstance(value, str) else str(value)
