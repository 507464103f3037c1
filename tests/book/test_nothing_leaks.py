"""No hidden test, solution, model answer or mark scheme is in any file of the student edition of the book."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.cells import hidden_lines, info
from autograder.notebook.plain import plain_markdown
from autograder.notebook.student import student_edition
from autograder.publishing.book import BookBuild
from autograder.publishing.citations import author_year
from tests.book.conftest import ROOT

pytestmark = pytest.mark.slow

# A shorter line has to be found as a whole line: "return x" stands in many a sentence.
_LONG = 16
_INLINE_CODE = re.compile(r"`([^`\n]+)`")
_TAG = re.compile(r"<[^>]+>")
# The page for instructors shows how a notebook is marked up.
_MARKUP = re.compile(r"(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)")


@cache
def _secrets(course: Course) -> dict[str, str]:
    """Lines that only instructors may see, each with the cell it is from."""
    secrets: dict[str, str] = {}
    visible: set[str] = set()
    for chapter in course.chapters:
        for source in (nbformat.read(chapter.path, as_version=4), prepare_source(course, chapter.name)):
            shown = {cell.id: set(_lines(cell.source)) for cell in student_edition(source).cells}
            visible.update(*shown.values())
            # A call that the text explains by name, such as `optimizer.step()`, is no secret either.
            prose = (
                cell.source for cell in source.cells if cell.cell_type == "markdown" and info(cell).kind == "other"
            )
            visible.update(span for text in prose for span in _INLINE_CODE.findall(text))
            for cell in source.cells:
                lines = set(hidden_lines(cell.source))
                if info(cell).kind in ("solution", "manual"):
                    lines |= set(_lines(cell.source))
                for line in lines - shown[cell.id]:
                    secrets.setdefault(line, f"{chapter.name}, cell {cell.id}")
    # A line that students are given anyway, such as "return out" in an example, proves nothing.
    given = "\n".join(visible)
    shown_anyway = {line for line in secrets if line in given or _MARKUP.search(line) or len(line) <= 5}
    return {line: cell for line, cell in secrets.items() if line not in shown_anyway}


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _published_text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return html.unescape(_TAG.sub("", text))
    if path.suffix == ".ipynb":
        return "\n".join(cell["source"] for cell in nbformat.reads(text, as_version=4).cells) + json.dumps(text)
    return text


def test_there_is_something_to_hide(course_copy: Course) -> None:
    assert any("np.mean(x**2)" in line for line in _secrets(course_copy))


@pytest.mark.parametrize("suffix", [".html", ".ipynb", "searchindex.js"])
def test_no_published_file_holds_what_only_instructors_may_see(
    built: BookBuild, course_copy: Course, suffix: str
) -> None:
    files = [path for path in built.html.rglob("*") if path.name.endswith(suffix)]
    assert files
    secrets = _secrets(course_copy)
    for path in files:
        text = _published_text(path)
        whole_lines = set(_lines(text))
        leaked = {s: cell for s, cell in secrets.items() if (s in text if len(s) >= _LONG else s in whole_lines)}
        assert not leaked, f"{path.relative_to(built.html)} shows {leaked}"


def test_no_published_file_names_the_machine_it_was_built_on(built: BookBuild) -> None:
    for path in built.html.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text, path
        assert "ipykernel_" not in text, path


def test_the_download_is_the_notebook_of_the_bundle(built: BookBuild, course_copy: Course) -> None:
    names = {path.name for path in (built.html / "_downloads").rglob("*.ipynb")}
    assert names == {f"{name}.ipynb" for name in (*built.executed, *built.reused)}
    citations = author_year(ROOT / "book" / "references.bib")
    for path in (built.html / "_downloads").rglob("*.ipynb"):
        expected = plain_markdown(student_edition(prepare_source(course_copy, path.stem)), citations)
        assert nbformat.read(path, as_version=4).cells == expected.cells
