"""The instructor's side of a grading run: the notebook with its tests made, read once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.digest import digest, file_digest, workbook_digest
from autograder.errors import CourseError
from autograder.kernel.autotests import has_autotests, instantiate


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
    key = digest(
        course.chapter(name).path.read_bytes(),
        file_digest(course.root / "autotests.yml"),
        workbook_digest(),
        file_digest(course.requirements),
    )
    kept = course.build / "sources" / f"{course.chapter(name).name}-{key[:16]}.ipynb"
    if kept.is_file():
        cached: NotebookNode = nbformat.read(kept, as_version=4)
        return cached
    made = instantiate(notebook, course.root)
    write_atomically(kept, nbformat.writes(made))
    return made


def read_source(course: Course, name: str) -> NotebookNode:
    """The instructor notebook of a chapter as it stands in ``notebooks/``.

    Raises:
        CourseError: if it is no valid notebook.
    """
    path = course.chapter(name).path
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        raise CourseError(f"{path} is not a valid notebook: {error}") from error
    return notebook


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files private; results are shared like any other file of the course.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
