"""How much of what a notebook prints and shows is kept."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# Characters as they stand in a notebook file, figures as base64.
_MAX_CELL, _MAX_NOTEBOOK = 10_000_000, 50_000_000
_CUT = "\n[output cut here: the cell printed more than is kept]\n"
# What a line of a notebook file takes besides its text and half of its indentation.
_INDENT, _LINE = 4, 8


class OutputBudget:
    """Counts what is kept of a notebook's outputs: text for each cell, figures and the like for each cell, and all.

    Args:
        text: characters of printed text that are kept for each cell.
    """

    def __init__(self, text: int) -> None:
        self._most_text = text
        self._printed: dict[int, int] = defaultdict(int)
        self._shown: dict[int, int] = defaultdict(int)
        self._total = 0
        self._named: dict[str, tuple[int, int]] = {}

    def printed(self, cell: int, text: str) -> str:
        """What is kept of a text: all, its beginning with a line that says so, or nothing."""
        room = self._most_text - self._printed[cell]
        self._printed[cell] += len(text)
        kept = text if len(text) <= room else text[:room] + _CUT if room > 0 else ""
        size = written_size(kept, _MAX_NOTEBOOK)
        if size > _MAX_NOTEBOOK - self._total:
            return ""
        self._total += size
        return kept

    def shows(self, cell: int, content: Mapping[str, Any], *, update: bool = False) -> bool:
        """True where there is room for an output, which then counts as kept.

        Args:
            cell: the cell that is executed.
            content: of the kernel's message.
            update: True where it only takes the place of outputs that bear the same display id.
        """
        name = (content.get("transient") or {}).get("display_id")
        places, before = self._named.get(name, (0, 0)) if name else (0, 0)
        # An output with a name that is there already takes the place of all others of that name, too.
        there = places + (not update)
        size = written_size(content, _MAX_CELL)
        more = size * there - before * places
        if more > min(_MAX_CELL - self._shown[cell], _MAX_NOTEBOOK - self._total):
            return False
        self._shown[cell] += more
        self._total += more
        if name and there:
            self._named[name] = there, size
        return True


def written_size(value: Any, most: int) -> int:
    """How many characters a value takes in a notebook file, roughly; counted no further than just beyond ``most``."""
    total, waiting = 0, [(value, _INDENT)]
    while waiting and total <= most:
        item, depth = waiting.pop()
        if isinstance(item, str):
            # Each line of a text stands on a line of its own.
            total += len(item) if len(item) > most else len(json.dumps(item)) + item.count("\n") * (depth + _LINE)
        elif isinstance(item, Mapping | list):
            total += len(item) * (depth + _LINE)
            if total <= most:
                waiting += [(part, depth + 1) for part in item]
                waiting += [(part, depth + 1) for part in item.values()] if isinstance(item, Mapping) else []
        else:
            total += len(str(item))
    return total
