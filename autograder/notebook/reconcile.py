"""Bring a submission back into the shape of its source, so that what is scored is what the author wrote.

Locked cells, cell types and points come from the source; missing cells are added; of several cells with one
grade id the last counts, as in nbgrader; cells that the source does not know lose their nbgrader metadata. Every
such repair is a flag for the instructor, and none costs the student a point by itself.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.notebook.cells import by_grade_id, cell_info, visible_source


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
    kernel = submission.metadata.get("kernelspec", {}).get("name")
    expected_kernel = source.metadata.get("kernelspec", {}).get("name")
    if kernel != expected_kernel:
        flags.append(f"kernel-changed:{kernel}")

    cells = [copy.deepcopy(cell) for cell in submission.cells]
    for cell in cells:
        if not isinstance(cell.metadata.get("tags", []), list):
            del cell.metadata["tags"]
    flags += _drop_strangers_and_duplicates(cells, wanted)
    cells = [_restored(cell, wanted, flags) for cell in cells]
    cells = _with_missing(cells, source, flags)
    if _order(cells, wanted) != list(wanted):
        flags.append("reordered-cells")

    notebook = copy.deepcopy(source)
    notebook.cells = _with_unique_ids(cells)
    return Reconciliation(notebook, tuple(flags))


def _drop_strangers_and_duplicates(cells: list[NotebookNode], wanted: dict[str, NotebookNode]) -> list[str]:
    flags = []
    seen: set[str] = set()
    for cell in reversed(cells):
        grade_id = cell_info(cell).grade_id
        if grade_id is None:
            cell.metadata.pop("nbgrader", None)
        elif grade_id not in wanted:
            flags.append(f"unknown-cell:{grade_id}")
            cell.metadata.pop("nbgrader")
        elif grade_id in seen:
            flags.append(f"duplicate-cell:{grade_id}")
            cell.metadata.pop("nbgrader")
        else:
            seen.add(grade_id)
    return flags[::-1]


def _restored(cell: NotebookNode, wanted: dict[str, NotebookNode], flags: list[str]) -> NotebookNode:
    """The cell with the author's metadata and, where it is locked, the author's text."""
    mine = cell_info(cell)
    if mine.grade_id is None:
        return cell
    author = wanted[mine.grade_id]
    theirs = cell_info(author)
    if cell.cell_type != author.cell_type:
        flags.append(f"cell-type-changed:{mine.grade_id}")
        cell = _new_cell(author, cell.source)
    if mine.points != theirs.points:
        flags.append(f"points-changed:{mine.grade_id}")
    if theirs.locked and cell.source.strip() != visible_source(author.source):
        flags.append(f"edited-locked-cell:{mine.grade_id}")
    cell.metadata["nbgrader"] = copy.deepcopy(author.metadata["nbgrader"])
    if theirs.locked:
        cell.source = author.source
    return cell


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
