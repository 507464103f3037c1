"""How many values a JSON text holds and how deep they are, found without building any of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

# It also matches a text that nobody has ended: otherwise each quotation mark in one would be tried in vain.
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKETS = b"[]{}"
_NOT_BRACKETS = bytes(set(range(256)) - set(_BRACKETS))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_MOST_COUNTED = 4_000_000


@dataclass(frozen=True)
class JsonShape:
    """The size of a JSON text.

    Attributes:
        values: at most so many values, those in lists and objects included.
        depth: how many lists and objects are in one another; 0 where there are too many to look.
    """

    values: int
    depth: int


def json_shape(content: bytes) -> JsonShape:
    """The shape of a JSON text; of bytes that are not JSON it is a bound all the same. Linear in their number."""
    bare = _TEXT.sub(b"", content)
    opened = bare.count(b"[") + bare.count(b"{")
    values = 1 + opened + bare.count(b",") + bare.count(b":")
    brackets = bare.translate(None, _NOT_BRACKETS)
    if len(brackets) > _MOST_COUNTED:
        return JsonShape(max(values, len(brackets)), 0)
    return JsonShape(values, max(accumulate(map(_STEP.__getitem__, brackets)), default=0))
