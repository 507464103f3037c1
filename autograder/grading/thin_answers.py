"""Answers without work: an empty stub, another name for an earlier exercise's function, a wrapper that only calls it.

What is recognised here is the form. That an exercise cannot be passed by such an answer, in whatever form, is found out
by examining one: see :mod:`autograder.grading.reexamination`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection


def is_unwritten(source: str) -> bool:
    """True where every function and method of a cell still ends by raising NotImplementedError, or nothing is there."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    written = [statement for statement in body if not _is_text(statement)]
    return not written or (any(map(_is_empty, written)) and not any(map(_is_full, written)))


def _is_empty(statement: ast.stmt) -> bool:
    """True for ``raise NotImplementedError``, and for a function or class in which nothing else is done."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return _is_empty(statement.body[-1])
    if isinstance(statement, ast.ClassDef):
        return any(map(_is_empty, statement.body)) and not any(map(_is_full, statement.body))
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    named = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(named, ast.Name) and named.id == "NotImplementedError"


def _is_full(statement: ast.stmt) -> bool:
    """True for a function or class in which something is written."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return isinstance(statement, kinds) and not _is_empty(statement)


def only_passes_on(source: str, names: Collection[str]) -> bool:
    """True where all that a cell binds is one of ``names``, or a function that does nothing but call one of them.

    Args:
        source: of a student's cell; False where it is not plain Python, or binds nothing.
        names: what earlier exercises bind.
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    known, bound = set(names), False
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass) or _is_text(statement):
            continue
        name = _passed_on(statement, known)
        if name is None:
            return False
        known.add(name)
        bound = True
    return bound


def _passed_on(statement: ast.stmt, known: Collection[str]) -> str | None:
    """The name that a statement binds to something that is known or only calls it; None for any other statement."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
        thin = _is_known(value, known) or (isinstance(value, ast.Lambda) and _only_calls(value.body, known))
        return target.id if isinstance(target, ast.Name) and thin else None
    if isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
        return statement.name if _body_only_calls(statement.body, known) else None
    if isinstance(statement, ast.ClassDef):
        inherits = len(statement.bases) == 1 and _is_known(statement.bases[0], known)
        empty = all(isinstance(part, ast.Pass) or _is_text(part) for part in statement.body)
        return statement.name if inherits and empty else None
    return None


def _body_only_calls(body: list[ast.stmt], known: Collection[str]) -> bool:
    """True for ``return known(…)``, also by way of a variable."""
    match [part for part in body if not _is_text(part)]:
        case [ast.Return(value=ast.expr() as value)]:
            return _only_calls(value, known)
        case [ast.Assign(targets=[ast.Name(id=kept)], value=value), ast.Return(value=ast.Name(id=returned))]:
            return kept == returned and _only_calls(value, known)
    return False


def _only_calls(value: ast.expr, known: Collection[str]) -> bool:
    if not isinstance(value, ast.Call) or not _is_known(value.func, known):
        return False
    return all(map(_is_plain, [*value.args, *(keyword.value for keyword in value.keywords)]))


def _is_plain(argument: ast.expr) -> bool:
    """True for an argument that nothing is computed for."""
    if isinstance(argument, ast.Starred | ast.Attribute):
        return _is_plain(argument.value)
    return isinstance(argument, ast.Name | ast.Constant)


def _is_known(value: ast.expr, known: Collection[str]) -> bool:
    return isinstance(value, ast.Name) and value.id in known


def _is_text(statement: ast.stmt) -> bool:
    """True for a docstring, or an ellipsis."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
