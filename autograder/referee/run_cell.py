"""Execute an author's cell as IPython does, in this process."""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import MutableMapping
from typing import Any

from autograder.notebook.magics import python_source


def run_cell(source: str, filename: str, names: dict[str, Any], writes: MutableMapping[str, Any] | None = None) -> Any:
    """Run a cell; the value of a last line that is an expression is the cell's.

    Args:
        names: what the cell and its functions see; they also get what the cell defines.
        writes: is told instead of ``names`` what the cell binds and deletes at its top level.
    """
    tree = ast.parse(python_source(source), filename)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return _run(tree, "exec", filename, names, writes)
    _run(ast.Module(tree.body[:-1], []), "exec", filename, names, writes)
    return _run(ast.Expression(last.value), "eval", filename, names, writes)


def _run(tree: Any, mode: str, filename: str, names: dict[str, Any], writes: MutableMapping[str, Any] | None) -> Any:
    code = compile(tree, filename, mode, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    value = eval(code, names, names if writes is None else writes)
    if code.co_flags & inspect.CO_COROUTINE:
        return asyncio.run(_ended(value))
    return value


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
