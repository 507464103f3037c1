"""Values of Python's own library, pandas and SymPy as plainer ones, and back; each is a kind of its own on the wire.

Only exact types cross as what they are: an instance of a subclass could compare or print itself in another way.
"""

from __future__ import annotations

import collections
import datetime
import pathlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from autograder.kernel import pandas_values, sympy_values
from autograder.kernel.wire_limits import WireError

_LONGEST_NUMBER = 1000


@dataclass(frozen=True)
class _Codec:
    types: tuple[type, ...]
    reduce: Callable[[Any], Any]
    restore: Callable[[Any], Any]


def _fraction(content: Any) -> Fraction:
    top, bottom = content
    return Fraction(int(top), int(bottom))


def _decimal(text: Any) -> Decimal:
    if not isinstance(text, str) or len(text) > _LONGEST_NUMBER:
        raise WireError("a decimal number is not well formed")
    return Decimal(text)


def _time_as_text(value: Any) -> str:
    return f"{type(value).__name__} {value.isoformat()}"


def _time(text: Any) -> Any:
    kind, _, rest = text.partition(" ")
    known: dict[str, Any] = {"date": datetime.date, "datetime": datetime.datetime, "time": datetime.time}
    return known[kind].fromisoformat(rest)


_SIMPLE: dict[str, _Codec] = {
    "range": _Codec((range,), lambda r: [r.start, r.stop, r.step], lambda c: range(*map(int, c))),
    "fraction": _Codec((Fraction,), lambda f: [f.numerator, f.denominator], _fraction),
    "decimal": _Codec((Decimal,), str, _decimal),
    "time": _Codec((datetime.date, datetime.datetime, datetime.time), _time_as_text, _time),
    "span": _Codec(
        (datetime.timedelta,),
        lambda d: [d.days, d.seconds, d.microseconds],
        lambda c: datetime.timedelta(*map(int, c)),
    ),
    "path": _Codec((pathlib.PosixPath, pathlib.WindowsPath), str, lambda text: pathlib.Path(str(text))),
    "frozenset": _Codec((frozenset,), set, frozenset),
    "bytearray": _Codec((bytearray,), bytes, bytearray),
    "deque": _Codec(
        (collections.deque,), lambda d: [list(d), d.maxlen], lambda c: collections.deque(c[0], maxlen=c[1])
    ),
    "counter": _Codec((collections.Counter,), dict, collections.Counter),
    "ordered": _Codec((collections.OrderedDict,), dict, collections.OrderedDict),
    "keys": _Codec((type({}.keys()),), dict.fromkeys, lambda c: c.keys()),
    "values": _Codec((type({}.values()),), list, lambda c: dict(enumerate(c)).values()),
    "items": _Codec((type({}.items()),), dict, lambda c: c.items()),
}
_BY_TYPE = {kind: (name, codec.reduce) for name, codec in _SIMPLE.items() for kind in codec.types}

KINDS = (*_SIMPLE, "objects", *pandas_values.KINDS, sympy_values.KIND)
"""The kinds that :func:`restored` knows."""


def reduced(value: Any) -> tuple[str, Any] | None:
    """The kind of a value and what stands for it; None for one that is not of this module's types."""
    known = _BY_TYPE.get(type(value))
    if known is not None:
        name, reduce = known
        return name, reduce(value)
    if type(value) is np.ndarray and value.dtype.kind == "O":
        return "objects", [list(value.shape), list(value.ravel())]
    if "sympy" in sys.modules and (tree := sympy_values.reduced(value)) is not None:
        return sympy_values.KIND, tree
    return pandas_values.reduced(value) if "pandas" in sys.modules else None


def restored(kind: str, content: Any) -> Any:
    """The value that :func:`reduced` has taken apart; its parts are decoded already.

    Raises:
        WireError: if it is not well formed.
    """
    if kind == "objects":
        return _object_array(content)
    if kind == sympy_values.KIND:
        return sympy_values.restored(content)
    if kind in pandas_values.KINDS:
        return pandas_values.restored(kind, content)
    return _SIMPLE[kind].restore(content)


def _object_array(content: Any) -> Any:
    shape, items = content
    array = np.empty(len(items), dtype=object)
    for at, item in enumerate(items):
        array[at] = item
    return array.reshape(tuple(map(int, shape)))
