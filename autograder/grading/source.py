"""The instructor's side of a grading run: the notebook with its tests made, read once."""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.digest import digest, file_digest, workbook_digest
from autograder.errors import CourseError
from autograder.files import write_atomically
from autograder.kernel.autotests import has_autotests, instantiate
from autograder.notebook.authoring import faults


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
        CourseError: if it is no valid notebook, or its markers, points or nbgrader metadata are wrong; the message
            names each cell.
    """
    path = course.chapter(name).path
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        raise CourseError(f"{path} is not a valid notebook: {error}") from error
    found = faults(notebook)
    if found:
        raise CourseError(f"{path}: " + "\n  ".join(found))
    return notebook
