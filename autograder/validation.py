"""What a student runs before handing in: the notebook in a fresh kernel, and what its visible checks say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.errors import NotebookError
from autograder.kernel.limits import Limits
from autograder.kernel.session import execute
from autograder.notebook.cells import info
from autograder.referee.judge import judge
from autograder.results import TaskResult


@dataclass(frozen=True)
class Validation:
    """The outcome of a notebook's visible checks.

    Attributes:
        tasks: one for each scored cell, written answers included.
        broken: other code cells that ended in an error, as ``(first line, error)``.
        fault: why the notebook could not be run to its end, or None.
    """

    tasks: tuple[TaskResult, ...]
    broken: tuple[tuple[str, str], ...]
    fault: str | None

    @property
    def passed(self) -> bool:
        """True where every automatic check passed and the notebook ran to its end."""
        return self.fault is None and all(task.status in ("passed", "manual") for task in self.tasks)


def validate_notebook(path: Path, limits: Limits | None = None) -> Validation:
    """Run a notebook from top to bottom in a fresh kernel and collect what its checks say.

    Raises:
        NotebookError: if the file is no notebook, or holds no check.
        KernelError: if no kernel can be started.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise NotebookError(f"{path} does not exist. Give the path of the notebook you want to hand in.") from None
    except Exception as error:
        raise NotebookError(f"{path} is not a notebook ({error}). Open it in Jupyter and save it again.") from error
    if not any(info(cell).scored for cell in notebook.cells):
        raise NotebookError(f"{path} holds no check. Expected a chapter of this workbook; download it again.")
    execution = execute(notebook, path.resolve().parent, limits)
    broken = []
    for cell in execution.notebook.cells:
        expected = "raises-exception" in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or info(cell).kind == "test" or expected:
            continue
        for output in cell.outputs:
            if output["output_type"] == "error":
                first_line = next(iter(cell.source.strip().splitlines()), "")
                broken.append((first_line, f"{output['ename']}: {output['evalue']}".rstrip(": ")))
    return Validation(judge(execution), tuple(broken), execution.fault)
