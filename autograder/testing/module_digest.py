"""A digest of what a module's functions do, by which a copy of it that was changed is told from the original."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any


def module_digest(name: str) -> str:
    """A digest of the functions, classes and constants that the module ``name`` has now.

    The same in every process with the same Python in which nobody has changed the module or given one of its names
    another value.

    Raises:
        ImportError: if there is no such module.
    """
    digest = hashlib.sha256()
    for part in _parts(importlib.import_module(name)):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def _parts(module: ModuleType) -> Iterator[str]:
    for name, value in sorted(vars(module).items()):
        if name.startswith("__"):
            continue
        yield name
        if isinstance(value, type) and value.__module__ == module.__name__:
            for member, held in sorted(vars(value).items()):
                yield member
                yield from _described(getattr(held, "fget", None) or getattr(held, "__func__", held), set())
        else:
            yield from _described(value, set())


def _described(value: Any, seen: set[int]) -> Iterator[str]:
    """What a value is: a function by its code and by the functions that it holds, anything else by its name or text."""
    if isinstance(value, FunctionType):
        if id(value) in seen:
            return
        seen.add(id(value))
        yield f"{value.__module__}.{value.__qualname__}"
        yield from _code(value.__code__)
        for held in (*(value.__defaults__ or ()), *_closure(value)):
            yield from _described(held, seen)
    elif isinstance(value, bool | int | float | str | bytes | None):
        yield repr(value)
    else:
        yield str(getattr(value, "__qualname__", getattr(value, "__name__", type(value).__qualname__)))


def _closure(function: FunctionType) -> Iterator[Any]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue


def _code(code: CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr((code.co_names, code.co_varnames, code.co_freevars))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        else:
            # A set's order differs between processes.
            yield repr(sorted(map(repr, constant)) if isinstance(constant, frozenset) else constant)
