"""Grade one submission: reconcile, execute, judge. A pure function of its inputs but for the kernel's work."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nbformat import NotebookNode

from autograder.digest import digest
from autograder.errors import NotebookError
from autograder.grading.submissions import Submission, read_notebook
from autograder.kernel.session import Limits, ManagerFactory, execute
from autograder.notebook.cells import by_grade_id, info
from autograder.notebook.reconcile import reconcile
from autograder.referee.judge import judge
from autograder.results import SubmissionResult, TaskResult

# Kernels of this engine are ordinary processes of the user who grades.
ISOLATION = "none"


@dataclass(frozen=True)
class Source:
    """The instructor's side of one chapter.

    Attributes:
        name: the chapter.
        notebook: its instructor version with AUTOTEST lines instantiated.
        key: a digest of the notebook and of everything its tests depend on.
    """

    name: str
    notebook: NotebookNode
    key: str


@dataclass(frozen=True)
class Graded:
    """A result, and the executed notebook it came from (None where nothing could be executed)."""

    result: SubmissionResult
    notebook: NotebookNode | None


def identify(submission: Submission, sources: Mapping[str, Source]) -> Submission:
    """Fill in the chapter a file belongs to: from its name, else the one with which it shares most grade ids."""
    if submission.assignment is not None:
        return submission
    try:
        mine = set(by_grade_id(read_notebook(submission.path)))
    except NotebookError:
        return submission
    shared = {name: len(mine & set(by_grade_id(source.notebook))) for name, source in sources.items()}
    best = max(shared, key=lambda name: shared[name], default=None)
    return replace(submission, assignment=best) if best is not None and shared[best] else submission


def submission_key(submission: Submission, source: Source, environment: Mapping[str, str]) -> str:
    """The digest of everything a result depends on."""
    try:
        content = submission.path.read_bytes()
    except OSError:
        content = b""
    settings = "\n".join(f"{name}={value}" for name, value in sorted(environment.items()))
    return digest(content, source.key, settings, ISOLATION)


def grade_submission(
    submission: Submission,
    source: Source,
    limits: Limits,
    environment: Mapping[str, str],
    make_manager: ManagerFactory | None = None,
) -> Graded:
    """Grade one submission; whatever is wrong with it is part of the result and never an exception.

    Args:
        environment: versions and limits, recorded in the result and part of its digest.
        make_manager: where kernels come from; default: each is started from scratch.

    Raises:
        KernelError: if no kernel can be started on this machine at all.
    """
    began = time.monotonic()
    blank = blank_result(submission, source, environment)
    try:
        notebook = read_notebook(submission.path)
    except NotebookError as error:
        return refused(blank, "unreadable", str(error))
    if not by_grade_id(notebook).keys() & by_grade_id(source.notebook).keys():
        fault = f"{submission.file} shares no cell with {source.name}. Expected the notebook that was released."
        return refused(blank, "wrong-notebook", fault)
    reconciled = reconcile(notebook, source.notebook)
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        execution = execute(reconciled.notebook, Path(folder), limits, make_manager=make_manager)
    flags = (*blank.flags, *reconciled.flags, *_faults(execution.fault, len(execution.timed_out)))
    result = replace(
        blank,
        tasks=_in_source_order(judge(execution), source),
        flags=flags,
        fault=execution.fault,
        seconds=round(time.monotonic() - began, 3),
    )
    return Graded(result, execution.notebook)


def blank_result(submission: Submission, source: Source | None, environment: Mapping[str, str]) -> SubmissionResult:
    """The result of a submission before anything was found out about it: no task is reached."""
    return SubmissionResult(
        student=submission.label,
        assignment=source.name if source else "unknown",
        tasks=_unreached(source, "Not reached.") if source else (),
        flags=("duplicate-submission",) if submission.copy > 1 else (),
        fault=None,
        isolation=ISOLATION,
        environment=dict(environment),
        digest=submission_key(submission, source, environment) if source else "",
        seconds=0.0,
        file=submission.file,
    )


def refused(blank: SubmissionResult, flag: str, fault: str) -> Graded:
    """A submission that could not be executed: no points, and why."""
    tasks = tuple(replace(task, message="Not reached: the submission could not be graded.") for task in blank.tasks)
    return Graded(replace(blank, tasks=tasks, flags=(*blank.flags, flag), fault=fault), None)


def _unreached(source: Source, message: str) -> tuple[TaskResult, ...]:
    cells = [info(cell) for cell in source.notebook.cells]
    return tuple(
        TaskResult(str(cell.grade_id), 0.0, cell.points, "not_reached", message) for cell in cells if cell.scored
    )


def _in_source_order(tasks: tuple[TaskResult, ...], source: Source) -> tuple[TaskResult, ...]:
    order = list(by_grade_id(source.notebook))
    return tuple(sorted(tasks, key=lambda task: order.index(task.grade_id)))


def _faults(fault: str | None, timed_out: int) -> list[str]:
    return (["ended-early"] if fault else []) + (["timeout"] if timed_out else [])
