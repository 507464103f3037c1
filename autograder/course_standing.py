"""Where a student is in a course: every notebook of a folder, by its visible checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.errors import NotebookError
from autograder.grading.thin_answers import is_unwritten
from autograder.kernel.limits import Limits
from autograder.notebook.cells import cell_info
from autograder.notebook.inventory import missing_checks
from autograder.validation import Validation, validate_notebook


@dataclass(frozen=True)
class NotebookStanding:
    """One notebook.

    Attributes:
        name: its file's, without the ending.
        earned, possible, in_words: points by the visible cases, of all checks, and of answers in words.
        outcome: what its checks say, or None where nothing was run.
        fault: why it could not be run, or None.
    """

    name: str
    earned: float
    possible: float
    in_words: float
    outcome: Validation | None = None
    fault: str | None = None


def course_standing(folder: Path, limits: Limits | None = None) -> Iterator[NotebookStanding]:
    """Each notebook of a folder that holds checks, in the order of their names, as soon as it has run.

    Experiments are left out. Where no exercise has been begun, nothing is run.

    Raises:
        NotebookError: if there is no such folder, or it holds no notebook with checks.
        KernelError: if no kernel can be started.
    """
    if not folder.is_dir():
        raise NotebookError(f"{folder} is not a folder. Give the folder that holds the course's notebooks.")
    empty = True
    for path in sorted(folder.glob("*.ipynb")):
        try:
            notebook = nbformat.read(path, as_version=4)
        except Exception as error:
            empty = False
            yield NotebookStanding(path.stem, 0.0, 0.0, 0.0, fault=f"this is not a notebook ({error})")
            continue
        if any(cell_info(cell).scored for cell in notebook.cells):
            empty = False
            yield _begun(path, limits) if _is_begun(notebook) else _untouched(path.stem, notebook)
    if empty:
        raise NotebookError(f"{folder} holds no notebook with checks. Give the folder of the course's notebooks.")


def _begun(path: Path, limits: Limits | None) -> NotebookStanding:
    outcome = validate_notebook(path, limits, quick=True)
    return NotebookStanding(
        path.stem, outcome.earned, outcome.possible, outcome.in_words, outcome, outcome.fault
    )  # fmt: skip


def _untouched(name: str, notebook: NotebookNode) -> NotebookStanding:
    about = [cell_info(cell) for cell in notebook.cells]
    gone = missing_checks(notebook)
    possible = sum(i.points for i in about if i.kind == "test") + gone.points
    in_words = sum(i.points for i in about if i.kind in ("manual", "task")) + gone.in_words
    return NotebookStanding(name, 0.0, possible, in_words)


def _is_begun(notebook: NotebookNode) -> bool:
    answers = [cell for cell in notebook.cells if cell_info(cell).kind == "solution"]
    return not answers or not all(is_unwritten(cell.source) for cell in answers)
