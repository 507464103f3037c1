"""The instructor's side of a grading run: the notebook with its tests made, read once."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import active_children, get_context
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.cores import available_cores
from autograder.course import Course
from autograder.course_files import course_files, write_files
from autograder.durations import Countdown, Durations, Say, about, counted, silent
from autograder.errors import AutograderError, CourseError, KernelError
from autograder.files import write_atomically
from autograder.grading.autotest_needs import autotest_key, idle_cells
from autograder.grading.autotests import has_autotests, instantiate
from autograder.import_path import without_working_folder
from autograder.kernel.course_code import CourseCode
from autograder.notebook.authoring import faults
from autograder.notebook.cells import by_grade_id
from autograder.referee.examiner import in_kernel

# The kernel of a chapter that trains takes about a gigabyte of memory.
_AT_ONCE = 4
_DURATIONS = Path("durations") / "tests.json"


def prepare_sources(course: Course, names: Sequence[str], say: Say = silent) -> dict[str, NotebookNode]:
    """Several chapters by name, see :func:`prepare_source`; as many at a time as there are cores.

    Args:
        say: is told what is done, how far it is and how long the rest will take.

    Raises:
        CourseError, KernelError: as for one chapter. The others are prepared and kept.
    """
    waiting = [name for name in names if not _is_ready(course, name)]
    if waiting:
        _prepare(course, waiting, say)
    return {name: prepare_source(course, name) for name in names}


def _prepare(course: Course, names: Sequence[str], say: Say) -> None:
    """Make the automatic tests of chapters that have none yet."""
    jobs = min(available_cores(), _AT_ONCE, len(names))
    durations = Durations(course.build / _DURATIONS)
    countdown = Countdown(names, jobs, durations.seconds)
    left = countdown.left()
    say(
        f"running the solutions of {counted(len(names), 'chapter')} once to make automatic tests, {jobs} at a time"
        + (f", {about(left)}" if left is not None else "")
    )
    failure: AutograderError | None = None
    for name, outcome in _prepared(course, names, jobs):
        if isinstance(outcome, AutograderError):
            failure = failure or outcome
        else:
            durations.keep(name, outcome)
            say(f"tests of {name} made in {outcome:.0f} s ({countdown.finish(name, outcome)})")
    if failure is not None:
        raise failure


def _prepared(course: Course, names: Sequence[str], jobs: int) -> Iterator[tuple[str, float | AutograderError]]:
    """Each chapter as it ends, with the seconds it took or what went wrong."""
    if len(names) == 1:
        yield names[0], _outcome(course, names[0])
        return
    others = active_children()
    # Processes, because nbgrader's step reads settings from the environment, of which a process has one.
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_one_thread) as pool:
        with without_working_folder():
            running = {pool.submit(_outcome, course, name): name for name in names}
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        except BaseException:
            # Nobody waits any more for what they are doing.
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - set(others):
                process.terminate()
            raise


def _outcome(course: Course, name: str) -> float | AutograderError:
    """The seconds that it took to prepare a chapter, or what went wrong."""
    begin = time.monotonic()
    try:
        prepare_source(course, name)
    except AutograderError as error:
        return error
    return time.monotonic() - begin


def _one_thread() -> None:
    """Let the arithmetic of kernels that this process starts take one core: there are as many kernels as cores."""
    os.environ["OMP_NUM_THREADS"] = "1"


def kept_tests(course: Course, name: str) -> Path | None:
    """The file with the automatic tests of a chapter, which may have to be made yet; None where it has none.

    Raises:
        CourseError: if the chapter does not exist or cannot be read.
    """
    notebook = read_source(course, name)
    return _kept(course, name, notebook, idle_cells(notebook)) if has_autotests(notebook) else None


def _is_ready(course: Course, name: str) -> bool:
    kept = kept_tests(course, name)
    return kept is None or kept.is_file()


def prepare_source(course: Course, name: str) -> NotebookNode:
    """The instructor notebook of a chapter with its AUTOTEST lines instantiated.

    Instantiating runs the solutions once; the tests are kept in ``build/sources`` under a key of everything they
    depend on.

    Raises:
        CourseError: if the chapter does not exist, cannot be read or fails.
        KernelError: if its solutions do not come to an end.
    """
    notebook = read_source(course, name)
    if not has_autotests(notebook):
        return notebook
    idle = idle_cells(notebook)
    kept = _kept(course, name, notebook, idle)
    if not kept.is_file():
        tests = _automatic_tests(course, course.chapter(name).name, notebook, idle)
        write_atomically(kept, json.dumps(tests, indent=1, ensure_ascii=False))
    for grade_id, source in json.loads(kept.read_text(encoding="utf-8")).items():
        by_grade_id(notebook)[grade_id].source = source
    return notebook


def _automatic_tests(course: Course, name: str, notebook: NotebookNode, idle: Collection[int]) -> dict[str, str]:
    """The new sources of the cells with AUTOTEST lines, by grade id."""
    code = author_code(course)
    try:
        made = _instantiated(course, notebook, code, idle)
    except (CourseError, KernelError) as error:
        raise type(error)(f"{name}: {error}") from error
    before = by_grade_id(notebook)
    return {
        grade_id: cell.source for grade_id, cell in by_grade_id(made).items() if cell.source != before[grade_id].source
    }


def _instantiated(course: Course, notebook: NotebookNode, code: CourseCode, idle: Collection[int]) -> NotebookNode:
    """The notebook with its tests made, in a folder that holds the author's files."""
    with tempfile.TemporaryDirectory(prefix="files-") as name:
        folder = Path(name)
        files = course_files(course, notebook)
        write_files({**files.public, **files.private}, folder)
        try:
            return instantiate(notebook, course.root, code, idle, folder=folder)
        except CourseError:
            if not idle:
                raise
            # Perhaps a cell needs one that was left out; if not, this says what is wrong.
            return instantiate(notebook, course.root, code, folder=folder)


def author_code(course: Course) -> CourseCode:
    """What kernels get that run the author's own notebooks: the helper packages as they are, references included."""
    return CourseCode(course.root, course.settings.startup)


def _kept(course: Course, name: str, notebook: NotebookNode, idle: Collection[int]) -> Path:
    """Where the automatic tests of a chapter are kept: the name is made from everything that they depend on."""
    key = autotest_key(course, notebook, idle)
    return course.build / "sources" / f"{course.chapter(name).name}-{key[:16]}.json"


def _unserved(course: Course, notebook: NotebookNode) -> list[str]:
    if course.settings.grading.unserved == "in-kernel":
        return []
    return [
        f'cell {name!r} has the tag in-kernel. Set unserved = "in-kernel" under [grading] in course.toml if its points '
        "may rest on the student's word, or remove the tag."
        for name in sorted(in_kernel(notebook))
    ]


def read_source(course: Course, name: str) -> NotebookNode:
    """The instructor notebook of a chapter as its author wrote it.

    Raises:
        CourseError: if it is not a valid notebook, or its markers, points or nbgrader metadata are wrong; the message
            names each cell.
    """
    path = course.chapter(name).path
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        raise CourseError(f"{path} is not a valid notebook: {error}") from error
    found = [*faults(notebook, course.settings.points), *_unserved(course, notebook)]
    if found:
        raise CourseError(f"{path}: " + "\n  ".join(found))
    return notebook
