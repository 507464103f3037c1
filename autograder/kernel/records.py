"""Namedtuples and plain dataclasses as data: a name, fields and values. No code of theirs crosses.

A dataclass is plain where its class defines nothing but its fields and what ``dataclass`` writes for them. One with a
method of its own is an object like any other.
"""

from __future__ import annotations

import collections
import dataclasses
import inspect
import keyword
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from autograder.kernel.wire_limits import WireError

_MOST_FIELDS, _LONGEST_NAME = 100, 100
_FLAGS = ("dataclass", "frozen", "order", "eq")


@dataclass(frozen=True)
class Shape:
    """What instances of a record's class have in common.

    Attributes:
        name: of the class.
        fields: in order.
        flags: empty for a namedtuple; of a dataclass those of ``dataclass, frozen, order, eq`` that hold.
    """

    name: str
    fields: tuple[str, ...]
    flags: tuple[str, ...]

    @classmethod
    def checked(cls, name: Any, fields: Any, flags: Any) -> Shape:
        """A shape that came from elsewhere.

        Raises:
            WireError: if names are not what Python allows, or there are too many.
        """
        names = [name, *fields] if isinstance(fields, list) else [None]
        if not all(map(_is_name, names)) or len(set(fields)) != len(fields) or len(fields) > _MOST_FIELDS:
            raise WireError("a record has no proper names")
        if not isinstance(flags, list) or not all(flag in _FLAGS for flag in flags):
            raise WireError("a record is of no known kind")
        return cls(name, tuple(fields), tuple(flags))


def _is_name(text: Any) -> bool:
    fits = isinstance(text, str) and len(text) <= _LONGEST_NAME and text.isascii() and text.isidentifier()
    return fits and not keyword.iskeyword(text) and not text.startswith("_")


def is_record(value: Any) -> bool:
    """True for a namedtuple, and for an instance of a plain dataclass."""
    kind = type(value)
    if isinstance(value, tuple):
        fields = getattr(kind, "_fields", None)
        fits = isinstance(fields, tuple) and len(fields) == len(value)
        return fits and tuple in kind.__bases__ and all(map(_is_name, (kind.__name__, *(fields or ()))))
    return dataclasses.is_dataclass(kind) and _is_plain(kind) and _has_its_fields(value)


def _is_plain(kind: type) -> bool:
    names = {f.name for f in dataclasses.fields(kind)}
    bases = [base for base in kind.__mro__ if base is not object]
    return (
        all(dataclasses.is_dataclass(base) and not _written(base, names) for base in bases)
        and all(f.init for f in dataclasses.fields(kind))
        and all(map(_is_name, (kind.__name__, *names)))
    )


def _written(kind: type, fields: set[str]) -> list[str]:
    """The names of code that a dataclass's author has written."""
    return [name for name, value in vars(kind).items() if name not in fields and _is_code(value)]


def _is_code(value: Any) -> bool:
    """True for what runs, unless ``dataclass`` has written it."""
    if isinstance(value, property | classmethod | staticmethod):
        return True
    if not callable(value) or isinstance(value, type):
        return False
    code = getattr(inspect.unwrap(value), "__code__", None)
    return getattr(code, "co_filename", "") not in ("<string>", dataclasses.__file__)


def _has_its_fields(value: Any) -> bool:
    """True where an instance holds its fields and nothing else."""
    held = getattr(value, "__dict__", None)
    names = {f.name for f in dataclasses.fields(value)}
    return all(hasattr(value, name) for name in names) and (held is None or set(held) == names)


def taken_apart(value: Any) -> tuple[str, list[str], list[Any], list[str]]:
    """Class name, fields, values and flags of a record."""
    kind = type(value)
    if isinstance(value, tuple):
        return kind.__name__, list(kind._fields), list(tuple.__iter__(value)), []
    names = [f.name for f in dataclasses.fields(value)]
    given = kind.__dataclass_params__
    flags = ["dataclass", *(flag for flag in _FLAGS[1:] if getattr(given, flag))]
    return kind.__name__, names, [getattr(value, name) for name in names], flags


def built(shape: Shape, values: Mapping[str, Any]) -> Any:
    """A record of a class that looks like the one it came from; two of the same shape have the same class."""
    return class_of(shape)(**values)


@lru_cache(maxsize=1024)
def class_of(shape: Shape) -> Any:
    """A class of this shape."""
    if not shape.flags:
        return collections.namedtuple(shape.name, shape.fields)
    frozen, order, eq = (flag in shape.flags for flag in _FLAGS[1:])
    fields: Sequence[tuple[str, type]] = [(name, object) for name in shape.fields]
    return dataclasses.make_dataclass(shape.name, fields, frozen=frozen, order=order and eq, eq=eq)
