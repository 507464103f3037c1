"""Execute an author's cell as IPython does, in this process."""

from __future__ import annotations

import ast
import asyncio
import inspect
import types
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

from autograder.notebook.magics import python_source


def run_cell(source: str, filename: str, names: dict[str, Any], writes: MutableMapping[str, Any] | None = None) -> Any:
    """Run a cell; the value of a last line that is an expression is the cell's.

    Args:
        names: what the cell and its functions see; they also get what the cell defines.
        writes: is told instead of ``names`` what the cell binds and deletes at its top level.
    """
    value = None
    for code in _compiled(source, filename):
        value = eval(code, names, names if writes is None else writes)
        if code.co_flags & inspect.CO_COROUTINE:
            value = asyncio.run(_ended(value))
    return value


# A batch runs the same cells for every submission.
@lru_cache(maxsize=1024)
def _compiled(source: str, filename: str) -> tuple[types.CodeType, ...]:
    """A cell's statements, and its last line by itself where that is an expression."""
    tree = ast.parse(python_source(source), filename)
    last = tree.body[-1] if tree.body else None
    parts: list[tuple[ast.Module | ast.Expression, str]] = [(tree, "exec")]
    if isinstance(last, ast.Expr):
        parts = [(ast.Module(tree.body[:-1], []), "exec"), (ast.Expression(last.value), "eval")]
    return tuple(compile(part, filename, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT) for part, mode in parts)


async def _ended(awaitable: Any) -> Any:
    return await awaitable


class StandIn:
    """Takes the place of IPython's shell in a cell that asks for it: it has no extensions and runs no magics."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


def display(*values: Any, **_: Any) -> None:
    """Print what a notebook would show."""
    print(*(repr(value) for value in values), sep="\n")


def interactive_names() -> dict[str, Any]:
    """What a notebook's cells find besides Python's own names."""
    return {"display": display, "get_ipython": lambda: StandIn()}
