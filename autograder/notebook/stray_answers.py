"""Find answers in words that are not in their cell, and put them there, so that a person reads them.

Students write below the placeholder, above it, into the question, into a code cell, or delete the answer's cell and
make a new one. The placeholder alone would be an empty answer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Any

from nbformat import NotebookNode

from autograder.notebook.cells import UNTOUCHED_TEXT, cell_info

# The cell that Colab puts at the top of a notebook from GitHub.
_BADGE = "colab-badge.svg"
_LONGEST = 100_000
_STUB = re.compile(r"raise NotImplementedError(?:\(\))?\s*\Z")
_MAGIC = re.compile(r"[%!?]")
_OF_CODE = re.compile(r"[=\[\]{}@\\]|\w\(")


def is_empty(cell: NotebookNode) -> bool:
    """True where an answer's cell holds no answer: nothing, nbgrader's placeholder, or its stub at the end."""
    text = cell.source.strip()
    return text in ("", UNTOUCHED_TEXT) or (cell.cell_type == "code" and _STUB.search(text) is not None)


def collect_stray_answers(
    cells: Sequence[NotebookNode], given: Callable[[NotebookNode], bool]
) -> tuple[list[NotebookNode], tuple[str, ...]]:
    """The cells with texts moved into the empty answer that they are next to, and the grade ids of those answers.

    A text belongs to the cell with a grade id before it, else to the one behind it, if that is an answer in words in
    which nothing is written. The result may hold the same cells, changed.

    Args:
        cells: a reconciled submission's.
        given: tells whether a cell is as the author released it.
    """
    homes = _homes(cells)
    found: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        home = homes[index]
        if home is not None and _words(cell) and _BADGE not in cell.source and not given(cell):
            found.setdefault(home, []).append(index)
    for home, places in found.items():
        _move([cells[place] for place in places], cells[home])
    moved = {place for places in found.values() for place in places}
    kept = [cell for index, cell in enumerate(cells) if index not in moved]
    return kept, tuple(str(cell_info(cells[home]).grade_id) for home in sorted(found))


def _homes(cells: Sequence[NotebookNode]) -> list[int | None]:
    """For each cell without a grade id the place of the empty answer that a text in it would belong to."""
    graded = [cell_info(cell) for cell in cells]
    waits = [
        about.kind == "manual" and cell.cell_type == "markdown" and is_empty(cell)
        for about, cell in zip(graded, cells, strict=True)
    ]
    homes: list[int | None] = [None] * len(cells)
    # From behind first, so that the answer before a text has the last word.
    for order in (range(len(cells) - 1, -1, -1), range(len(cells))):
        nearest = None
        for index in order:
            if graded[index].grade_id is not None:
                nearest = index if waits[index] else None
            elif nearest is not None:
                homes[index] = nearest
    return homes


def _words(cell: NotebookNode) -> str:
    """What a cell says to a reader; of code, comments and texts alone, or what is prose and no Python."""
    text = str(cell.source).strip()
    if cell.cell_type != "code" or not text:
        return text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if all(line.startswith("#") for line in lines):
        return "\n".join(line.lstrip("#").strip() for line in lines)
    if len(text) > _LONGEST:
        return ""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        code = any(_MAGIC.match(line) or _OF_CODE.search(line) for line in lines)
        return text if len(text.split()) > 2 and not code else ""
    texts = [node.value.value for node in body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    return "\n\n".join(map(str, texts)) if len(texts) == len(body) and all(isinstance(t, str) for t in texts) else ""


def _move(texts: Sequence[NotebookNode], answer: NotebookNode) -> None:
    words: list[str] = []
    attachments: dict[str, Any] = dict(answer.get("attachments", {}))
    for number, cell in enumerate(texts, start=1):
        text = _words(cell)
        for name, kinds in cell.get("attachments", {}).items():
            free = name if name not in attachments else f"{number}-{name}"
            text = text.replace(f"attachment:{name}", f"attachment:{free}")
            attachments[free] = kinds
        words.append(text)
    answer.source = "\n\n".join(words)
    if attachments:
        answer["attachments"] = attachments
