"""Hints in the book: below an exercise, folded, each step and each stuck place by itself."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from html import escape

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.testing.hints import ExerciseHints

_CODE = re.compile(r"`([^`]+)`")
_STEPS = ("a question", "what to look at", "how the code is built")


def with_folded_hints(page: NotebookNode, hints: Mapping[str, ExerciseHints]) -> NotebookNode:
    """A copy of a chapter's page with hints after the exercises that have some.

    Args:
        hints: by the id of the exercise's cell.
    """
    result = copy.deepcopy(page)
    cells = []
    for cell in result.cells:
        cells.append(cell)
        if cell.id in hints:
            cells.append(new_markdown_cell(folded(hints[cell.id]), id=f"hints-{cell.id}"[:64]))
    result.cells = cells
    return result


def folded(hints: ExerciseHints) -> str:
    """The hints as Markdown inside of HTML's own folds, which need no script and can be worked by keyboard.

    A blank line on either side of a tag lets the text between be read as Markdown, formulas included.
    """
    lines = ['<details class="hints">', f"<summary>Hints for {_as_html(f'`{hints.name}`')}</summary>", ""]
    for title, text in _parts(hints):
        lines += ["<details>", f"<summary>{_as_html(title)}</summary>", "", text, "", "</details>"]
    return "\n".join([*lines, "</details>"])


def _parts(hints: ExerciseHints) -> Iterator[tuple[str, str]]:
    for number, (what, text) in enumerate(zip(_STEPS, hints.steps, strict=True), start=1):
        yield f"Step {number}: {what}", text
    for place in hints.stuck:
        yield f"Stuck: {place.name}", place.advice


def _as_html(text: str) -> str:
    """A text with code in backticks, for a place where Markdown is not read."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))
