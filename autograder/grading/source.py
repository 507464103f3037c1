"""The instructor's side of a grading run: the notebook with its tests made, read once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.cores import available_cores
from autograder.course import Course
from autograder.digest import digest, file_digest
from autograder.errors import CourseError
from autograder.files import write_atomically
from autograder.helper_packages import course_digest
from autograder.import_path import without_working_folder
from autograder.kernel.autotests import has_autotests, instantiate
from autograder.kernel.course_code import CourseCode
from autograder.notebook.authoring import faults

# The kernel of a chapter that trains takes about a gigabyte of memory.
_AT_ONCE = 4


def prepare_sources(course: Course, names: Sequence[str]) -> dict[str, NotebookNode]:
    """Several chapters by name, see :func:`prepare_source`; as many at a time as there are cores.

    Raises:
        CourseError: as for one chapter.
    """
    waiting = [name for name in names if not _is_ready(course, name)]
    if len(waiting) > 1:
        # Processes, because nbgrader's step reads settings from the environment, of which a process has one.
        jobs = min(available_cores(), _AT_ONCE, len(waiting))
        with without_working_folder(), ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_one_thread) as pool:
            list(pool.map(partial(prepare_source, course), waiting))
    return {name: prepare_source(course, name) for name in names}


def _one_thread() -> None:
    """Let the arithmetic of kernels that this process starts take one core: there are as many kernels as cores."""
    os.environ["OMP_NUM_THREADS"] = "1"


def _is_ready(course: Course, name: str) -> bool:
    return not has_autotests(read_source(course, name)) or _kept(course, name).is_file()


def prepare_source(course: Course, name: str) -> NotebookNode:
    """The instructor notebook of a chapter with its AUTOTEST lines instantiated.

    Instantiating runs the solutions once; the result is kept in ``build/sources`` under a key of everything it
    depends on.

    Raises:
        CourseError: if the chapter does not exist, cannot be read or fails.
    """
    notebook = read_source(course, name)
    if not has_autotests(notebook):
        return notebook
    kept = _kept(course, name)
    if kept.is_file():
        cached: NotebookNode = nbformat.read(kept, as_version=4)
        return cached
    made = instantiate(notebook, course.root, author_code(course))
    write_atomically(kept, nbformat.writes(made))
    return made


def author_code(course: Course) -> CourseCode:
    """What kernels get that run the author's own notebooks: the helper packages as they are, references included."""
    return CourseCode(course.root, course.settings.startup)


def _kept(course: Course, name: str) -> Path:
    """Where the chapter with its tests is kept: its name is made from everything that the tests depend on."""
    key = digest(
        course.chapter(name).path.read_bytes(),
        file_digest(course.root / "autotests.yml"),
        course_digest(course),
        file_digest(course.requirements),
    )
    return course.build / "sources" / f"{course.chapter(name).name}-{key[:16]}.ipynb"


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
    found = faults(notebook, course.settings.points)
    if found:
        raise CourseError(f"{path}: " + "\n  ".join(found))
    return notebook
