"""What a student's notebook held when it was handed out: which cells, for how many points, which experiments and texts.

A cell that is gone or changed can be told from it, experiments that need not run, and the author's texts from a
student's. A student can change it: no point depends on it.
"""

from __future__ import annotations

import copy
import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from autograder.notebook.cells import by_grade_id, cell_info, visible_source
from autograder.notebook.inline_pictures import attached

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
    """A copy of a student edition whose metadata names its nbgrader cells, with a digest of those that are locked.

    It also has the points of checks and of answers in words, digests of the experiments that no check needs, and of
    the cells that have no grade id.
    """
    result = copy.deepcopy(student)
    about = result.metadata.get(_KEY, {})
    cells = by_grade_id(student)
    worth = {name: info for name, cell in cells.items() if (info := cell_info(cell)).scored}
    result.metadata[_KEY] = {
        **about,
        "cells": {name: _digest(cell) for name, cell in cells.items()},
        "checks": {name: info.points for name, info in worth.items() if info.kind == "test"},
        "in_words": {name: info.points for name, info in worth.items() if info.kind != "test"},
        "released_experiments": [_text_digest(cell) for cell in student.cells if _is_experiment(cell)]
        if about.get("experiments") == "independent"
        else [],
        "texts": [_digested(compared_text(cell)) for cell in student.cells if cell_info(cell).grade_id is None],
    }
    return result


def differences(notebook: NotebookNode) -> Differences:
    """Compare a notebook with its inventory; nothing differs where there is none, as in an instructor's version."""
    inventory = _kept(notebook, "cells", dict)
    present = by_grade_id(notebook)
    return Differences(
        tuple(name for name in inventory if name not in present),
        tuple(n for n, digest in inventory.items() if digest and n in present and _digest(present[n]) != digest),
    )


@dataclass(frozen=True)
class MissingChecks:
    """The checks among the cells that were handed out and are gone.

    Attributes:
        count: how many they are.
        points: what they are worth.
        in_words: what missing answers in words are worth.
    """

    count: int = 0
    points: float = 0.0
    in_words: float = 0.0


def missing_checks(notebook: NotebookNode) -> MissingChecks:
    """What :func:`differences` calls missing, as far as its points are known."""
    gone = set(differences(notebook).missing)

    def worth(key: str) -> list[float]:
        known = _kept(notebook, key, dict).items()
        return [float(points) for name, points in known if name in gone and isinstance(points, int | float)]

    return MissingChecks(len(worth("checks")), sum(worth("checks")), sum(worth("in_words")))


def released_experiments(notebook: NotebookNode) -> frozenset[int]:
    """Indices of experiments that no check needs and that stand as they were handed out."""
    known = {digest for digest in _kept(notebook, "released_experiments", list) if isinstance(digest, str)}
    return frozenset(
        index for index, cell in enumerate(notebook.cells) if _is_experiment(cell) and _text_digest(cell) in known
    )


def handed_out_texts(notebook: NotebookNode) -> Callable[[NotebookNode], bool]:
    """A function that tells whether a cell without a grade id is as it was handed out; False where nobody knows."""
    known = {digest for digest in _kept(notebook, "texts", list) if isinstance(digest, str)}
    return lambda cell: _digested(compared_text(cell)) in known


def compared_text(cell: NotebookNode) -> str:
    """The text that students get of a cell, without what tools change in saving: blanks, line ends, accents."""
    text, _ = attached(visible_source(cell.source), dict(cell.get("attachments", {})))
    return unicodedata.normalize("NFC", "\n".join(line.rstrip() for line in text.splitlines()).strip())


def _kept(notebook: NotebookNode, key: str, kind: type[Any]) -> Any:
    """A part of the inventory, empty where it is not what it should be."""
    about = notebook.metadata.get(_KEY)
    part = about.get(key) if isinstance(about, dict) else None
    return part if isinstance(part, kind) else kind()


def _is_experiment(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and cell_info(cell).kind == "other"


def _digest(cell: NotebookNode) -> str:
    """A digest of a locked cell's text; empty for one that students write."""
    return _text_digest(cell) if cell_info(cell).locked else ""


def _text_digest(cell: NotebookNode) -> str:
    return _digested(cell.source.replace("\r\n", "\n").strip())


def _digested(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
