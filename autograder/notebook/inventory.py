"""What a student's notebook held when it was handed out, so that a cell that is gone or changed can be told from it."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import by_grade_id, cell_info

_KEY = "autograder"


@dataclass(frozen=True)
class Differences:
    """How a notebook differs from what was handed out, by grade id.

    Attributes:
        missing: cells that are gone.
        changed: locked cells with another text; the grader uses the original.
    """

    missing: tuple[str, ...]
    changed: tuple[str, ...]


def with_inventory(student: NotebookNode) -> NotebookNode:
    """A copy of a student edition whose metadata names its nbgrader cells, with a digest of those that are locked."""
    result = copy.deepcopy(student)
    result.metadata[_KEY] = {
        **result.metadata.get(_KEY, {}),
        "cells": {name: _digest(cell) for name, cell in by_grade_id(student).items()},
    }
    return result


def differences(notebook: NotebookNode) -> Differences:
    """Compare a notebook with its inventory; nothing differs where there is none, as in an instructor's version."""
    kept = notebook.metadata.get(_KEY)
    cells = kept.get("cells") if isinstance(kept, dict) else None
    inventory = cells if isinstance(cells, dict) else {}
    present = by_grade_id(notebook)
    return Differences(
        tuple(name for name in inventory if name not in present),
        tuple(n for n, digest in inventory.items() if digest and n in present and _digest(present[n]) != digest),
    )


def _digest(cell: NotebookNode) -> str:
    """A digest of a locked cell's text; empty for one that students write."""
    if not cell_info(cell).locked:
        return ""
    text = cell.source.replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
