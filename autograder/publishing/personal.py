"""Editions for single students, of the chapters whose numbers differ from student to student."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import nbformat

from autograder.course import Course
from autograder.errors import CourseError
from autograder.files import file_name
from autograder.grading.source import prepare_source
from autograder.notebook.personal import personal_edition, varies
from autograder.notebook.student import student_edition
from autograder.publishing.release import as_handed_out


def read_roster(path: Path) -> list[str]:
    """The students of a course: the first column of a CSV file, without its heading ``student``.

    Raises:
        CourseError: if it cannot be read, names nobody, or names one student twice.
    """
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CourseError(f"the roster {path} cannot be read: {error}. Expected a CSV file in UTF-8.") from error
    students = [row[0].strip() for row in rows if row and row[0].strip()]
    if students and students[0].lower() == "student":
        students = students[1:]
    if not students:
        raise CourseError(f"the roster {path} names nobody. Expected a student's name at the start of each line.")
    twice = sorted({name for name in students if students.count(name) > 1})
    if twice:
        raise CourseError(f"the roster {path} names {twice[0]!r} more than once. Names must tell students apart.")
    return students


def release_to(course: Course, names: Sequence[str], students: Sequence[str], folder: Path) -> list[str]:
    """Write ``folder/<student>/<chapter>.ipynb`` for the chapters that vary; returns the names of these.

    A submission is known by its folder's or file's name: students hand in under the names that the roster has.

    Args:
        names: chapters.
        students: see :func:`read_roster`.
        folder: where to write; what is there under the same names is replaced.

    Raises:
        CourseError: if no chapter has a line that varies.
    """
    varying = []
    for name in names:
        student = student_edition(prepare_source(course, name))
        if not varies(student):
            continue
        varying.append(name)
        handed_out = as_handed_out(course, student, name)
        for person in students:
            place = folder / file_name(person)
            place.mkdir(parents=True, exist_ok=True)
            nbformat.write(personal_edition(handed_out, person), place / f"{name}.ipynb")
    if not varying:
        raise CourseError(
            f"none of {', '.join(names)} differs from student to student. Expected a locked cell with the line "
            'STUDENT = "anonymous"  ### PER STUDENT; leave --roster out.'
        )
    return varying
