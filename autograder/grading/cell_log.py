"""What a submission has earned so far, in a file: the process that grades it may end at any moment."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import nbformat

from autograder.grading.grade_submission import GradedSubmission
from autograder.grading.worker_limits import limit_processor_time
from autograder.kernel.limits import Limits
from autograder.kernel.session import Execution
from autograder.notebook.cells import cell_info
from autograder.printable import printable
from autograder.referee.scoring import judge_cell
from autograder.results import TaskResult, from_json, to_json

# A check ends at its cell's time limit and a few seconds; only what cannot be interrupted gets this far.
_BEYOND_A_CELL_SECONDS = 60


class CellLog:
    """Follows the execution of one submission: writes down what its cells earn, and bounds what each may compute here.

    Args:
        path: of the file, which is made at once.
        limits: of the submission.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path, self._limits = path, limits
        path.touch()
        self.begins()

    def begins(self) -> None:
        """Let the next cell's check compute for as long as it may."""
        limit_processor_time(self._limits.threads * (self._limits.cell_seconds + _BEYOND_A_CELL_SECONDS))

    def ended(self, index: int, execution: Execution) -> None:
        """Write down what a scored cell has earned."""
        cell = execution.notebook.cells[index]
        if cell_info(cell).scored:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(printable(json.dumps(asdict(judge_cell(cell, index, execution)))) + "\n")

    def settled(self, graded: GradedSubmission) -> None:
        """Write down a result that stands, whatever becomes of this process."""
        partial = self._path.with_suffix(".partial")
        kept = {"result": to_json(graded.result), "notebook": graded.notebook, "words": dict(graded.words)}
        partial.write_text(json.dumps(kept), encoding="utf-8")
        partial.replace(_settled(self._path))


def _settled(path: Path) -> Path:
    return path.with_suffix(".settled")


def read_settled(path: Path) -> GradedSubmission | None:
    """The result that stands, or None where there is none yet."""
    file = _settled(path)
    if not file.is_file():
        return None
    kept = json.loads(file.read_text(encoding="utf-8"))
    notebook = None if kept["notebook"] is None else nbformat.from_dict(kept["notebook"])
    words = {name: tuple(asked) for name, asked in kept["words"].items()}
    return GradedSubmission(from_json(kept["result"]), notebook, words)


def remove_log(path: Path) -> None:
    """Remove what was written down."""
    path.unlink(missing_ok=True)
    _settled(path).unlink(missing_ok=True)


def read_log(path: Path) -> tuple[TaskResult, ...] | None:
    """What was written down, or None where nothing has begun. A line that is not complete does not count."""
    if not path.is_file():
        return None
    tasks = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            tasks.append(TaskResult(**json.loads(line)))
        except (ValueError, TypeError):
            break
    return tuple(tasks)
