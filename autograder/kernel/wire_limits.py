"""How much may cross between a grader and a student's kernel."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_BYTES = 256_000_000
MAX_INT_BITS = 4096
MAX_TREE_BYTES = 4_000_000
# Keys are compared when their hashes collide. So only few keys may cross, whose hashes cannot be made to collide; that
# of a tuple always can, so of these still fewer.
MAX_KEYS, MAX_KEY_INT = 20_000, 2**60
MAX_TUPLE_KEYS, MAX_KEY_PARTS = 1_000, 16
# An array without an element may have any shape, and as many rows as that says.
MAX_EMPTY_ROWS = 1_000_000


class WireError(ValueError):
    """A value that may not cross, or a message that is not well formed."""


@dataclass
class Allowance:
    """What a message, or all messages of one test cell, may still bring.

    Attributes:
        what: the one or the other, in words.
        nodes: values.
        size: bytes in texts and arrays, each time that one is referred to.
        keys, tuple_keys: members of sets and keys of dicts; those of them that are tuples.
    """

    what: str = "a message"
    nodes: int = MAX_NODES
    size: int = MAX_BYTES
    keys: int = MAX_KEYS
    tuple_keys: int = MAX_TUPLE_KEYS

    def take(self, nodes: int = 0, size: int = 0, keys: int = 0, tuple_keys: int = 0) -> None:
        """Use up some of it.

        Raises:
            WireError: if there is not so much left.
        """
        self.nodes -= nodes
        self.size -= size
        self.keys -= keys
        self.tuple_keys -= tuple_keys
        if min(self.nodes, self.size, self.keys, self.tuple_keys) < 0:
            raise WireError(f"{self.what} brings more {self._short_of()} than may cross")

    def take_value(self) -> None:
        """Use up one value, which is what happens most often.

        Raises:
            WireError: if there is none left.
        """
        self.nodes -= 1
        if self.nodes < 0:
            self.take()

    def _short_of(self) -> str:
        left = {"values": self.nodes, "bytes": self.size, "keys": self.keys, "keys that are tuples": self.tuple_keys}
        return next(name for name, number in left.items() if number < 0)


def for_a_test_cell() -> Allowance:
    """For all that one test cell receives; four times what the greediest of this repository's course needs."""
    return Allowance("a test cell", 10 * MAX_NODES, 1_000_000_000, 10 * MAX_KEYS, 5 * MAX_TUPLE_KEYS)


def require_keys(values: list[Any]) -> int:
    """Make sure that values are fit for a set or for a dict's keys.

    Returns:
        How many of them are tuples.

    Raises:
        WireError: if one is not text, a number, a symbol of SymPy's, or a short tuple of these.
    """
    if not all(_may_be_key(value) for value in values):
        raise WireError("a set or dict has keys of another kind than text, numbers and short tuples of these")
    return sum(isinstance(value, tuple) for value in values)


def _may_be_key(value: Any) -> bool:
    if isinstance(value, tuple):
        return _parts(value) <= MAX_KEY_PARTS and all(_may_be_key(part) for part in value)
    if isinstance(value, int):
        return -MAX_KEY_INT < value < MAX_KEY_INT
    if value is None or isinstance(value, str | bytes) or type(value) is _symbol():
        return True
    # Numbers of NumPy. Of complex ones, of large integers and of long doubles, thousands can be made that collide.
    short = getattr(value, "itemsize", 8) <= 8 and getattr(value, "dtype", None) is not None
    real = isinstance(value, float) or (short and value.dtype.kind in "iuf")
    return bool(real and value == value)


def _symbol() -> Any:
    """SymPy's class of symbols, whose hashes come from texts."""
    return getattr(sys.modules.get("sympy"), "Symbol", _symbol)


def _parts(value: Any) -> int:
    """How many values a tuple holds, those in tuples in it included; counted no further than the limit."""
    count, waiting = 0, [value]
    while waiting and count <= MAX_KEY_PARTS:
        for part in waiting.pop()[: MAX_KEY_PARTS + 1]:
            count += 1
            if isinstance(part, tuple):
                waiting.append(part)
    return count
