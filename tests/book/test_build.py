"""What the build says when it cannot build, and the instructor edition."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import BuildError, CourseError
from autograder.publishing.book import build_book, listed_pages
from tests.book.conftest import ROOT
from tests.support.toy import NAME, toy_course

TOC = f"""
format: jb-book
root: book/index
parts:
  - caption: Chapters
    chapters:
      - file: notebooks/{NAME}
        sections:
          - file: book/for-students
"""


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """The toy course with a book of two prose pages in this book's own style."""
    course = toy_course(tmp_path / "course")
    (course.root / "_toc.yml").write_text(TOC)
    (course.root / "_config.yml").write_text((ROOT / "_config.yml").read_text())
    pages = course.root / "book"
    for name in ("_static", "_templates"):
        shutil.copytree(ROOT / "book" / name, pages / name)
    (pages / "index.md").write_text(f"# Toy book\n\nSee [the chapter](../notebooks/{NAME}.ipynb).\n")
    (pages / "for-students.md").write_text("# For students\n")
    (pages / "references.bib").write_text("")
    return course


def test_pages_are_listed_in_reading_order() -> None:
    toc = {
        "root": "a",
        "parts": [{"chapters": [{"file": "b", "sections": [{"file": "c"}]}]}, {"chapters": [{"file": "d"}]}],
    }
    assert listed_pages(toc) == ["a", "b", "c", "d"]


def test_a_listed_page_that_is_missing_is_named(small: Course) -> None:
    (small.root / "book" / "for-students.md").unlink()
    with pytest.raises(CourseError, match=r"_toc.yml lists 'book/for-students'"):
        build_book(small)


def test_a_course_without_configuration_is_refused(small: Course) -> None:
    (small.root / "_config.yml").unlink()
    with pytest.raises(CourseError, match=r"_config.yml is missing"):
        build_book(small)


def test_an_unknown_edition_is_refused(small: Course) -> None:
    with pytest.raises(ValueError, match="'student' or 'instructor'"):
        build_book(small, "teacher")  # type: ignore[arg-type]


def test_a_citation_without_entry_is_named(small: Course) -> None:
    notebook = small.chapter(NAME).path
    notebook.write_text(notebook.read_text().replace('"# Toy"', '"# Toy\\n\\nSee {cite:t}`nobody1999`."'))
    with pytest.raises(BuildError, match=r"01_toy cites 'nobody1999', which .*references.bib lacks"):
        build_book(small)


@pytest.mark.slow
def test_a_broken_link_stops_the_build_and_is_quoted(small: Course) -> None:
    (small.root / "book" / "for-students.md").write_text("# For students\n\n[nowhere](missing.md)\n")
    with pytest.raises(BuildError, match=r"for-students.md.*WARNING.*missing.md"):
        build_book(small)
    assert (small.build / "book.log").is_file()


@pytest.mark.slow
def test_the_instructor_edition_shows_solutions_folded_in_a_place_of_its_own(small: Course) -> None:
    made = build_book(small, "instructor")
    assert made.html == small.build / "instructor" / "_build" / "html"
    page = (made.html / "notebooks" / f"{NAME}.html").read_text()
    assert "tag_hide-input" in page
    assert "added to itself" in page
    assert "Mark scheme" in page
    assert (made.executed, made.reused) == ((NAME,), ())
    assert not (small.build / "_build").exists()
