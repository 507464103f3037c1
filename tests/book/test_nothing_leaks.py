"""No hidden test, solution, model answer or mark scheme is in any file of the student edition of the book."""

from __future__ import annotations

import html
import json
import re
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.exercise_labels import with_exercise_labels
from autograder.notebook.myst_to_markdown import myst_to_markdown
from autograder.notebook.released_cells import PACKAGE_CHECK
from autograder.notebook.student_edition import student_edition
from autograder.publishing.book import BookBuild
from autograder.publishing.citations import author_year
from tests.book.conftest import ROOT
from tests.support.secrets import leaked, secrets

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


def test_no_notebook_or_page_of_the_published_bundle_holds_it_either(built: BookBuild, course_copy: Course) -> None:
    hidden = secrets(course_copy)
    with zipfile.ZipFile(_bundle(built, course_copy)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".ipynb", ".md", ".toml"))]
        assert len(names) > len(course_copy.chapters)
        for name in names:
            text = archive.read(name).decode()
            if name.endswith(".ipynb"):
                text = "\n".join(cell["source"] for cell in nbformat.reads(text, as_version=4).cells) + text
            assert not leaked(text, hidden), name


def test_the_published_bundle_has_no_reference(built: BookBuild, course_copy: Course) -> None:
    with zipfile.ZipFile(_bundle(built, course_copy)) as archive:
        modules = {Path(name).with_suffix("").as_posix().partition("/")[2] for name in archive.namelist()}
    for pattern in course_copy.settings.references:
        assert not [module for module in modules if module.replace("/", ".").startswith(pattern)]


def _bundle(built: BookBuild, course: Course) -> Path:
    (found,) = (built.html / "_downloads").rglob(f"{course.slug}.zip")
    return found


def test_no_published_file_names_the_machine_it_was_built_on(built: BookBuild) -> None:
    for path in built.html.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert str(ROOT) not in text, path
        assert f"{Path.home()}/" not in text, path
        assert "ipykernel_" not in text, path


def test_the_download_is_the_notebook_of_the_bundle(built: BookBuild, course_copy: Course) -> None:
    names = {path.name for path in (built.html / "_downloads").rglob("*.ipynb")}
    assert names == {f"{name}.ipynb" for name in (*built.executed, *built.reused)}
    citations = author_year(ROOT / "book" / "references.bib")
    for path in (built.html / "_downloads").rglob("*.ipynb"):
        student = with_exercise_labels(student_edition(prepare_source(course_copy, path.stem)))
        expected = myst_to_markdown(student, citations)
        cells = nbformat.read(path, as_version=4).cells
        assert [cell for cell in cells if cell.id != PACKAGE_CHECK] == expected.cells
        assert cells[1].id == PACKAGE_CHECK
