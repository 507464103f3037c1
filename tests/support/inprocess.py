"""Run a chapter's given, solution and test cells in this process: fast enough for every named mistake.

Experiments and figures are left out, as is the kernel.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import os
from pathlib import Path

import matplotlib
import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
WRONG_ANSWERS = ROOT / "authoring" / "wrong_answers"


def run_chapter(
    notebook: NotebookNode, answers: dict[str, str] | None = None, training: bool = True
) -> dict[str, Exception | None]:
    """Execute the graded part of a chapter.

    Args:
        notebook: the instructor version, with solutions and hidden tests.
        answers: source to put into solution cells, by grade id.
        training: False leaves out the exercises tagged ``training``. They take seconds, and whether training
            survives a wrong answer elsewhere says nothing about a check.

    Returns:
        for each test cell, by grade id: None where it passed, else what it raised.
    """
    matplotlib.use("Agg")
    os.environ["WORKBOOK_EMBEDDED"] = "1"
    names: dict[str, object] = {"__name__": "__main__"}
    outcome: dict[str, Exception | None] = {}
    for cell in notebook.cells:
        meta = cell.metadata.get("nbgrader")
        if cell.cell_type != "code" or meta is None:
            continue
        grade_id = meta["grade_id"]
        if not training and is_training(cell):
            continue
        source = (answers or {}).get(grade_id, cell.source)
        error = execute(source, grade_id, names)
        if meta["grade"]:
            outcome[grade_id] = error
        elif error is not None and meta["locked"]:
            raise RuntimeError(f"the given cell {grade_id} failed") from error
    return outcome


def is_training(cell: NotebookNode) -> bool:
    """True for the cells of an exercise that trains a network for seconds."""
    return "training" in cell.metadata.get("tags", [])


def execute(source: str, grade_id: str, names: dict[str, object]) -> Exception | None:
    """Execute one cell in a notebook's names; return what it raised."""
    filename = f"<ipython-input-{grade_id}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, filename, "exec"), names)
    except Exception as error:
        return error
    return None


def read_chapter(name: str) -> NotebookNode:
    """The instructor version of the chapter called ``name``."""
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
