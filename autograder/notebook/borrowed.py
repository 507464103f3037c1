"""Answers that use the workbook's own reference implementations instead of computing anything.

The helper package holds independent implementations of what is asked for, because the visible checks need them on a
student's machine. What is found here is a hint for a person: a name can be hidden from any such search.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nbformat import NotebookNode

from autograder.notebook.cells import by_grade_id, info

_ORACLES = "workbook.oracles"
_CHECKS = "workbook.checks"
_LONGEST = 100_000
_OPENS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def borrowed_answers(notebook: NotebookNode) -> tuple[str, ...]:
    """The grade ids of answers that refer to an oracle, or to a check inside a function or class.

    A check that is called at the end of an answer's cell is a student who tries the answer out.

    Args:
        notebook: a reconciled submission; cells that are not plain Python are passed over.
    """
    cells = {name: cell for name, cell in by_grade_id(notebook).items() if cell.cell_type == "code"}
    trees = {name: _parsed(cell.source) for name, cell in cells.items()}
    oracles, checks = (_imported(trees.values(), package) for package in (_ORACLES, _CHECKS))
    return tuple(
        name
        for name, tree in trees.items()
        if info(cells[name]).kind == "solution" and (_uses(tree, oracles, _ORACLES) or _uses_inside(tree, checks))
    )


def _parsed(source: str) -> ast.AST:
    try:
        return ast.parse(source[:_LONGEST])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _imported(trees: Iterable[ast.AST], package: str) -> set[str]:
    """The names under which cells import a package, or something from it."""
    names: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                full = {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
            elif isinstance(node, ast.Import):
                full = {a.asname: a.name for a in node.names if a.asname}
            else:
                continue
            names |= {name for name, origin in full.items() if f"{origin}.".startswith(f"{package}.")}
    return names


def _uses(tree: ast.AST, names: set[str], package: str) -> bool:
    """True where code reads one of these names without having given it a meaning of its own, or names the package."""
    nodes = list(ast.walk(tree))
    own = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    imported = _imported([tree], package)
    return any(
        (isinstance(node, ast.Name) and node.id in (names - own) | imported)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str) and package in node.value)
        or (isinstance(node, ast.Attribute) and _is_package(node, package))
        for node in nodes
    )


def _is_package(node: ast.Attribute, package: str) -> bool:
    """True for ``workbook.oracles`` written out; a student's chain of attributes may be of any length."""
    value: ast.expr = node
    *rest, first = reversed(package.split("."))
    for name in rest:
        if not isinstance(value, ast.Attribute) or value.attr != name:
            return False
        value = value.value
    return isinstance(value, ast.Name) and value.id == first


def _uses_inside(tree: ast.AST, checks: set[str]) -> bool:
    return any(_uses(node, checks, _CHECKS) for node in ast.walk(tree) if isinstance(node, _OPENS))
