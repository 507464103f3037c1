"""No hidden test, solution, model answer or mark scheme is in any file of the student edition of the book."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.myst_to_markdown import myst_to_markdown
from autograder.notebook.student_edition import student_edition
from autograder.publishing.book import BookBuild
from autograder.publishing.citations import author_year
from tests.book.conftest import ROOT
from tests.support.secrets import leaked, secrets

pytestmark = pytest.mark.slow

_TAG = re.compile(r"<[^>]+>")


def _published_text(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return html.unescape(_TAG.sub("", text))
    if path.suffix == ".ipynb":
        return "\n".join(cell["source"] for cell in nbformat.reads(text, as_version=4).cells) + json.dumps(text)
    return text


def test_there_is_something_to_hide(course_copy: Course) -> None:
    assert any("np.mean(x**2)" in line for line in secrets(course_copy))


@pytest.mark.parametrize("suffix", [".html", ".ipynb", "searchindex.js"])
def test_no_published_file_holds_what_only_instructors_may_see(
    built: BookBuild, course_copy: Course, suffix: str
) -> None:
    files = [path for path in built.html.rglob("*") if path.name.endswith(suffix)]
    assert files
    hidden = secrets(course_copy)
    for path in files:
        found = leaked(_published_text(path), hidden)
        assert not found, f"{path.relative_to(built.html)} shows {found}"


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
        expected = myst_to_markdown(student_edition(prepare_source(course_copy, path.stem)), citations)
        assert nbformat.read(path, as_version=4).cells == expected.cells
