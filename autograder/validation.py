"""What a student runs before handing in: the notebook in a fresh kernel, and what its visible checks say."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.errors import NotebookError
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.limits import Limits
from autograder.kernel.session import Execution, execute
from autograder.notebook.cells import HIDDEN_BEGIN, cell_info
from autograder.notebook.inventory import MissingChecks, differences, missing_checks, released_experiments
from autograder.referee.scoring import judge, judge_cell
from autograder.results import TaskResult


@dataclass(frozen=True)
class BrokenCell:
    """A cell that is neither a check nor meant to stop, and stopped.

    Attributes:
        first_line: of its source.
        error: what it ended with.
    """

    first_line: str
    error: str


@dataclass(frozen=True)
class Validation:
    """The outcome of a notebook's visible checks.

    Attributes:
        tasks: one for each scored cell, written answers included.
        broken: other code cells that ended in an error.
        fault: why the notebook could not be run to its end, or None.
        missing: grade ids of cells that were handed out and are gone.
        changed: grade ids of locked cells that no longer hold what was handed out.
        hidden: True where the notebook holds hidden tests, as an instructor's version does.
        words: grade ids of answers in words, which a person reads.
        gone: the checks among what is missing, and what they and missing answers are worth.
    """

    tasks: tuple[TaskResult, ...]
    broken: tuple[BrokenCell, ...]
    fault: str | None
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    hidden: bool = False
    words: frozenset[str] = frozenset()
    gone: MissingChecks = field(default_factory=MissingChecks)

    @property
    def passed(self) -> bool:
        """True where every check is there and passed, and the notebook ran to its end."""
        whole = self.fault is None and not self.missing and not self.changed
        return whole and all(task.status in ("passed", "manual") for task in self.tasks)

    @property
    def checks(self) -> tuple[TaskResult, ...]:
        """The tasks that a check decides."""
        return tuple(task for task in self.tasks if task.grade_id not in self.words)

    @property
    def earned(self) -> float:
        """Points by the visible cases; a check that was changed does not count, since the grader has its original."""
        return sum(task.points for task in self.checks if task.grade_id not in self.changed)

    @property
    def possible(self) -> float:
        """Points of all checks that were handed out."""
        return sum(task.max_points for task in self.checks) + self.gone.points

    @property
    def in_words(self) -> float:
        """Points of the answers in words that were asked for."""
        return sum(task.max_points for task in self.tasks if task.grade_id in self.words) + self.gone.in_words


Tell = Callable[[TaskResult | BrokenCell], None]


def validate_notebook(
    path: Path, limits: Limits | None = None, *, quick: bool = False, tell: Tell = lambda _: None
) -> Validation:
    """Run a notebook from top to bottom in a fresh kernel and collect what its checks say.

    Args:
        quick: True leaves out experiments that were handed out and stand as they were, where no check needs them.
        tell: is told of each scored cell, and of each other cell that stopped, as soon as it has ended, in the order
            of the notebook. It is called in a thread of its own.

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
    teller = _Teller(tell)
    execution = execute(
        notebook, folder, limits, code.environment(os.environ.get("PYTHONPATH", "")),
        skip=released_experiments(notebook) if quick else (), follower=teller,
    )  # fmt: skip
    teller.tell_rest(execution)
    differs = differences(notebook)
    return Validation(
        judge(execution),
        tuple(filter(None, map(_broken, execution.notebook.cells))),
        execution.fault,
        differs.missing,
        differs.changed,
        any(HIDDEN_BEGIN in cell.source for cell in notebook.cells),
        frozenset(str(i.grade_id) for c in notebook.cells if (i := cell_info(c)).kind in ("manual", "task")),
        missing_checks(notebook),
    )


class _Teller:
    """Tells of cells in the order of the notebook.

    A cell counts as ended when the next one begins: what ended the whole run is known only at its end.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._told = 0
        self._ended: tuple[int, Execution] | None = None

    def begins(self) -> None:
        """Tell of the cells before."""
        if self._ended is not None:
            index, execution = self._ended
            self._tell_up_to(index + 1, execution)

    def ended(self, index: int, execution: Execution) -> None:
        """Remember how far it is."""
        self._ended = index, execution

    def tell_rest(self, execution: Execution) -> None:
        """Tell of all that is left."""
        self._tell_up_to(len(execution.notebook.cells), execution)

    def _tell_up_to(self, end: int, execution: Execution) -> None:
        for index in range(self._told, end):
            cell = execution.notebook.cells[index]
            found = judge_cell(cell, index, execution) if cell_info(cell).scored else _broken(cell)
            if found is not None:
                self._tell(found)
        self._told = max(self._told, end)


def _broken(cell: NotebookNode) -> BrokenCell | None:
    """What is to be said of a cell that stopped and is neither a test nor meant to stop."""
    expected = "raises-exception" in cell.metadata.get("tags", [])
    if cell.cell_type != "code" or cell_info(cell).kind == "test" or expected:
        return None
    errors = [output for output in cell.get("outputs", []) if output["output_type"] == "error"]
    if not errors:
        return None
    first_line = next(iter(cell.source.strip().splitlines()), "")
    name, text = errors[0]["ename"], errors[0]["evalue"]
    # What is said of an empty exercise is a sentence already.
    error = (text or "not written yet") if name == "NotImplementedError" else f"{name}: {text}".rstrip(": ")
    # A syntax error names the file that the kernel has made of the cell.
    return BrokenCell(first_line, re.sub(r"\(\d+\.py, line (\d+)\)", r"(line \1 of the cell)", error))
