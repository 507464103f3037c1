"""Which functions of a library a student's code uses, aliases, imports and helper functions followed."""

from __future__ import annotations

import dis
import functools
import inspect
import linecache
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograder.testing.connection import beside_student
from autograder.testing.student_side.calls import is_cell

_LOADS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF"}
_ATTRIBUTES = {"LOAD_ATTR", "LOAD_METHOD"}
_LIBRARIES = ("numpy", "torch", "torch.linalg", "torch.nn.functional", "scipy.special", "scipy.signal")
_IGNORED = {"CACHE", "EXTENDED_ARG", "PUSH_NULL", "NOP"}


@beside_student
def library_uses(function: Any, libraries: Sequence[str], judged_elsewhere: Sequence[str] = ()) -> list[list[str]]:
    """The uses of some libraries in a function's code, and in the functions of the notebook that it calls.

    The code is read, not run. A name is followed to what it is bound to, so ``F.conv2d``, a global alias of it and an
    import inside the function are all found, and so is a function that is nothing but another name for one.

    Args:
        libraries: modules, with all they contain, or single functions: ``"torch"``, ``"numpy.tanh"``.
        judged_elsewhere: names of functions of the notebook that are not followed, and of methods, ``"Class.method"``.

    Returns:
        for each use its full name, the function it is in, and the line of code.
    """
    decorators, function = list(_decorators(function)), _unwrapped(function)
    own = _forbidden(libraries, *decorators, _own_name(function))
    uses = [[own, "the line that defines it", ""]] if own else []
    waiting = [one for one in _functions(function) if one is function or one.__qualname__ not in judged_elsewhere]
    seen = {id(one) for one in waiting}
    while waiting:
        student = waiting.pop(0)
        for path, named, line in _references(student):
            value = _unwrapped(named)
            used = _forbidden(libraries, path, _own_name(value))
            if used:
                uses.append([used, student.__qualname__, line])
                continue
            for helper in _functions(value):
                names = {helper.__qualname__, helper.__qualname__.partition(".")[0]}
                if (
                    id(helper) not in seen
                    and not names & set(judged_elsewhere)
                    and is_cell(helper.__code__.co_filename)
                ):
                    seen.add(id(helper))
                    waiting.append(helper)
    return uses


def _forbidden(libraries: Sequence[str], *paths: str | None) -> str | None:
    """The first of these full names that is in one of the libraries."""
    return next((p for p in paths if p and any(f"{p}.".startswith(f"{library}.") for library in libraries)), None)


def _unwrapped(value: Any) -> Any:
    """What a partial function, a vectorised one or a method calls; anything else itself."""
    while True:
        value = inspect.unwrap(value) if callable(value) else value
        inner = {functools.partial: "func", np.vectorize: "pyfunc", MethodType: "__func__"}.get(type(value))
        if inner is None:
            return value
        value = getattr(value, inner)


def _decorators(value: Any) -> Iterator[str | None]:
    """The full names of what the decorators of a function hold, such as the ``np.errstate`` that is one."""
    while isinstance(value, FunctionType) and hasattr(value, "__wrapped__"):
        for held in inspect.getclosurevars(value).nonlocals.values():
            yield from (_own_name(held), _own_name(type(held)))
        value = value.__wrapped__


def _functions(value: Any) -> list[FunctionType]:
    """A Python function itself; the methods of a class, or of the class of a callable object; else nothing."""
    if isinstance(value, FunctionType):
        return [value]
    called = getattr(type(value), "__call__", None)  # noqa: B004  (a class's own, not the type's)
    kind = value if isinstance(value, type) else type(value) if isinstance(called, FunctionType) else None
    methods = map(_plain_method, vars(kind).values()) if kind is not None else ()
    return [one for one in methods if one is not None]


def _plain_method(value: Any) -> FunctionType | None:
    value = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
    return value if isinstance(value, FunctionType) else None


def _references(function: FunctionType) -> Iterator[tuple[str, Any, str]]:
    """Every name that a function's code refers to: its full name, what it is bound to, and the line."""
    known = {**vars(sys.modules["builtins"]), **function.__globals__, **inspect.getclosurevars(function).nonlocals}
    for code in _codes(function.__code__):
        steps = [step for step in dis.get_instructions(code) if step.opname not in _IGNORED]
        line = code.co_firstlineno
        for at, step in enumerate(steps):
            line = (step.positions.lineno if step.positions else None) or line
            if step.opname == "IMPORT_NAME":
                for name in steps[at - 1].argval or ("",):  # what stands before import, in "from … import …"
                    yield f"{step.argval}.{name}".rstrip("."), None, _line(code, line)
            elif step.opname in _LOADS and step.argval in known:
                chain = []
                for after in steps[at + 1 :]:
                    if after.opname not in _ATTRIBUTES:
                        break
                    chain.append(after.argval)
                yield *_followed(step.argval, known[step.argval], chain), _line(code, line)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code and that of everything that is defined inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _followed(name: str, value: Any, chain: Sequence[str]) -> tuple[str, Any]:
    """The full name of ``name.first.second`` and what it is bound to; modules count under their own names."""
    path = _own_name(value) or name
    for attribute in chain:
        if not isinstance(value, ModuleType):
            return f"{path}.{attribute}", None
        value = getattr(value, attribute, None)
        path = value.__name__ if isinstance(value, ModuleType) else f"{path}.{attribute}"
    return path, value


def _own_name(value: Any) -> str | None:
    """Under which full name a library has a value; None where no library has it."""
    if isinstance(value, ModuleType):
        return value.__name__
    name, module = getattr(value, "__name__", None), getattr(value, "__module__", None)
    if not isinstance(name, str) or module == "__main__":
        return None
    own = f"{module}.{name}" if getattr(sys.modules.get(str(module)), name, None) is value else None
    if (own and "._" not in own) or not callable(value):
        return own
    # Functions in C may not say where they are from, or name an inner module: that of torch.linalg is torch._C._linalg.
    found = ((home, vars(sys.modules[home])) for home in _LIBRARIES if home in sys.modules)
    return next((f"{home}.{known}" for home, members in found for known, one in members.items() if one is value), own)


def _line(code: CodeType, number: int) -> str:
    return linecache.getline(code.co_filename, number).strip()
