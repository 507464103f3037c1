"""From the bytes of a file that anyone may have made to a notebook whose every part is of the right kind.

Nothing is taken over as it is: cells are built anew from the fields that nbformat 4.5 knows. What does not fit is left
out where grading can do without it, and otherwise is an error. The work grows with the size of the file and no faster.
"""

from __future__ import annotations

import json
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import NotebookError
from autograder.notebook.cell_metadata import cell_metadata, notebook_metadata
from autograder.notebook.decode import conflict_line, decoded
from autograder.notebook.inline_pictures import attached
from autograder.notebook.json_shape import json_shape

MAX_CELLS = 2_000
# Far beyond what Jupyter writes; outputs of a plot with 100 000 points have twice as many values.
MAX_VALUES, MAX_DEPTH = 1_000_000, 200
# Notebooks of version 3 go through nbformat's own conversion, which is slow.
_MAX_OLD_VALUES = 50_000
_MAX_DIGITS = 400
_CELL_TYPES = ("code", "markdown", "raw")
_MAX_ID = 64
_ID_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def parse_notebook(content: bytes, name: str) -> NotebookNode:
    """The notebook that a file holds, in version 4.5, without outputs.

    Args:
        content: of the file.
        name: of the file, for messages.

    Line ends are line feeds, pictures in the lines of a text are attachments, and a file in another encoding than UTF-8
    is read all the same, see :mod:`autograder.notebook.decode`.

    Raises:
        NotebookError: if it is not JSON, too deep, has too many values or cells, or is not a notebook of version 4 (or
            convertible to it).
    """
    try:
        text = decoded(content).text
    except UnicodeDecodeError as error:
        raise NotebookError(f"{name} cannot be read: {error}. Save it in Jupyter and hand it in again.") from error
    content = text.encode("utf-8", "surrogatepass")
    data = _json(content, text, name)
    major = data.get("nbformat") if isinstance(data, dict) else None
    if not isinstance(data, dict) or type(major) is not int or major not in (3, 4):
        shown = repr(major)[:100]
        raise NotebookError(f"{name} has notebook format {shown}; expected 4. Save it in a current Jupyter.")
    if major == 3:
        data = _converted(data, content, name)
    cells = data.get("cells")
    if not isinstance(cells, list):
        raise NotebookError(f"{name} has no list of cells. Save it in Jupyter and hand it in again.")
    if len(cells) > MAX_CELLS:
        raise NotebookError(
            f"{name} has {len(cells)} cells; expected at most {MAX_CELLS}. Remove those that answer no exercise."
        )
    parsed = [_cell(cell, name) for cell in cells]
    _give_ids(parsed)
    notebook: NotebookNode = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": notebook_metadata(data.get("metadata")), "cells": parsed}
    )
    return notebook


def _json(content: bytes, text: str, name: str) -> Any:
    shape = json_shape(content)
    if shape.values > MAX_VALUES or shape.depth > MAX_DEPTH:
        raise NotebookError(
            f"{name} holds {shape.values} values, {shape.depth} deep; expected at most {MAX_VALUES}, {MAX_DEPTH} deep. "
            "Clear its outputs and hand it in again."
        )
    try:
        return json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as error:
        line = conflict_line(text)
        if line is not None:
            raise NotebookError(
                f"{name} holds git's conflict markers, the first in line {line}: two versions were merged, and nobody "
                "chose between them. Expected one version; choose one, open it in Jupyter and hand it in again."
            ) from error
        raise NotebookError(
            f"{name} is not a complete notebook: {error.msg.removesuffix(' at')} at line {error.lineno}. "
            "Expected the JSON that Jupyter saves; download the file again."
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotebookError(f"{name} cannot be read: {error}. Save it in Jupyter and hand it in again.") from error


def _integer(text: str) -> int | str:
    """An integer; one that is longer than any number in a notebook stays text, since Python refuses to convert it."""
    return int(text) if len(text) <= _MAX_DIGITS else text


def _converted(data: dict[str, Any], content: bytes, name: str) -> dict[str, Any]:
    """A notebook of version 3 in version 4."""
    values = json_shape(content).values
    if values > _MAX_OLD_VALUES:
        raise NotebookError(
            f"{name} has notebook format 3 and {values} values; expected format 4, or at most {_MAX_OLD_VALUES} "
            "values. Save it in a current Jupyter."
        )
    _clear_outputs(data)
    try:
        converted: dict[str, Any] = nbformat.convert(nbformat.from_dict(data), 4)
    except Exception as error:
        # nbformat raises whatever comes up when a part is of another kind than it expects.
        reason = str(error)[:200]
        raise NotebookError(f"{name} cannot be converted to notebook format 4: {reason}.") from error
    return converted


def _clear_outputs(data: dict[str, Any]) -> None:
    """Leave out the outputs of a notebook of version 3: nbformat takes a millisecond for each that it cannot read."""
    for sheet in _dicts(data.get("worksheets")):
        for cell in _dicts(sheet.get("cells")):
            if "outputs" in cell:
                cell["outputs"] = []


def _dicts(items: Any) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _cell(cell: Any, name: str) -> dict[str, Any]:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _CELL_TYPES:
        raise NotebookError(f"{name} has a cell that is neither code, Markdown nor raw text.")
    kind, metadata = cell["cell_type"], cell_metadata(cell.get("metadata"))
    source = _text(cell.get("source")).replace("\r\n", "\n").replace("\r", "\n")
    # Colab keeps a cell's id among its metadata.
    parsed = {"cell_type": kind, "id": cell.get("id") or metadata.get("id"), "metadata": metadata, "source": source}
    if kind == "code":
        return {**parsed, "outputs": [], "execution_count": None}
    parsed["source"], attachments = attached(source, _attachments(cell.get("attachments")))
    return {**parsed, "attachments": attachments} if attachments else parsed


def _text(source: Any) -> str:
    """A text that may be in lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")


def _attachments(given: Any) -> dict[str, dict[str, str]]:
    """The files in a Markdown cell: for each name its content, as text, by media type."""
    if not isinstance(given, dict):
        return {}
    bundles = {name: bundle for name, bundle in given.items() if isinstance(bundle, dict)}
    return {
        name: {kind: _text(content) for kind, content in bundle.items() if isinstance(content, str | list)}
        for name, bundle in bundles.items()
    }


def _give_ids(cells: list[dict[str, Any]]) -> None:
    """Give each cell an id that is its own and of the right form; the first keeps one that several have."""
    seen: set[str] = set()
    for cell in cells:
        if not _is_id(cell["id"]) or cell["id"] in seen:
            cell["id"] = None
        else:
            seen.add(cell["id"])
    free = (name for number in range(2 * len(cells) + 1) if (name := f"cell-{number}") not in seen)
    for cell in cells:
        cell["id"] = cell["id"] or next(free)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_ID and _ID_CHARACTERS.issuperset(value)
