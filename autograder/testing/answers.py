"""Right and recognised wrong values of an exercise, computed by a reference or recorded in a file.

A reference is a function, named as ``"package.module:function"``. The wrong values come from a function of the same
module, ``function_mistakes``: it takes the same arguments and returns pairs of a mistake's name and a function without
arguments that computes what this mistake gives. A mistake may occur several times.

Recorded values are in the file ``recorded_values.json`` of the package that holds the reference's module. Where that is
a package called ``reference``, they are next to it: students get this file and not the references.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Formula = Callable[[], ArrayLike]
Formulas = Iterable[tuple[str, Formula]]

FILE = "recorded_values.json"
# Stands for "this mistake gives nothing here": no value of a student's has this shape.
NOTHING: NDArray[Any] = np.empty((0,) * 32)
_LARGEST = 4096


@dataclass(frozen=True)
class Answers:
    """What a function should return for some arguments, and what recognised mistakes make it return.

    Attributes:
        right: a number, a sequence or an array.
        wrong: for each mistake its values, or functions that compute them.
    """

    right: ArrayLike
    wrong: Mapping[str, Sequence[ArrayLike | Formula]]


def live_answers(reference: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Answers | None:
    """Answers from the reference itself; None where its module is not installed.

    Raises:
        AttributeError: if the module lacks the function.
        Exception: whatever the reference raises, or an import that it needs.
    """
    module, _, name = reference.partition(":")
    try:
        loaded = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        return None
    right = getattr(loaded, name)(*args, **kwargs)
    formulas: Formulas = getattr(loaded, f"{name}_mistakes", lambda *_, **__: ())(*args, **kwargs)
    wrong: dict[str, list[ArrayLike | Formula]] = {}
    for mistake, formula in formulas:
        wrong.setdefault(mistake, []).append(partial(_wrong, formula, right))
    return Answers(right, wrong)


def _wrong(formula: Formula, right: ArrayLike) -> NDArray[Any]:
    """The mistake's value; nothing where it has none (a kernel larger than the image, say) or where it is right."""
    try:
        with np.errstate(all="ignore"):
            value = np.asarray(formula())
    except (RuntimeError, ValueError, IndexError):
        return NOTHING
    same = value.shape == np.shape(right) and np.allclose(value, right, rtol=1e-6, atol=1e-9, equal_nan=True)
    return NOTHING if same else value


def recorded_answers(reference: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Answers | None:
    """Answers from the file of recorded values; None where it has none for exactly these arguments."""
    entry = _entries(package(reference)).get(key(reference, args, kwargs))
    if entry is None:
        return None
    return Answers(decode(entry["right"]), {name: list(map(decode, values)) for name, values in entry["wrong"].items()})


def known_answers(reference: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Answers | None:
    """The recorded answers, else those of the reference; None where there is neither.

    Raises what :func:`live_answers` raises.
    """
    return recorded_answers(reference, args, kwargs) or live_answers(reference, args, kwargs)


def package(reference: str) -> str:
    """The package that holds a reference's module, or holds the package ``reference`` which that module is in.

    Empty for a module that is in none, which has no recorded values.
    """
    return reference.partition(":")[0].rpartition(".")[0].removesuffix(".reference")


@cache
def _entries(name: str) -> dict[str, Any]:
    return read_entries(name) if name else {}


def recorded_file(name: str) -> Traversable:
    """Where the values of the references in the package called ``name`` are recorded."""
    return files(name) / FILE


def read_entries(name: str) -> dict[str, Any]:
    """Every entry of a package's recorded values, by key; empty where it has no such file."""
    where = recorded_file(name)
    entries: dict[str, Any] = json.loads(where.read_text(encoding="utf-8")) if where.is_file() else {}
    return entries


def key(reference: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """The key of an entry: module and function of the reference, and a digest of the arguments.

    Other arguments have another key: a case that was changed after recording has no recorded value.

    Raises:
        TypeError: if an argument is neither plain data nor an array.
    """
    parts = "\n".join(_described(value) for value in (tuple(args), dict(kwargs)))
    name = reference.removeprefix(f"{package(reference)}.")
    return f"{name} {hashlib.sha256(parts.encode()).hexdigest()[:16]}"


def _described(value: Any) -> str:
    """A text that differs for different data. Floats count to seven digits: the last ones depend on the processor."""
    if isinstance(value, (float, np.floating)):
        return f"{value:.6e}"
    if value is None or isinstance(value, (bool, int, str, np.integer, np.bool_)):
        return repr(value.item() if isinstance(value, np.generic) else value)
    if isinstance(value, np.ufunc):
        return f"numpy.{value.__name__}"
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return f"{dtype_name(value.dtype)}{value.shape}[{','.join(map(_described, value.ravel()))}]"
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__}({','.join(map(_described, value))})"
    if isinstance(value, dict):
        return f"dict({','.join(f'{_described(name)}:{_described(value[name])}' for name in sorted(value))})"
    raise TypeError(
        f"a visible case has an argument of type {type(value).__name__}; expected numbers, texts, arrays, "
        "functions of NumPy such as np.exp, and lists, tuples or dicts of them. Check other inputs with "
        "Exercise.check, which asks the reference."
    )


def dtype_name(dtype: np.dtype[Any], whole: type[np.integer[Any]] = np.intp) -> str:
    """The name of a dtype; that of plain whole numbers, which has 32 bits in a browser, is the same everywhere."""
    return "int64" if dtype == whole else str(dtype.name)


def encode(value: ArrayLike) -> dict[str, Any]:
    """A value as JSON: dtype, shape, and numbers that read back to the same bits.

    Raises:
        TypeError: if it does not consist of real numbers.
        ValueError: if it is too large for a file that is committed.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"a value to record has dtype {array.dtype}; expected numbers or truth values.")
    if array.size > _LARGEST:
        raise ValueError(f"a value to record has {array.size} numbers; at most {_LARGEST} fit. Make the case smaller.")
    return {"dtype": array.dtype.name, "shape": list(array.shape), "values": array.ravel().tolist()}


def decode(entry: Mapping[str, Any]) -> NDArray[Any]:
    """The array that :func:`encode` has written."""
    return np.array(entry["values"], dtype=entry["dtype"]).reshape(entry["shape"])
