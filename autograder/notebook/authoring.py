"""Look an instructor notebook over: what keeps it from being released, and what its author may not have meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping

from nbformat import NotebookNode

from autograder.notebook.cells import cell_info
from autograder.notebook.exercise_labels import label_fault

# What the flags mean has not changed between them; the first had no field for the version.
_SCHEMAS = (1, 2, 3)
_FLAGS = ("grade", "solution", "locked")
_FIELDS = {*_FLAGS, "task", "schema_version", "grade_id", "points", "checksum", "cell_type"}
_GRADE_ID = re.compile(r"[A-Za-z0-9_-]+")


def faults(notebook: NotebookNode, points: float | None = None) -> tuple[str, ...]:
    """What is wrong with markers, points and nbgrader's metadata, a sentence each that names the cell.

    nbgrader refuses most of this, too, without saying where. It does not refuse an end marker without a beginning,
    although hidden tests whose first marker has a typing error would be released.

    Args:
        points: what the cells of a notebook that has points must add up to; None for whatever they do.
    """
    found = tuple(
        f"{_name(number, cell)} {fault}"
        for number, cell in enumerate(notebook.cells, start=1)
        for fault in (*_metadata_faults(cell), *_marker_faults(cell), *filter(None, (label_fault(cell),)))
    ) + tuple(_duplicates(notebook))
    # Only numbers can be added up.
    total = 0.0 if found else sum(cell_info(cell).points for cell in notebook.cells)
    odd = points is not None and total not in (0, points)
    return (*found, f"the points add up to {total:g}; course.toml says {points:g}.") if odd else found


def warnings(notebook: NotebookNode) -> tuple[str, ...]:
    """What its author may not have meant, a sentence each: a solution without markers."""
    return tuple(
        f"{_name(number, cell)} has no ### BEGIN SOLUTION, so students get nothing of it, not even a signature."
        for number, cell in enumerate(notebook.cells, start=1)
        if cell_info(cell).kind == "solution" and "BEGIN SOLUTION" not in cell.source
    )


def _name(number: int, cell: NotebookNode) -> str:
    """The cell as its author finds it: its grade id, or its number and first line."""
    grade_id = cell_info(cell).grade_id
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    return f"cell {grade_id!r}" if grade_id is not None else f"cell {number}, which begins with {first[:60]!r},"


def _duplicates(notebook: NotebookNode) -> Iterator[str]:
    seen: dict[str, int] = {}
    for number, cell in enumerate(notebook.cells, start=1):
        name = cell_info(cell).grade_id
        if name is None:
            continue
        if name in seen:
            yield f"two cells have the grade id {name!r}: number {seen[name]} and {number}. Give one of them another."
        seen[name] = number


def _metadata_faults(cell: NotebookNode) -> Iterator[str]:
    meta = cell.metadata.get("nbgrader")
    if meta is None:
        return
    if not isinstance(meta, dict):
        yield f"has {meta!r} as nbgrader metadata. Expected an object; set it in the Create Assignment panel."
        return
    schema = meta.get("schema_version", 1)
    if schema not in _SCHEMAS:
        yield (
            f"has nbgrader metadata of version {schema!r}. Expected 1, 2 or 3; convert the notebook with the nbgrader "
            "that wrote it."
        )
        return
    for flag in _FLAGS:
        if (schema == 3 or flag in meta) and not isinstance(meta.get(flag), bool):
            yield f"has {meta.get(flag)!r} as {flag!r} in its nbgrader metadata. Expected true or false."
    name = meta.get("grade_id")
    if any(meta.get(flag) for flag in _FLAGS) and (not isinstance(name, str) or not _GRADE_ID.fullmatch(name)):
        yield f"has the grade id {name!r}. Expected letters from a to z, digits, - and _."
    unknown = sorted(set(meta) - _FIELDS) if schema == 3 else []
    if unknown:
        yield f"has the field {unknown[0]!r} in its nbgrader metadata, which nbgrader does not know. Remove it."
    if "points" not in meta:
        if meta.get("grade") or meta.get("task"):
            yield "has no points. Write how many it earns into its nbgrader metadata; 0 is allowed."
    elif schema == 3 and not _is_amount(meta["points"]):
        yield f"has {meta['points']!r} points. Expected a number from 0 on."
    yield from _type_faults(cell, meta)


def _is_amount(points: object) -> bool:
    return isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points < math.inf


def _type_faults(cell: NotebookNode, meta: Mapping[str, object]) -> Iterator[str]:
    if meta.get("task"):
        if cell.cell_type != "markdown":
            yield f"is a task of type {cell.cell_type}. Expected Markdown."
    elif cell.cell_type == "markdown" and bool(meta.get("grade")) != bool(meta.get("solution")):
        yield ("is Markdown with only one of grade and solution. Expected both, for an answer in words, or neither.")


def _marker_faults(cell: NotebookNode) -> Iterator[str]:
    for words, belongs, where in _REGIONS:
        begin, end = f"BEGIN {words}", f"END {words}"
        inside = found = False
        for line in cell.source.splitlines():
            if begin in line:
                if inside:
                    yield f"has a second {begin} before {end}. Close the first region or remove one marker."
                inside = found = True
            elif end in line:
                if not inside:
                    yield f"has {end} without {begin}. Add the marker, or its content is released as it is."
                    break
                inside = False
        if inside:
            yield f"has {begin} without {end}. Add the marker behind the region."
        if found and not belongs(cell.metadata.get("nbgrader", {})):
            yield f"has {begin}, but is not {where}. Set its nbgrader metadata or remove the markers."


_REGIONS: tuple[tuple[str, Callable[[NotebookNode], bool], str], ...] = (
    ("SOLUTION", lambda meta: bool(meta.get("solution")), "marked as a solution"),
    ("HIDDEN TESTS", lambda meta: bool(meta.get("grade")), "marked as graded"),
    (
        "MARK SCHEME",
        lambda meta: bool(meta.get("task") or (meta.get("grade") and meta.get("solution"))),
        "an answer in words (graded and a solution) or a task",
    ),
)
