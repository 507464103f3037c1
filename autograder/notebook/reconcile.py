"""Bring a submission back into the shape of its source, so that what is scored is what the author wrote.

Locked cells, cell types and points come from the source; missing cells are added; of several cells with one
grade id the last counts in which something is written; cells that the source does not know lose their nbgrader
metadata; an answer in words that was written outside its cell is put into it. Every such repair is a flag for the
instructor, and none costs the student a point by itself.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.decode import conflict_line
from autograder.notebook.inventory import compared_text, handed_out_texts
from autograder.notebook.stray_answers import collect_stray_answers, is_empty


@dataclass(frozen=True)
class Reconciliation:
    """A submission ready to be executed.

    Attributes:
        notebook: the student's cells with the author's locked cells, hidden tests included.
        flags: the repairs, each ``kind:grade_id``, or ``kernel-changed:name``.
    """

    notebook: NotebookNode
    flags: tuple[str, ...]


def reconcile(submission: NotebookNode, source: NotebookNode) -> Reconciliation:
    """Repair a submission against its source.

    Args:
        submission: what the student handed in; left unchanged.
        source: the instructor notebook with AUTOTEST lines instantiated; left unchanged.
    """
    wanted = by_grade_id(source)
    flags: list[str] = []
    language = _language(submission)
    if language not in ("", _language(source) or "python"):
        flags.append(f"kernel-changed:{language}")

    cells = [copy.deepcopy(cell) for cell in submission.cells]
    for cell in cells:
        if not isinstance(cell.metadata.get("tags", []), list):
            del cell.metadata["tags"]
    flags += _drop_strangers_and_duplicates(cells, wanted)
    cells = [part for cell in cells for part in _restored(cell, wanted, flags)]
    cells = _with_missing(cells, source, flags)
    # Never a model answer: a student may have written the same.
    given = {compared_text(cell) for cell in source.cells if cell_info(cell).kind in ("other", "given")}
    # Text as it was handed out differs from the source's, which is written for the book.
    handed_out = handed_out_texts(submission)
    cells, moved = collect_stray_answers(cells, lambda cell: compared_text(cell) in given or handed_out(cell))
    flags += [f"answer-moved:{grade_id}" for grade_id in moved]
    flags += [f"conflict-markers:{name}" for name, cell in _named(cells) if conflict_line(cell.source)]
    if _order(cells, wanted) != list(wanted):
        flags.append("reordered-cells")

    notebook = NotebookNode({**source, "metadata": copy.deepcopy(source.metadata), "cells": _with_unique_ids(cells)})
    return Reconciliation(notebook, tuple(flags))


def _language(notebook: NotebookNode) -> str:
    """The language of a notebook's kernel in lower case, or empty where it names none; its name tells nothing."""
    kernel, info = notebook.metadata.get("kernelspec", {}), notebook.metadata.get("language_info", {})
    return str(info.get("name") or kernel.get("language") or "").lower()


def _drop_strangers_and_duplicates(cells: list[NotebookNode], wanted: dict[str, NotebookNode]) -> list[str]:
    flags = []
    seen: set[str] = set()
    answered = {cell_info(cell).grade_id for cell in cells if not is_empty(cell)}
    for cell in reversed(cells):
        grade_id = cell_info(cell).grade_id
        if grade_id is None:
            cell.metadata.pop("nbgrader", None)
        elif grade_id not in wanted:
            flags.append(f"unknown-cell:{grade_id}")
            cell.metadata.pop("nbgrader")
        elif grade_id in seen or (grade_id in answered and is_empty(cell)):
            flags.append(f"duplicate-cell:{grade_id}")
            cell.metadata.pop("nbgrader")
        else:
            seen.add(grade_id)
    return flags[::-1]


def _restored(cell: NotebookNode, wanted: dict[str, NotebookNode], flags: list[str]) -> list[NotebookNode]:
    """The cell with the author's metadata and, where it is locked, the author's text.

    What a student wrote into a locked text, perhaps an answer, comes after it in a cell of its own.
    """
    mine = cell_info(cell)
    if mine.grade_id is None:
        return [cell]
    author = wanted[mine.grade_id]
    theirs = cell_info(author)
    if cell.cell_type != author.cell_type:
        flags.append(f"cell-type-changed:{mine.grade_id}")
        cell = _new_cell(author, cell.source)
    if mine.points != theirs.points:
        flags.append(f"points-changed:{mine.grade_id}")
    edited = theirs.locked and compared_text(cell) != compared_text(author)
    if edited:
        flags.append(f"edited-locked-cell:{mine.grade_id}")
    written = (
        [_new_cell(author, cell.source)] if edited and cell.cell_type == "markdown" and cell.source.strip() else []
    )
    cell.metadata["nbgrader"] = copy.deepcopy(author.metadata["nbgrader"])
    if theirs.locked:
        cell.source = author.source
    return [cell, *written]


def _with_missing(cells: list[NotebookNode], source: NotebookNode, flags: list[str]) -> list[NotebookNode]:
    """Add each cell that the submission lacks behind the author's cell that comes before it."""
    result = list(cells)
    present = set(_grade_ids(result))
    previous: str | None = None
    for author in source.cells:
        grade_id = cell_info(author).grade_id
        if grade_id is None:
            continue
        if grade_id not in present:
            flags.append(f"missing-cell:{grade_id}")
            ids = _grade_ids(result)
            at = ids.index(previous) + 1 if previous is not None else 0
            # An author's answer must never be what is graded, so a missing answer is added empty.
            added = _new_cell(author, author.source if cell_info(author).locked else "")
            added.metadata["nbgrader"] = copy.deepcopy(author.metadata["nbgrader"])
            result.insert(at, added)
        previous = grade_id
    return result


def _named(cells: list[NotebookNode]) -> list[tuple[str, NotebookNode]]:
    """The cells that students write, by grade id."""
    return [(str(about.grade_id), cell) for cell in cells if (about := cell_info(cell)).grade_id and not about.locked]


def _grade_ids(cells: list[NotebookNode]) -> list[str | None]:
    """The grade id of each cell, None where it has none."""
    return [cell_info(cell).grade_id for cell in cells]


def _order(cells: list[NotebookNode], wanted: dict[str, NotebookNode]) -> list[str]:
    return [grade_id for grade_id in _grade_ids(cells) if grade_id in wanted]


def _new_cell(like: NotebookNode, source: str) -> NotebookNode:
    cell: NotebookNode = new_code_cell(source) if like.cell_type == "code" else new_markdown_cell(source)
    return cell


def _with_unique_ids(cells: list[NotebookNode]) -> list[NotebookNode]:
    seen: set[str] = set()
    for number, cell in enumerate(cells):
        if not isinstance(cell.get("id"), str) or not cell["id"] or cell["id"] in seen:
            cell["id"] = f"cell-{number}"
            while cell["id"] in seen:
                cell["id"] += "x"
        seen.add(cell["id"])
    return cells
