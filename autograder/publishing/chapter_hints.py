"""Which hints a chapter has: those next to the helper modules that its cells import."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode

from autograder.course import Course
from autograder.errors import CourseError
from autograder.notebook.cells import cell_info
from autograder.notebook.folded_hints import with_folded_hints
from autograder.notebook.imports import imported_modules
from autograder.testing.hints import FILE, ExerciseHints, HintsError, parse_hints


def chapter_hints(course: Course, source: NotebookNode) -> dict[str, ExerciseHints]:
    """The hints for the exercises of a chapter, by grade id; empty where its helpers have none.

    Raises:
        CourseError: if a file of hints is not in the form that it should be in.
    """
    exercises = {about.grade_id for cell in source.cells if (about := cell_info(cell)).kind == "solution"}
    found: dict[str, ExerciseHints] = {}
    for path in _files(course, source):
        try:
            found |= parse_hints(path.read_text(encoding="utf-8"))
        except (HintsError, UnicodeDecodeError) as error:
            raise CourseError(f"{path}: {error}") from error
    return {name: hints for name, hints in found.items() if name in exercises}


def hint_warnings(course: Course, source: NotebookNode) -> list[str]:
    """Which exercises lack hints in a chapter that has some."""
    hints = chapter_hints(course, source)
    exercises = [str(about.grade_id) for cell in source.cells if (about := cell_info(cell)).kind == "solution"]
    return [f"the exercise {name!r} has no hints; others have." for name in exercises if hints and name not in hints]


def with_hints(course: Course, source: NotebookNode, page: NotebookNode) -> NotebookNode:
    """The page of a chapter with its hints, folded, below the exercises.

    Raises:
        CourseError: as :func:`chapter_hints`.
    """
    hints = chapter_hints(course, source)
    named = {cell.id: str(cell_info(cell).grade_id) for cell in source.cells if cell_info(cell).kind == "solution"}
    return with_folded_hints(page, {cell: hints[name] for cell, name in named.items() if name in hints})


def _files(course: Course, source: NotebookNode) -> list[Path]:
    helpers = [name.split(".") for name in imported_modules(source)]
    places = [course.root.joinpath(*parts) for parts in helpers if parts[0] in course.settings.helpers]
    folders = dict.fromkeys(place if place.is_dir() else place.parent for place in places)
    return [folder / FILE for folder in folders if (folder / FILE).is_file()]
