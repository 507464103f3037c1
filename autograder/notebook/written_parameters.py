"""Which of their parameters the functions of a cell write into, such as a list that they sort in place."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import lru_cache

from autograder.notebook.magics import python_source_or_none

# Methods of lists, dicts, sets and arrays that change them. PyTorch's end in an underscore.
_METHODS = frozenset(
    {"append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "add", "discard",
     "setdefault", "popitem", "fill", "resize", "put", "itemset", "partition", "appendleft", "popleft", "rotate",
     "difference_update", "intersection_update", "symmetric_difference_update", "drop", "rename"}
)  # fmt: skip
# Functions that change their first argument.
_FUNCTIONS = frozenset({"shuffle", "heapify", "heappush", "heappop", "insort", "setattr", "delattr", "put", "copyto"})


@lru_cache(maxsize=4096)
def written_parameters(source: str) -> Mapping[str, tuple[int, ...]]:
    """For each function or method that a cell defines, the positions of the parameters that it writes into.

    ``self`` does not count. A function that writes into none is left out.
    """
    text = python_source_or_none(source)
    if text is None:
        return {}
    found = {}
    tree = ast.parse(text)
    methods = {id(part) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in node.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)][1 if id(node) in methods else 0 :]
            written = _written(node)
            places = tuple(at for at, name in enumerate(names) if name in written)
            if places:
                found[node.name] = places
    return found


def _written(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            names |= _owner(node.value)
        elif isinstance(node, ast.AugAssign):
            names |= _owner(node.target)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in _METHODS or (name.endswith("_") and not name.startswith("_")):
                names |= _owner(node.func.value)
            if name in _FUNCTIONS and node.args:
                names |= _owner(node.args[0])
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in _FUNCTIONS and node.args:
                names |= _owner(node.args[0])
            if isinstance(node.func, ast.Name):
                # A function that calls itself or another that writes.
                names |= {a.id for a in node.args if isinstance(a, ast.Name) and node.func.id == function.name}
    # A name that is given another meaning first is not the caller's any more.
    return names - _taken_over(function)


def _owner(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _taken_over(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {
        target.id
        for statement in function.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
