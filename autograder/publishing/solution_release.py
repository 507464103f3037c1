"""The solution edition, for the day after the deadline: notebooks that students put next to their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course import Course
from autograder.course_files import course_files, write_files
from autograder.durations import Say, silent
from autograder.errors import BuildError, CourseError
from autograder.grading.source import prepare_sources
from autograder.notebook.cells import HIDDEN_BEGIN, MARK_SCHEME_BEGIN, cell_info
from autograder.notebook.personal_edition import varies
from autograder.notebook.student_edition import solution_edition
from autograder.publishing.release import readable

_NOTE = (
    "**Solution edition.** Every exercise has its solution, every question a model answer. There are other right "
    "answers. Put this file into the folder of the bundle to run it. It is not a notebook to hand in."
)


@dataclass(frozen=True)
class ChapterSolutions:
    """The solution edition of one chapter.

    Attributes:
        name: the chapter's name.
        notebook: the file.
        exercises, answers: how many solutions and model answers it has.
        unanswered: grade ids of questions without a model answer.
        hidden, schemes: of how many cells hidden tests and mark schemes were left out.
        files: what was written next to it because only solutions name it, and students do not have it yet.
        kept_back: files that solutions name and that were not written, because hidden tests name them, too.
        personal: True where numbers differ from student to student, and here belong to nobody.
    """

    name: str
    notebook: Path
    exercises: int
    answers: int
    hidden: int
    schemes: int
    unanswered: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    kept_back: tuple[str, ...] = ()
    personal: bool = False


def release_solutions(
    course: Course, names: Sequence[str], out: Path | None = None, say: Say = silent
) -> tuple[ChapterSolutions, ...]:
    """Write the solution editions of the named chapters, ``<chapter>_solution.ipynb``.

    They hold solutions and model answers, and neither hidden tests nor mark schemes. They have no metadata of
    nbgrader's. Nothing in the folder is removed; files of the same names are replaced.

    Args:
        names: chapters, by name or number; at least one.
        out: the folder; default ``build/release/<course>-solutions``.
        say: is told what is done, how far it is and how long the rest will take.

    Raises:
        CourseError: if no chapter is named, or one does not exist or is refused.
        KernelError: if the solutions of a chapter do not come to an end.
        BuildError: if the folder cannot be written, or a chapter cites what the bibliography lacks.
    """
    if not names:
        raise CourseError(
            "no chapter is named. Expected those whose solutions students may see, such as release --solutions 01."
        )
    chapters = [course.chapter(name).name for name in names]
    folder = (out or course.build / "release" / f"{course.slug}-solutions").resolve()
    sources = prepare_sources(course, chapters, say)
    try:
        return tuple(_write(course, name, source, folder) for name, source in sources.items())
    except OSError as error:
        raise BuildError(
            f"{folder} cannot be written: {error.strerror or error}. Name another folder with --out."
        ) from error


def _write(course: Course, name: str, source: NotebookNode, folder: Path) -> ChapterSolutions:
    edition = solution_edition(source)
    plain = _as_read(course, edition, name)
    handed_out, with_solutions = course_files(course, source), course_files(course, plain)
    new = {path: data for path, data in with_solutions.public.items() if path not in handed_out.public}
    files = {path: data for path, data in new.items() if path not in handed_out.private}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}_solution.ipynb"
    nbformat.write(plain, path)
    write_files(files, folder)
    kinds = [cell_info(cell).kind for cell in source.cells]
    in_words = [cell for cell in edition.cells if cell_info(cell).kind == "manual"]
    return ChapterSolutions(
        name,
        path,
        exercises=kinds.count("solution"),
        answers=sum(bool(cell.source) for cell in in_words),
        hidden=sum(HIDDEN_BEGIN in cell.source for cell in source.cells),
        schemes=sum(MARK_SCHEME_BEGIN in cell.source for cell in source.cells),
        unanswered=tuple(str(cell_info(cell).grade_id) for cell in in_words if not cell.source),
        files=tuple(sorted(files)),
        kept_back=tuple(sorted(set(new) - set(files))),
        personal=varies(source),
    )


def _as_read(course: Course, edition: NotebookNode, name: str) -> NotebookNode:
    """The edition as a plain notebook: nothing in it is locked, and no cell is a check that a grader would know."""
    made = readable(course, edition, name)
    made.cells = [cell for cell in made.cells if cell.source.strip()]
    for cell in made.cells:
        if cell_info(cell).kind == "manual" and cell.cell_type == "markdown":
            cell.source = f"**Model answer.** {cell.source}"
        for key in ("nbgrader", "deletable", "editable"):
            cell.metadata.pop(key, None)
    made.cells.insert(1, new_markdown_cell(_NOTE, id="solution-edition"))
    return made
