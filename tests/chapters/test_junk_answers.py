"""Whatever a student's functions and methods return, a test cell passes or fails with a message of its check."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from nbformat import NotebookNode

from autograder.notebook.cells import cell_info
from autograder.testing import CheckFailed
from tests.chapters.test_answers import NAMES
from tests.support.inprocess import execute, is_training, read_chapter


class EveryKey(dict):
    """A dict that has whatever key is asked for, with None."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: object) -> None:
        return None


JUNK = {
    "None": None,
    "a text": "x",
    "nan": float("nan"),
    "a truth value": True,
    "an object": object(),
    "an empty list": [],
    "rows of different lengths": [[1.0], [2.0, 3.0]],
    "a pair": (1.0, 2.0),
    "three Nones": (None, None, None),
    "a complex array": np.array([1j]),
    "an empty array": np.zeros((0, 3)),
    "a dict without keys": {},
    "a dict of Nones": EveryKey(),
    "a module": torch.nn.Linear(2, 2),
}


def returning(junk: Any) -> Any:
    return lambda *_, **__: junk


def junk_of(source: str, names: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """What may stand in for the functions and classes of a solution: where, under which name, and the stand-in."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        methods = [part.name for part in node.body if isinstance(part, ast.FunctionDef) and part.name != "__init__"]
        for what, junk in JUNK.items():
            yield f"{node.name} gives {what}", node.name, returning(junk)
            for method in methods if isinstance(node, ast.ClassDef) else []:
                stand_in = type(node.name, (names[node.name],), {method: returning(junk)})
                yield f"{node.name}.{method} gives {what}", node.name, stand_in


@contextlib.contextmanager
def replaced(names: dict[str, Any], name: str, value: Any) -> Iterator[None]:
    original, names[name] = names[name], value
    try:
        yield
    finally:
        names[name] = original


def crashes(notebook: NotebookNode) -> dict[str, str]:
    """The visible test cells that end in anything but a failed check, with stand-ins for whatever they name.

    Hidden tests are left out: a hidden case turns whatever happens into a failed check.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    stand_ins: list[tuple[str, str, Any]] = []
    found: dict[str, str] = {}
    for cell in notebook.cells:
        about = cell_info(cell)
        if cell.cell_type != "code" or about.kind == "other" or is_training(cell):
            continue
        if about.kind != "test":
            assert execute(cell.source, str(about.grade_id), names) is None
            if about.kind == "solution":
                stand_ins += junk_of(cell.source, names)
            continue
        visible = cell.source.partition("### BEGIN HIDDEN TESTS")[0]
        used = {node.id for node in ast.walk(ast.parse(visible)) if isinstance(node, ast.Name)}
        for what, name, stand_in in stand_ins:
            if name not in used:
                continue
            with replaced(names, name, stand_in):
                error = execute(visible, str(about.grade_id), names)
            if not isinstance(error, CheckFailed | None):
                found[f"{about.grade_id}: {what}"] = f"{type(error).__name__}: {error}"
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_no_test_cell_crashes_on_a_junk_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBOOK_EMBEDDED", "1")
    monkeypatch.setenv("WORKBOOK_PROGRESS", "0")
    assert crashes(read_chapter(name)) == {}
