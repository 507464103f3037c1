"""Tables of a page that a phone can show.

A table of words becomes a list there if it does not fit: each row below the other, each cell on a line that begins with
the name of its column. A table of numbers stays one, and scrolls sideways.
"""

from __future__ import annotations

import html
import re
from itertools import count

_TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(?P<content>.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<td\b(?P<rest>[^>]*)>(?P<content>.*?)</td>", re.DOTALL)
_CLASS = re.compile(r'\bclass="')
_TAG = re.compile(r"<[^>]+>")
_LONG = 40  # characters
_FORMULA = "\\("
# A list that looks like one is still a table to who hears it.
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}
_START = re.compile(rf"<({'|'.join(_ROLES)})\b")


def with_tables_for_phones(body: str) -> str:
    """The HTML of a page in which long cells have the class ``long``, and tables of words the class ``words``.

    A table is one of words if it has names of columns and a long cell. Its cells have the name of their column in
    ``data-label``.
    """
    return _TABLE.sub(lambda table: _finished(table[0]), body)


def _finished(table: str) -> str:
    headings = [_text(found["content"]) for found in _HEADING.finditer(table)]
    rows = [[_text(cell["content"]) for cell in _CELL.finditer(row[0])] for row in _ROW.finditer(table)]
    words = len(headings) > 1 and any(len(text) > _LONG for row in rows for text in row)
    table = _ROW.sub(lambda row: _marked(row[0], headings if words else []), table)
    if not words:
        return table
    table = _with_class(table, "table", "words")
    return _START.sub(lambda start: f'{start[0]} role="{_ROLES[start[1]]}"', table)


def _marked(row: str, headings: list[str]) -> str:
    """A row in which long cells are marked, and each cell after the first has the name of its column."""
    places = count()

    def marked(cell: re.Match[str]) -> str:
        place = next(places)
        made = _with_class(cell[0], "td", "long") if len(_text(cell["content"])) > _LONG else cell[0]
        name = headings[place] if 0 < place < len(headings) else ""
        if not name or _FORMULA in name:
            return made
        return made.replace("<td", f'<td data-label="{html.escape(html.unescape(name))}"', 1)

    return _CELL.sub(marked, row)


def _with_class(element: str, tag: str, name: str) -> str:
    """An element whose first tag has one more class."""
    start, end = element[: element.index(">")], element[element.index(">") :]
    if _CLASS.search(start):
        return _CLASS.sub(f'class="{name} ', start, count=1) + end
    return f'<{tag} class="{name}"{start.removeprefix(f"<{tag}")}{end}'


def _text(content: str) -> str:
    return " ".join(_TAG.sub("", content).split())
