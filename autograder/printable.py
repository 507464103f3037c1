"""Make a text that someone else wrote safe to print: what cannot be seen, or moves what can be, becomes visible.

A student chooses names of files and folders, cell names, code, and what errors say. ESC in such a text recolours or
clears a terminal, a right-to-left mark turns ``exe.txt`` into ``txt.exe``, a line separator forges a line of a log.
Every text goes through :func:`printable` where it leaves for a terminal, a log, a page, a table or a JSON file. Inside
the program, and in what it keeps, a name stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# As escapes only: half of what these lines are about would not be seen here.
_CONTROLS = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Zero-width and blank characters, and blocks in which nothing has a shape that two machines agree on.
_INVISIBLE = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
)
_NO_SHAPE = r"\ud800-\udfff\ue000-\uf8ff\ufffe\uffff\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
_HIDDEN = re.compile(f"[{_CONTROLS}{_DIRECTIONS}{_INVISIBLE}{_NO_SHAPE}]")
# Flags of regions, such as Scotland's, are a black flag and letters that cannot be seen.
_FLAG = r"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f"
_JOINERS = r"\u200c\u200d"
_SPECIAL = re.compile(f"(?P<flag>{_FLAG})|[{_JOINERS}]|{_HIDDEN.pattern}")
_LETTERS_WITH_CASE = ("Ll", "Lu", "Lt")


def printable(text: str, *, lines: bool = False) -> str:
    r"""The text with each character that cannot be seen as its escape, such as ``\u202e``.

    Control characters, marks of direction, zero-width characters, separators of lines and halves of surrogate pairs
    are escaped. Letters of every script and emoji stay, and so do the joiners between them that Persian, Indic scripts
    and emoji need. The escapes are those of JSON, so a JSON text holds the same values afterwards.

    Args:
        text: from wherever.
        lines: True for a text of several lines: line feeds and tabs stay.
    """
    return escaped(text, lambda hidden: hidden if lines and hidden in "\n\t" else _json_escape(hidden))


def escaped(text: str, escape: Callable[[str], str]) -> str:
    """The text with what ``escape`` makes of each character that :func:`printable` would escape."""
    if text.isascii() and text.isprintable():
        return text

    def shown(match: re.Match[str]) -> str:
        found = match[0]
        return found if match["flag"] or (found in "\u200c\u200d" and _joins(match)) else escape(found)

    return _SPECIAL.sub(shown, text)


def _joins(match: re.Match[str]) -> bool:
    """True where a joiner is between two characters that it may join."""
    text, start = match.string, match.start()
    return 0 < start < len(text) - 1 and _joinable(text[start - 1]) and _joinable(text[start + 1])


def _joinable(character: str) -> bool:
    """True for emoji, their modifiers, and letters of scripts that have no capitals: only these use joiners."""
    return not (
        character.isascii()
        or character.isspace()
        or character in "\u200c\u200d"
        or _HIDDEN.match(character)
        or unicodedata.category(character) in _LETTERS_WITH_CASE
    )


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
