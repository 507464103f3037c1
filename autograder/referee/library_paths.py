"""Functions and classes of libraries, which both processes have, by name."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

# Functions and classes of these may be named to the student's kernel, which has them, too.
LIBRARIES = frozenset(
    {"builtins", "math", "numpy", "torch", "networkx", "matplotlib", "scipy", "sklearn", "pandas", "statistics",
     "collections", "fractions", "decimal", "datetime", "operator", "itertools", "functools", "string", "random"}
)  # fmt: skip
# What crosses as data, and what a check must not take an object for.
_DATA = frozenset(
    {"int", "float", "complex", "str", "bytes", "bytearray", "bool", "list", "tuple", "dict", "set", "frozenset",
     "ndarray", "Tensor", "DataFrame", "Series", "Index"}
)  # fmt: skip


def library_path(value: Any) -> str | None:
    """``module:name`` of a function or class of a known library, or None."""
    if isinstance(value, np.ufunc):
        return f"numpy:{value.__name__}"
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.dtype):
        return f"torch:{str(value).removeprefix('torch.')}"
    short, name, module = (getattr(value, part, None) for part in ("__name__", "__qualname__", "__module__"))
    if torch is not None and isinstance(short, str) and getattr(torch, short, None) is value:
        return f"torch:{short}"
    if not isinstance(name, str) or not isinstance(module, str) or module.split(".")[0] not in LIBRARIES:
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{module}:{name}" if found is value else None


def class_at(path: str) -> type | None:
    """The class of a library that a student's kernel has named, if it is loaded here and no kind of data."""
    module, _, name = path.partition(":")
    if not module or module.split(".")[0] not in LIBRARIES | {"enum", "io", "types"} or module == "builtins":
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, type) and not any(base.__name__ in _DATA for base in found.__mro__) else None


def exception_at(path: str) -> type[Exception] | None:
    """The exception of Python or a library that a student's kernel has named, if it is loaded here."""
    module, _, name = path.partition(":") if ":" in path else ("builtins", "", path)
    # With exceptions of unittest and doctest an answer could end a test that uses them as if it had passed.
    if module.split(".")[0] not in (LIBRARIES | sys.stdlib_module_names) - {"unittest", "doctest"}:
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    fits = isinstance(found, type) and issubclass(found, Exception | SystemExit)
    return found if fits else None


def generator_tree(value: Any) -> dict[str, Any] | None:
    """A generator of random numbers as the student's kernel makes one like it; None for anything else."""
    if isinstance(value, np.random.Generator):
        return {"numpy_generator": _plain_state(value.bit_generator.state)}
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Generator):
        return {"torch_generator": value.get_state().tolist()}
    return None


def _plain_state(state: Any) -> Any:
    """A bit generator's state as JSON: arrays become lists."""
    if isinstance(state, Mapping):
        return {key: _plain_state(value) for key, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state
