"""What the build says when it cannot build, and the instructor edition."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.course import Course
from autograder.errors import BuildError, CourseError
from autograder.publishing.book import Edition, build_book, listed_pages
from autograder.publishing.lite.pyodide import PyodideAddress
from autograder.publishing.missing_outputs import with_missing_note, without_outputs
from tests.support.small_book import small_course
from tests.support.toy import NAME


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """A course with a small book."""
    return small_course(tmp_path / "course")


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


@pytest.mark.slow
def test_a_page_links_to_its_chapter_in_the_browser_only_where_that_site_was_built(small: Course) -> None:
    link = f'<a href="../lite/notebooks/index.html?path={NAME}.ipynb">Run this chapter in your browser</a>'
    for pyodide, there in ((PyodideAddress("https://example.org/pyodide.js", ()), True), (None, False)):
        made = build_book(small, pyodide=pyodide)
        assert (link in (made.html / "notebooks" / f"{NAME}.html").read_text()) is there
        assert (made.html / "lite" / "files" / f"{NAME}.ipynb").is_file() is there
        assert (made.browser is not None) is there


def test_the_instructor_edition_does_not_run_in_the_browser(small: Course) -> None:
    with pytest.raises(ValueError, match="only the student edition"):
        build_book(small, "instructor", pyodide=PyodideAddress("", ()))


def _with_a_figure_that_is_linked(course: Course, source: str) -> None:
    """Add a cell that draws, and a page that names the figure by its number."""
    path = course.chapter(NAME).path
    notebook = nbformat.read(path, as_version=4)
    figure = {"figure": {"name": "fig-toy", "caption": "A toy."}, "image": {"alt": "A line."}}
    notebook.cells.append(new_code_cell(source, id="draw", metadata={"mystnb": figure}))
    nbformat.write(notebook, path)
    page = course.root / "book" / "for-students.md"
    page.write_text("# For students\n\nLook at {numref}`fig-toy`.\n")


@pytest.mark.slow
@pytest.mark.parametrize("edition", ["student", "instructor"])
def test_a_chapter_that_fails_gets_a_page_that_says_so_and_links_to_it_still_lead_there(
    small: Course, edition: Edition
) -> None:
    _with_a_figure_that_is_linked(small, "double(object())")
    lines: list[str] = []
    made = build_book(small, edition, say=lines.append)
    assert list(made.missing) == [NAME]
    assert "cell 'draw' ended in TypeError" in made.missing[NAME]
    assert any("no outputs of" in line for line in lines)
    page = (made.html / "notebooks" / f"{NAME}.html").read_text()
    note = page[page.index('class="admonition warning"') :]
    assert "The outputs and figures of this page are missing" in note
    assert "because its cell ‘draw’ ended in an error" in note
    assert 'alt="No figure: the chapter was not executed."' in page
    assert "Fig. 1" in (made.html / "book" / "for-students.html").read_text()


def test_a_chapter_without_outputs_keeps_its_named_figures_as_frames() -> None:
    named = {"mystnb": {"figure": {"name": "fig-a"}, "image": {"alt": "A rising line."}}}
    cells = [
        new_markdown_cell("# Toy\n\nText.", id="title"),
        new_code_cell("draw()", id="a", metadata=named, outputs=[new_output("stream", text="old")]),
        new_code_cell("print()", id="b", outputs=[new_output("stream", text="old")]),
    ]
    source = new_notebook(cells=cells)
    empty = without_outputs(source)
    assert [[list(o.data) for o in cell.outputs] for cell in empty.cells[1:]] == [[["image/svg+xml"]], []]
    page = with_missing_note(empty, "its run ended early")
    assert [cell.cell_type for cell in page.cells] == ["markdown", "markdown", "code", "code"]
    assert "missing, because its run ended early when the book was built" in page.cells[1].source
    assert page.cells[2].metadata.mystnb.image.alt == "No figure: the chapter was not executed."
    assert source.cells[1].metadata.mystnb.image.alt == "A rising line."
