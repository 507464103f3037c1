"""The instructor's side of a grading run: the notebook with its tests made, read once."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.digest import digest, file_digest, workbook_digest
from autograder.errors import CourseError
from autograder.files import write_atomically
from autograder.kernel.autotests import has_autotests, instantiate
from autograder.notebook.cells import info

# What the flags mean has not changed between them; the first had no field for the version.
_SCHEMAS = (1, 2, 3)


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
        CourseError: if it is no valid notebook, or nbgrader's metadata in it cannot be relied on.
    """
    path = course.chapter(name).path
    try:
        notebook: NotebookNode = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        raise CourseError(f"{path} is not a valid notebook: {error}") from error
    _require_known_metadata(notebook, path)
    return notebook


def _require_known_metadata(notebook: NotebookNode, path: Path) -> None:
    seen: set[str] = set()
    for cell in notebook.cells:
        name = info(cell).grade_id
        if name is None:
            continue
        if name in seen:
            raise CourseError(f"{path}: two cells have the grade id {name!r}. Give one of them another.")
        seen.add(name)
        schema = cell.metadata["nbgrader"].get("schema_version", 1)
        if schema not in _SCHEMAS:
            raise CourseError(
                f"{path}: cell {name!r} has nbgrader metadata of version {schema!r}. Expected 1, 2 or 3; "
                "convert the notebook with the nbgrader that wrote it."
            )
