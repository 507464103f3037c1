"""The data that ``course.toml`` lists, beside what the notebooks themselves name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from autograder.course import Course
from autograder.errors import CourseError


def listed_data(course: Course, names: Iterable[str]) -> set[Path]:
    """The files with these paths beside the notebooks; of a folder, all that are in it.

    Raises:
        CourseError: if one does not exist.
    """
    found: set[Path] = set()
    for name in names:
        path = course.notebooks / name
        if not path.exists():
            raise CourseError(f"course.toml names the data {name!r}, but there is no {path}.")
        found |= {p for p in path.rglob("*") if p.is_file()} if path.is_dir() else {path}
    return found
