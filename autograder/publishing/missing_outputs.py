"""Pages of chapters that could not be executed: the text is all there, and a note says what is missing and why."""

from __future__ import annotations

import copy
import html

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from autograder.errors import BuildError

_NO_FIGURE = "No figure: the chapter was not executed."
_NOTE = """\
:::{{warning}}
The outputs and figures of this page are missing, because {reason} when the book was built. Text, exercises and checks
are complete. Run the notebook to see what it prints and draws.
:::"""


def without_outputs(source: NotebookNode) -> NotebookNode:
    """A copy of a chapter that takes the place of its run: no outputs, and an empty frame where a figure has a name.

    The frame keeps the figure's number and caption, so that links to it, on other pages too, lead somewhere.
    """
    result = copy.deepcopy(source)
    for cell in result.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [new_output("display_data", data={"image/svg+xml": _frame()})] if _is_figure(cell) else []
    return result


def with_missing_note(page: NotebookNode, reason: str) -> NotebookNode:
    """A copy of a page with a note under its title that says why it has no outputs.

    Args:
        page: made from :func:`without_outputs`; left unchanged.
        reason: half a sentence, such as "its run ended early".

    Raises:
        BuildError: if no cell begins with a title.
    """
    result = copy.deepcopy(page)
    for cell in result.cells:
        if _is_figure(cell):
            cell.metadata["mystnb"]["image"] = {**cell.metadata["mystnb"].get("image", {}), "alt": _NO_FIGURE}
    for index, cell in enumerate(result.cells):
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            result.cells.insert(index + 1, new_markdown_cell(_NOTE.format(reason=reason), id="missing-outputs"))
            return result
    raise BuildError("no cell begins with a title. Expected a Markdown cell whose first line is '# Title'.")


def _is_figure(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and bool(cell.metadata.get("mystnb", {}).get("figure"))


def _frame() -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 120" width="480" height="120">'
        '<rect x="1" y="1" width="478" height="118" fill="none" stroke="#767676" stroke-dasharray="6 4"/>'
        '<text x="240" y="65" text-anchor="middle" font-family="sans-serif" font-size="16" fill="#767676">'
        f"{html.escape(_NO_FIGURE)}</text></svg>"
    )
