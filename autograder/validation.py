"""What a student runs before handing in: the notebook in a fresh kernel, and what its visible checks say."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.errors import NotebookError
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.limits import Limits
from autograder.kernel.session import execute
from autograder.notebook.cells import HIDDEN_BEGIN, cell_info
from autograder.notebook.inventory import differences
from autograder.referee.scoring import judge
from autograder.results import TaskResult


@dataclass(frozen=True)
class Validation:
    """The outcome of a notebook's visible checks.

    Attributes:
        tasks: one for each scored cell, written answers included.
        broken: other code cells that ended in an error, as ``(first line, error)``.
        fault: why the notebook could not be run to its end, or None.
        missing: grade ids of cells that were handed out and are gone.
        changed: grade ids of locked cells that no longer hold what was handed out.
        hidden: True where the notebook holds hidden tests, as an instructor's version does.
    """

    tasks: tuple[TaskResult, ...]
    broken: tuple[tuple[str, str], ...]
    fault: str | None
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def passed(self) -> bool:
        """True where every check is there and passed, and the notebook ran to its end."""
        whole = self.fault is None and not self.missing and not self.changed
        return whole and all(task.status in ("passed", "manual") for task in self.tasks)


def validate_notebook(path: Path, limits: Limits | None = None) -> Validation:
    """Run a notebook from top to bottom in a fresh kernel and collect what its checks say.

    Raises:
        NotebookError: if the file is not a notebook, or holds no check.
        KernelError: if no kernel can be started.
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise NotebookError(f"{path} does not exist. Give the path of the notebook you want to hand in.") from None
    except Exception as error:
        raise NotebookError(f"{path} is not a notebook ({error}). Open it in Jupyter and save it again.") from error
    if not any(cell_info(cell).scored for cell in notebook.cells):
        raise NotebookError(f"{path} holds no check. Expected a notebook of this course; download it again.")
    folder = path.resolve().parent
    course = Course.around(folder)
    code = NO_CODE if course is None else CourseCode(course.root, course.settings.startup)
    execution = execute(notebook, folder, limits, code.environment(os.environ.get("PYTHONPATH", "")))
    differs = differences(notebook)
    return Validation(
        judge(execution), _broken(execution.notebook), execution.fault, differs.missing, differs.changed,
        any(HIDDEN_BEGIN in cell.source for cell in notebook.cells),
    )  # fmt: skip


def _broken(executed: NotebookNode) -> tuple[tuple[str, str], ...]:
    """The first line and the error of each cell that stopped and is neither a test nor meant to stop."""
    broken = []
    for cell in executed.cells:
        expected = "raises-exception" in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or cell_info(cell).kind == "test" or expected:
            continue
        for output in cell.outputs:
            if output["output_type"] == "error":
                first_line = next(iter(cell.source.strip().splitlines()), "")
                error = f"{output['ename']}: {output['evalue']}".rstrip(": ")
                # A syntax error names the file that the kernel has made of the cell.
                broken.append((first_line, re.sub(r"\(\d+\.py, line (\d+)\)", r"(line \1 of the cell)", error)))
    return tuple(broken)
