"""Editions for single students, of the chapters whose numbers differ from student to student."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.errors import BuildError, CourseError
from autograder.files import file_name
from autograder.grading.source import prepare_source, read_source
from autograder.notebook.personal_edition import personal_edition, varies
from autograder.notebook.student_edition import student_edition
from autograder.publishing.release import as_handed_out
from autograder.tables import read_table


def read_roster(path: Path) -> list[str]:
    """The students of a course: the column ``student`` of a CSV file.

    Raises:
        CourseError: if it cannot be read, lacks the column, names nobody, or names one student twice.
    """
    students = [row["student"] for _, row in read_table(path, ("student",), CourseError) if row["student"]]
    if not students:
        raise CourseError(f"the roster {path} names nobody. Expected a student's name in each line.")
    twice = sorted({name for name in students if students.count(name) > 1})
    if twice:
        raise CourseError(f"the roster {path} names {twice[0]!r} more than once. Names must tell students apart.")
    return students


def varying_chapters(course: Course, names: Sequence[str]) -> list[str]:
    """Those of the named chapters whose numbers differ from student to student.

    Args:
        names: chapters, by name or number; none for all.

    Raises:
        CourseError: if a chapter does not exist or is refused, or none of them has a line that varies.
    """
    chapters = [course.chapter(name).name for name in names] or [chapter.name for chapter in course.chapters]
    varying = [name for name in chapters if varies(read_source(course, name))]
    if not varying:
        raise CourseError(
            f"none of {', '.join(chapters)} differs from student to student. Expected a locked cell with the line "
            'STUDENT = "anonymous"  ### PER STUDENT; leave --roster out.'
        )
    return varying


def release_to(course: Course, names: Sequence[str], students: Sequence[str], folder: Path) -> None:
    """Write ``folder/<student>/<chapter>.ipynb``.

    A submission is known by its folder's or file's name: students hand in under the names that the roster has.

    Args:
        names: chapters, see :func:`varying_chapters`.
        students: see :func:`read_roster`.
        folder: where to write; what is there under the same names is replaced.

    Raises:
        BuildError: if ``folder`` cannot be written.
    """
    for name in names:
        handed_out = as_handed_out(course, student_edition(prepare_source(course, name)), name)
        for person in students:
            place = folder / file_name(person)
            try:
                place.mkdir(parents=True, exist_ok=True)
                nbformat.write(personal_edition(handed_out, person), place / f"{name}.ipynb")
            except OSError as error:
                raise BuildError(f"{place} cannot be written: {error.strerror}. Name another with --out.") from error
