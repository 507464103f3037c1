"""The text of a file that any editor may have saved: UTF-8, with a mark or without, UTF-16, UTF-32, bytes of Windows.

Jupyter writes UTF-8. Editors and shells of Windows add a byte order mark, write UTF-16, or put single bytes of
Windows-1252 into a text that is otherwise UTF-8.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
# RFC 4627, section 3: JSON begins with two ASCII characters, so zero bytes tell the encoding where no mark does.
_BARE = ((b"{\0\0\0", "utf-32-le"), (b"\0\0\0{", "utf-32-be"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
# What `surrogateescape` makes of a byte that is not UTF-8, and the character that Windows-1252 has for it.
_WINDOWS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
_CONFLICT = re.compile(r"^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class DecodedText:
    """A file as text.

    Attributes:
        text: without a byte order mark.
        encoding: ``utf-8``, or what it was instead; ``windows-1252`` where single bytes of it are in a UTF-8 text.
    """

    text: str
    encoding: str


def decoded(content: bytes) -> DecodedText:
    """The text in a file. The work grows with its size and no faster.

    Raises:
        UnicodeDecodeError: if it is UTF-16 or UTF-32 by its first bytes and cannot be read as such.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], encoding)
    return _decoded(content, next((encoding for begin, encoding in _BARE if content.startswith(begin)), "utf-8"))


def _decoded(content: bytes, encoding: str) -> DecodedText:
    if encoding != "utf-8":
        return DecodedText(content.decode(encoding), encoding)
    try:
        return DecodedText(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return DecodedText(content.decode("utf-8", "surrogateescape").translate(_WINDOWS), "windows-1252")


def conflict_line(text: str) -> int | None:
    """The number of the first line that git wrote because two versions did not fit together, or None.

    There has to be a beginning and an end: a row of equals signs may underline a heading.
    """
    marks = [(mark[0][0], mark.start()) for mark in _CONFLICT.finditer(text)]
    start = next((at for sign, at in marks if sign == "<"), None)
    if start is None or not any(sign == ">" and at > start for sign, at in marks):
        return None
    return text.count("\n", 0, start) + 1
