"""Which names a notebook's cell defines and uses, through the notebook's own functions as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType
from typing import Any


def parsed(source: str) -> ast.Module:
    """The syntax tree of a cell; an empty one where it has no valid syntax."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])


def defined_names(cell: ast.Module) -> set[str]:
    """What the cell binds outside of functions and classes."""
    return {name for statement in cell.body for name in _bound(statement)}


def first_argument(cell: ast.Module) -> str | None:
    """What the first call of the cell is about, as in ``check.conv2d(conv2d)`` or ``compare(call(conv2d, x), 2.0)``.

    Returns:
        a name; None if there is no call, or its first argument is not a name.
    """
    first: ast.expr | None = next((node for node in ast.walk(cell) if isinstance(node, ast.Call)), None)
    while isinstance(first, ast.Call):
        first = first.args[0] if first.args else None
    return first.id if isinstance(first, ast.Name) else None


def used_names(cell: ast.Module, namespace: Mapping[str, Any]) -> set[str]:
    """What the cell reads, and what the notebook's functions and classes among that read in their turn.

    Args:
        namespace: the notebook's.
    """
    waiting = [node.id for node in ast.walk(cell) if isinstance(node, ast.Name)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += (used for code in _codes(namespace.get(name), namespace) for used in _names(code))
    return found


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            yield from _bound(child)


def _codes(value: Any, namespace: Mapping[str, Any]) -> list[CodeType]:
    """The code of a function of the notebook, or of the methods of its class."""
    members = vars(value).values() if isinstance(value, type) else [value]
    return [
        member.__code__ for member in members if isinstance(member, FunctionType) and member.__globals__ is namespace
    ]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
