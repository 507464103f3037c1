"""Python's special methods as a grader may ask for them: what each name does to objects."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

COMPARISONS: Mapping[str, Callable[..., Any]] = {
    f"__{name}__": getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")
}
ARITHMETIC: Mapping[str, Callable[..., Any]] = {
    f"__{name.strip('_')}__": getattr(operator, name)
    for name in (
        "add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor", "lshift", "rshift"
    )
}  # fmt: skip
IN_PLACE: Mapping[str, Callable[..., Any]] = {
    f"__i{name[2:]}": getattr(operator, f"i{name.strip('_')}") for name in ARITHMETIC
}
OF_ONE: Mapping[str, Callable[..., Any]] = {
    "__len__": len,
    "__str__": str,
    "__repr__": repr,
    "__int__": int,
    "__float__": float,
    "__complex__": complex,
    "__index__": operator.index,
    "__abs__": abs,
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__invert__": operator.invert,
    "__round__": round,
    "__hash__": hash,
    "__format__": format,
    "__reversed__": reversed,
    "__getitem__": operator.getitem,
    "__setitem__": operator.setitem,
    "__delitem__": operator.delitem,
    "__enter__": lambda value: type(value).__enter__(value),
    "__exit__": lambda value, *error: type(value).__exit__(value, *error),
}
"""Of one object; an index, a value to put there or an error may come with it."""
QUERIES: Mapping[str, Callable[..., Any]] = {"__contains__": operator.contains, "__divmod__": divmod}

OF_TWO = {**COMPARISONS, **ARITHMETIC, **IN_PLACE, **QUERIES}
ALL: Mapping[str, Callable[..., Any]] = {**OF_ONE, **OF_TWO}
# Part of what an object is, and not served as an operation of their own.
TRAITS = ("__iter__", "__next__", "__bool__", "__call__")


def of_type(kind: type) -> list[str]:
    """The special methods that a class has beyond those of every object."""
    return [name for name in (*ALL, *TRAITS) if _has(kind, name)]


def _has(kind: type, name: str) -> bool:
    found = getattr(kind, name, None)
    return found is not None and found is not getattr(object, name, None)
