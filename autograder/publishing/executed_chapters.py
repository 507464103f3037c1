"""Execute chapters for the book, each only when something that its outputs depend on has changed."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.cores import available_cores
from autograder.course import Course
from autograder.course_files import course_files, write_files
from autograder.digest import digest, file_digest, folder_digest
from autograder.durations import Countdown, Durations, Say, about, counted, silent
from autograder.errors import KernelError
from autograder.files import write_atomically
from autograder.grading.source import author_code
from autograder.helper_packages import course_digest
from autograder.kernel.course_code import CourseCode
from autograder.kernel.limits import AUTHOR_SECONDS, Limits
from autograder.kernel.session import execute
from autograder.publishing.chapter_faults import ChapterFault, fault_of_run
from autograder.publishing.running_kernels import RunningKernels

# A chapter that trains takes about a gigabyte of memory, which a laptop with many cores has not for each of them.
_AT_ONCE = 4
# By name: what it does when it is imported is for kernels only.
_FIGURES = "autograder.publishing.figures.in_kernel"
_DRAWS = Path(__file__).with_name("figures")
_DURATIONS = Path("durations") / "chapters.json"


@dataclass(frozen=True)
class ExecutedChapter:
    """A chapter with its outputs.

    Attributes:
        notebook: the executed notebook.
        reused: True where it comes from ``build/executed`` and nothing was run.
        seconds: wall time of its code cells; 0 where nothing was run.
    """

    notebook: NotebookNode
    reused: bool
    seconds: float = 0.0


@dataclass(frozen=True)
class ExecutedChapters:
    """What came of executing several chapters; each is in one of the two.

    Attributes:
        done: chapters with outputs, by name.
        missing: for each of the others, why it has none.
    """

    done: Mapping[str, ExecutedChapter] = field(default_factory=dict)
    missing: Mapping[str, ChapterFault] = field(default_factory=dict)


def executed_chapters(
    course: Course, notebooks: Mapping[str, NotebookNode], say: Say = silent, seconds: float = AUTHOR_SECONDS
) -> ExecutedChapters:
    """Execute several chapters by name, as many at a time as there are cores; see :func:`executed_chapter`.

    Whatever stops this process, such as Ctrl-C, ends the kernels; chapters that were finished before are kept.

    Args:
        say: is told what is done, how far it is and how long the rest will take.
        seconds: wall time for all cells of one chapter together.

    """
    done = {name: kept for name, notebook in notebooks.items() if (kept := _kept_chapter(course, notebook))}
    missing: dict[str, ChapterFault] = {}
    waiting = [name for name in notebooks if name not in done]
    jobs = max(1, min(available_cores(), _AT_ONCE, len(waiting)))
    durations = Durations(course.build / _DURATIONS)
    countdown = Countdown(waiting, jobs, durations.seconds)
    say(_plan(len(done), len(waiting), jobs, countdown.left()))
    kernels = RunningKernels()
    with ThreadPoolExecutor(jobs) as pool:
        running = {
            pool.submit(executed_chapter, course, name, notebooks[name], seconds, kernels): name for name in waiting
        }
        try:
            for future in as_completed(running):
                name = running[future]
                outcome = _outcome(name, future)
                if isinstance(outcome, ChapterFault):
                    missing[name] = outcome
                    say(f"no outputs of {outcome.message} ({countdown.finish(name, outcome.seconds)})")
                else:
                    done[name] = outcome
                    durations.keep(name, outcome.seconds)
                    say(f"executed {name} in {outcome.seconds:.0f} s ({countdown.finish(name, outcome.seconds)})")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            kernels.end_all(until=lambda: all(future.done() for future in running))
            raise
    return ExecutedChapters(
        {name: done[name] for name in notebooks if name in done},
        {name: missing[name] for name in notebooks if name in missing},
    )


def _outcome(name: str, future: Future[ExecutedChapter | ChapterFault]) -> ExecutedChapter | ChapterFault:
    try:
        return future.result()
    except KernelError as error:
        return ChapterFault(f"{name}: {error}", "no kernel could be started for it")


def _plan(kept: int, waiting: int, jobs: int, left: float | None) -> str:
    """What will be executed, in words."""
    if not waiting:
        return f"outputs of {counted(kept, 'chapter')} kept from an earlier build"
    rest = f"; outputs of {kept} more kept from an earlier build" if kept else ""
    estimate = f", {about(left)}" if left is not None else ""
    return f"executing {counted(waiting, 'chapter')}, {jobs} at a time{estimate}{rest}"


def executed_chapter(
    course: Course,
    name: str,
    notebook: NotebookNode,
    seconds: float = AUTHOR_SECONDS,
    kernels: RunningKernels | None = None,
) -> ExecutedChapter | ChapterFault:
    """Execute ``notebook``, or take the copy of an earlier run of the same content.

    The content is the notebook's cells, the helper packages, what draws figures, and the pinned requirements. A run
    that reaches its time limit, in which a cell without the tag ``raises-exception`` ends in an error, or that leaves
    a figure without alternative text is not kept: what is returned then says why.

    Args:
        seconds: wall time for all cells together. There is no limit for a single cell: the cells are the author's.
        kernels: is told of the kernel while it runs.

    Raises:
        KernelError: if no kernel can be started.
    """
    kept = _kept_chapter(course, notebook)
    if kept is not None:
        return kept
    # The helper packages that were hashed are those that the kernel imports.
    code = author_code(course)
    # Figures come as the drawings of a book.
    code = CourseCode(code.folder, (*code.startup, _FIGURES))
    environment = code.environment(os.environ.get("PYTHONPATH", ""))
    # One thread: most of the layers are small, and the printed numbers do not depend on how many cores there are.
    # Wall time ends what hangs: the author's cells may wait, and compute, as long as they like within it.
    limits = Limits(cell_seconds=seconds, notebook_seconds=seconds, waiting_seconds=seconds, backstop=1.0)
    with tempfile.TemporaryDirectory(prefix="chapter-") as scratch, (kernels or RunningKernels()).one() as manager:
        files = course_files(course, notebook)
        write_files({**files.public, **files.private}, Path(scratch))
        begin = time.monotonic()
        execution = execute(notebook, Path(scratch), limits, environment, manager=manager)
        elapsed = time.monotonic() - begin
    fault = fault_of_run(name, execution, seconds, elapsed)
    if fault is not None:
        return fault
    write_atomically(_place(course, notebook), nbformat.writes(execution.notebook))
    return ExecutedChapter(execution.notebook, reused=False, seconds=sum(execution.seconds.values()))


def _kept_chapter(course: Course, notebook: NotebookNode) -> ExecutedChapter | None:
    kept = _place(course, notebook)
    return ExecutedChapter(nbformat.read(kept, as_version=4), reused=True) if kept.is_file() else None


def _place(course: Course, notebook: NotebookNode) -> Path:
    """Where a run of this content is kept."""
    cells = json.dumps(notebook.cells, sort_keys=True)
    files = course_files(course, notebook).parts()
    key = digest(cells, course_digest(course), folder_digest(_DRAWS), *files, file_digest(course.requirements))[:32]
    return course.build / "executed" / f"{key}.ipynb"
