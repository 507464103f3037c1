"""A graded notebook as formgrader, nbgrader's feedback and JupyterLab may show it: nothing of a student's acts there.

formgrader's pages belong to the instructor's own Jupyter server: a script in one may read its files and set points.
They show outputs and Markdown as they are and leave formulas to MathJax, whose macros can write links and styles. So
what comes from a student passes the sanitiser of the feedback pages and is stored as what that leaves. Only the
author's own text stays Markdown. What is left out is named in its place.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.notebook.cells import by_grade_id, cell_info
from autograder.printable import printable
from autograder.reporting.formulas import formula_picture
from autograder.reporting.markup import ALLOWED_TAGS, MAX_HTML, cut, plain, prose
from autograder.reporting.outputs import Budget, Display, alternative, as_text, clean
from autograder.reporting.pictures import PictureLeftOut, data_address

# Of one output, in characters; the kernel's own limit is far above what anyone reads.
MAX_TEXT = 40_000
# A person who grades by hand needs the figures of a whole chapter.
_MAX_PICTURES, _MAX_PICTURE_CHARACTERS = 200, 40_000_000
_NATIVE_PICTURES = ("image/png", "image/jpeg")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
# What Markdown could read as its own, and the newline that could end the block.
_NO_MARKDOWN = {ord(character): f"&#{ord(character)};" for character in "\n\r$\\`[]"}
_TAG = re.compile(r"(<[^>]*>)")
_TEX = re.compile(r"[$\\]")
# Layout, which every table of pandas brings, is not worth a line.
_NAMED_TAG = re.compile(r"<(?!/|style)([a-z][\w-]*)", re.IGNORECASE)


def safe_notebook(notebook: NotebookNode, edition: NotebookNode) -> NotebookNode:
    """The notebook with every cell, output, attachment and metadata of a student made harmless.

    Code is left as it is, since pages and JupyterLab show it as text. Only the author's metadata stays.

    Args:
        notebook: as grading left it; stays unchanged.
        edition: the author's own cells, see :func:`autograder.notebook.student_edition.gradebook_edition`.
    """
    display = Display(budget=Budget(_MAX_PICTURES, _MAX_PICTURE_CHARACTERS), draw=formula_picture)
    known = by_grade_id(edition)
    given = {cell.source.strip(): cell for cell in edition.cells if cell.cell_type == "markdown"}
    cells = [_cell(cell, known, given, display) for cell in notebook.cells]
    seen: set[str] = set()
    for number, (cell, original) in enumerate(zip(cells, notebook.cells, strict=True)):
        name = original.get("id")
        fits = isinstance(name, str) and _CELL_ID.fullmatch(name) and name not in seen
        cell.id = name if fits else f"cell-{number}-of-{len(cells)}"
        seen.add(cell.id)
    metadata = {key: value for key, value in edition.metadata.items() if key != "widgets"}
    made: NotebookNode = new_notebook(cells=cells, metadata=copy.deepcopy(metadata))
    return made


def safe_comment(text: str) -> str:
    """What a check said, for nbgrader, whose feedback pages read comments as Markdown with HTML and formulas.

    Where that would change the text, it is indented, which Markdown shows as it is.
    """
    shown = printable(text, lines=True)
    return "\n".join(f"    {line}" for line in shown.split("\n")) if re.search(r"[<>&\[\]$\\`]", shown) else shown


def _cell(
    cell: NotebookNode, known: Mapping[str, NotebookNode], given: Mapping[str, NotebookNode], display: Display
) -> NotebookNode:
    made: NotebookNode
    if cell.cell_type == "code":
        made = new_code_cell(cell.source, outputs=list(_outputs(cell, display)))
        count = cell.get("execution_count")
        made.execution_count = count if isinstance(count, int) else None
    elif cell.cell_type == "markdown" and (author := given.get(cell.source.strip())) is not None:
        # With the author's attachments, whatever was put under their names.
        made = new_markdown_cell(author.source)
        if "attachments" in author:
            made.attachments = copy.deepcopy(author.attachments)
    else:
        made = new_markdown_cell(_markdown_source(_text(cell, display)))
    author_of_it = known.get(cell_info(cell).grade_id or "")
    if author_of_it is not None:
        made.metadata["nbgrader"] = copy.deepcopy(author_of_it.metadata["nbgrader"])
    return made


def _text(cell: NotebookNode, display: Display) -> Markup:
    """A student's Markdown, rendered; a raw cell as the text that it is."""
    if cell.cell_type != "markdown":
        shown, note = cut(cell.source, MAX_TEXT)
        return Markup("<p><i>A raw cell, shown as text:</i></p>{}{}").format(plain(shown), note)
    attachments = cell.get("attachments")
    return prose(cell.source, attachments if isinstance(attachments, dict) else None, display.draw)


