"""Several chapters get their tests at a time, and each only once."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading import source
from autograder.grading.source import prepare_source, prepare_sources
from tests.support.toy import NAME, toy_course

OTHER = "02_other"


@pytest.fixture
def two(tmp_path: Path):
    """A course of two chapters."""
    course = toy_course(tmp_path / "course")
    first = course.chapter(NAME).path
    first.with_name(f"{OTHER}.ipynb").write_text(first.read_text())
    return Course(course.root)


def test_each_chapter_has_its_tests_made_once(two, monkeypatch):
    made = prepare_sources(two, [OTHER, NAME])
    assert list(made) == [OTHER, NAME]
    assert all("AUTOTEST" not in cell.source for notebook in made.values() for cell in notebook.cells)
    monkeypatch.setattr(source, "instantiate", lambda *_: pytest.fail("made again"))
    assert prepare_sources(two, [OTHER, NAME]) == made
    assert prepare_source(two, NAME) == made[NAME]


def test_a_chapter_that_fails_is_named_and_the_others_are_kept(two, monkeypatch):
    broken = two.chapter(OTHER).path
    broken.write_text(broken.read_text().replace("return 2 * x", "return 2 / 0"))
    with pytest.raises(CourseError, match="ZeroDivisionError"):
        prepare_sources(two, [NAME, OTHER])
    monkeypatch.setattr(source, "instantiate", lambda *_: pytest.fail("made again"))
    prepare_source(two, NAME)
