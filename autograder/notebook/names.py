"""Which names a cell reads, binds, imports and looks up by their text."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

from autograder.notebook.magics import python_source_or_none

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
# With these, a cell looks names up by their text.
_BY_TEXT = frozenset({"globals", "locals", "vars", "dir", "eval", "exec"})


# Trees and tables are large, names are not. A student's cell may be of any size, and is not to fill the memory.
_KEPT, _KEPT_TREES, _LONGEST = 4096, 64, 20_000
_F = TypeVar("_F", bound=Callable[..., Any])


def _kept(most: int) -> Callable[[_F], _F]:
    """Keep answers for sources of usual length: a batch asks the same of the author's cells for each submission."""

    def keep(function: _F) -> _F:
        known = lru_cache(most)(function)

        @wraps(function)
        def answer(source: str, *more: Any) -> Any:
            return (known if len(source) <= _LONGEST else function)(source, *more)

        return cast(_F, answer)

    return keep


@_kept(_KEPT)
def defined(source: str) -> frozenset[str]:
    """The names that a cell binds at its top level, or declares global in a function."""
    table = _table(source)
    if table is None:
        return frozenset()
    top = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    inner = {s.get_name() for scope in _scopes(table) for s in scope.get_symbols() if s.is_declared_global()}
    return frozenset(top | inner)


@_kept(_KEPT)
def used(source: str) -> frozenset[str]:
    """The global names that a cell reads, in its functions and classes, too, and does not bind itself."""
    table = _table(source)
    return frozenset() if table is None else frozenset(_read(table) - defined(source))


@_kept(_KEPT)
def read_first(source: str) -> frozenset[str]:
    """The global names that a cell may read or delete before it has bound them itself.

    What a function's body reads counts where the function is defined.
    """
    tree = _tree(source)
    return frozenset() if tree is None else frozenset(_first_of(tree.body, set()))


@_kept(_KEPT)
def named_in_texts(source: str) -> frozenset[str]:
    """The words in a cell's texts that may be names; none for a cell that looks no name up by its text."""
    tree = _tree(source)
    if tree is None:
        return frozenset()
    nodes = list(ast.walk(tree))
    by_text = any(isinstance(node, ast.Name) and node.id in _BY_TEXT for node in nodes)
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return frozenset(word for t in texts if by_text or t.startswith("__main__.") for word in _IDENTIFIER.findall(t))


@_kept(_KEPT)
def classes(source: str) -> frozenset[str]:
    """The names of the classes that a cell defines at its top level, and of what it makes with them there."""
    tree = _tree(source)
    body = [] if tree is None else tree.body
    kinds = {node.name for node in body if isinstance(node, ast.ClassDef)}
    made = {
        target.id
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
        for target in node.targets
        if isinstance(target, ast.Name) and node.value.func.id in kinds
    }
    return frozenset(kinds | made)


def import_statements(source: str) -> dict[str, ast.stmt]:
    """The import statement of each name that a cell imports at its top level; one with a star is ``* of module``."""
    tree = _tree(source)
    return {
        alias.asname or (f"* of {node.module}" if alias.name == "*" else alias.name.partition(".")[0]): node  # type: ignore[union-attr]
        for node in (tree.body if tree is not None else [])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


@_kept(_KEPT)
def definitions(source: str, wanted: frozenset[str]) -> str:
    """The imports, functions, classes and plain constants of a cell that bind wanted names, as Python."""
    tree = _tree(source)
    kept = [node for node in (tree.body if tree is not None else []) if _defines(node) and _bound_by(node) & wanted]
    return ast.unparse(ast.Module(kept, []))


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        try:
            ast.literal_eval(node.value)
        except ValueError:
            return False
        return True
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


@_kept(_KEPT_TREES)
def _tree(source: str) -> ast.Module | None:
    text = python_source_or_none(source)
    return None if text is None else ast.parse(text)


@_kept(_KEPT_TREES)
def _table(source: str) -> symtable.SymbolTable | None:
    text = python_source_or_none(source)
    try:
        return None if text is None else symtable.symtable(text, "<cell>", "exec")
    except SyntaxError:
        return None


def _read(table: symtable.SymbolTable) -> set[str]:
    top = {s.get_name() for s in table.get_symbols() if s.is_referenced()}
    return top | {s.get_name() for scope in _scopes(table) for s in scope.get_symbols() if s.is_global()}


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _scopes(child)


def _first_of(body: Iterable[ast.stmt], bound: set[str]) -> set[str]:
    """As :func:`read_first`, of statements; ``bound`` gets the names that they are sure to have bound."""
    first: set[str] = set()
    for statement in body:
        blocks = _blocks(statement)
        first |= _reads(_head(statement) if blocks else statement) - bound
        if isinstance(statement, ast.With | ast.AsyncWith):
            bound |= _bound_by(_head(statement))
        elif not blocks:
            bound |= _bound_by(statement)
            continue
        inside = bound | (_bound_by(_head(statement)) if isinstance(statement, ast.For | ast.AsyncFor) else set())
        for block in blocks:
            known = set(inside)
            first |= _first_of(block, known)
            if isinstance(statement, ast.With | ast.AsyncWith) and not _may_suppress(statement):
                bound |= known
    return first


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return []
    if isinstance(statement, ast.Match):
        return [case.body for case in statement.cases]
    handlers = [handler.body for handler in getattr(statement, "handlers", [])]
    return [
        *[block for name in ("body", "orelse") if (block := getattr(statement, name, []))],
        *handlers,
        *[block for block in [getattr(statement, "finalbody", [])] if block],
    ]


def _head(statement: ast.stmt) -> ast.stmt:
    """A compound statement without what is in its blocks."""
    parts: list[ast.expr] = [node for node in ast.iter_child_nodes(statement) if isinstance(node, ast.expr)]
    for item in getattr(statement, "items", []):
        parts += [item.context_expr, *([item.optional_vars] if item.optional_vars is not None else [])]
    for handler in getattr(statement, "handlers", []):
        parts += [handler.type] if handler.type is not None else []
    for case in getattr(statement, "cases", []):
        parts += [case.guard] if case.guard is not None else []
    # Targets stay targets.
    stores = [p for p in parts if isinstance(getattr(p, "ctx", None), ast.Store)]
    loads = [p for p in parts if p not in stores]
    return ast.fix_missing_locations(
        ast.If(
            ast.Constant(True),
            [ast.Expr(p) for p in loads] + [ast.Assign([t], ast.Constant(None)) for t in stores] or [ast.Pass()],
            [],
        )
    )


def _may_suppress(statement: ast.With | ast.AsyncWith) -> bool:
    """True where an error in the block may not end the cell."""
    names = " ".join(ast.unparse(item) for item in statement.items)
    return "raises" in names or "suppress" in names or "warns" in names


def _reads(statement: ast.stmt) -> set[str]:
    table = _table(ast.unparse(statement))
    nodes = list(ast.walk(statement))
    targets = {
        node.target.id for node in nodes if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
    }
    deleted = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
    return (set() if table is None else _read(table)) | targets | deleted


def _bound_by(statement: ast.stmt) -> frozenset[str]:
    return defined(ast.unparse(statement))