def _markdown_source(markup: Markup) -> str:
    """Markup as a Markdown cell that any renderer passes on as it is: one block of HTML in one line.

    An empty answer stays an empty cell.
    """
    return _without_formulas(markup).translate(_NO_MARKDOWN) if markup.strip() else ""


def _without_formulas(markup: str) -> str:
    """Markup in which MathJax finds no formula: it skips these classes, and a delimiter in an element of its own.

    The classes are those of its versions 2, in formgrader, and 3, in JupyterLab.
    """
    parts = _TAG.split(markup)
    parts[::2] = [_TEX.sub(r"<span>\g<0></span>", text) for text in parts[::2]]
    return f'<div class="tex2jax_ignore mathjax_ignore">{"".join(parts)}</div>'


def _outputs(cell: NotebookNode, display: Display) -> Iterator[NotebookNode]:
    alt = alternative(cell) or "A figure made by the code of this cell."
    for output in cell.get("outputs", []):
        kind, data = output.get("output_type"), output.get("data")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            yield new_output("stream", name=name, text=_shown(as_text(output.get("text", ""))))
        elif kind == "error":
            yield _error(output)
        elif isinstance(data, dict):
            yield new_output("display_data", data=_data(data, alt, display), metadata={})


def _error(output: Mapping[str, Any]) -> NotebookNode:
    """An error with its whole traceback as text: the person who grades may need it."""
    name, value = _shown(str(output.get("ename", ""))), _shown(str(output.get("evalue", "")))
    lines = output.get("traceback")
    trace = _shown("\n".join(map(str, lines))) if isinstance(lines, list) else ""
    made: NotebookNode = new_output(
        "error", ename=name, evalue=value, traceback=(trace or f"{name}: {value}").split("\n")
    )
    return made


def _data(data: Mapping[str, Any], alt: str, display: Display) -> dict[str, str]:
    """What was displayed, in one media type: text and pictures as what they are, everything else as sanitised HTML."""
    if set(data) == {"text/plain"}:
        return {"text/plain": _shown(as_text(data["text/plain"]))}
    for kind in _NATIVE_PICTURES:
        if kind in data:
            return _picture(kind, as_text(data[kind]), display)
    shown = display.data({str(kind): value for kind, value in data.items()}, alt) + _left_out(data.get("text/html"))
    return {"text/html": _without_formulas(shown)}


def _left_out(html: object) -> Markup:
    """A line that names the elements of an output that the sanitiser takes out."""
    found = {name.lower() for name in _NAMED_TAG.findall(as_text(html or "")[:MAX_HTML])}
    names = ", ".join(sorted(found - ALLOWED_TAGS))[:200]
    return Markup("<p><i>Left out of this output: {}.</i></p>").format(names) if names else Markup()


def _picture(kind: str, content: str, display: Display) -> dict[str, str]:
    try:
        address = data_address(kind, content)
    except PictureLeftOut as reason:
        return {"text/plain": str(reason)}
    if not display.budget.spend(address):
        return {"text/plain": "A picture is left out: the notebook has more than can be shown."}
    return {kind: address.partition(",")[2]}


def _shown(text: str) -> str:
    shown = printable(clean(text), lines=True)
    left = len(shown) - MAX_TEXT
    return f"{shown[:MAX_TEXT]}\n[cut here: {left} more characters]" if left > 0 else shown
