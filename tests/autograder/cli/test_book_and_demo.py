"""``autograder book`` and ``autograder demo``: what they say, in which order, and how they end."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.course import Course
from autograder.errors import BuildError
from autograder.publishing.book import BookBuild
from autograder.publishing.lite.pyodide import PyodideAddress
from autograder.publishing.lite.site import BrowserSite
from tests.support.toy import NAME, toy_course

pytestmark = pytest.mark.xdist_group("commands")

FAULT = "08_nets: timeout: the run reached the limit of 3600 s for one chapter in cell 'train'."
HAND_IN = f"""
import nbformat
from autograder.grading.source import prepare_sources
from autograder.notebook.student_edition import student_edition

def hand_in(course, folder, say):
    source = prepare_sources(course, ["{NAME}"], say)["{NAME}"]
    place = folder / "ada" / "{NAME}"
    place.mkdir(parents=True)
    nbformat.write(student_edition(source), place / "{NAME}.ipynb")
    return [place]
"""

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command in this process; returns its exit status and what it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    return run


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The toy course with a class of one."""
    root = toy_course(tmp_path / "course").root
    (root / "toy_class.py").write_text(HAND_IN)
    (root / "course.toml").write_text('[hooks]\nsample_class = "toy_class:hand_in"\n')
    return Course(root)


@pytest.fixture
def book_is(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Replaces the building of the book by a stand-in that misses what it is told; returns what it was called with."""

    def replace(missing: dict[str, str] | Exception, site: BrowserSite | None = None) -> dict[str, Any]:
        called: dict[str, Any] = {}

        def build_book(course: Course, *_: object, **options: Any) -> BookBuild:
            called.update(options)
            if isinstance(missing, Exception):
                raise missing
            options["say"]("building 3 pages with Sphinx")
            return BookBuild(course.build / "_build" / "html", 3, 1.0, (NAME,), (), missing, site)

        monkeypatch.setattr("autograder.publishing.book.build_book", build_book)
        return called

    return replace


def test_a_complete_book_ends_with_status_0(command: Command, course: Course, book_is: Any) -> None:
    called = book_is({})
    status, output = command("book", "--course", course.root)
    assert (status, called["chapter_seconds"]) == (0, 3600)
    assert "building 3 pages" in output
    assert "executed 1 chapter, reused 0" in output


def test_a_book_with_a_chapter_missing_is_there_names_it_and_ends_with_status_1(
    command: Command, course: Course, book_is: Any
) -> None:
    called = book_is({"08_nets": FAULT})
    status, output = command("book", "--timeout", "90", "--course", course.root)
    assert (status, called["chapter_seconds"]) == (1, 90)
    assert f"page without outputs: {FAULT}" in output
    assert "index.html" in output


def test_a_book_whose_chapters_run_in_the_browser_says_which_and_where_python_comes_from(
    command: Command, course: Course, book_is: Any
) -> None:
    site = BrowserSite(
        course.build / "lite", 78_400_000, {"00_start": 2, NAME: 0}, {"08_nets": "why"}, ("skimage",), "X"
    )
    called = book_is({}, site)
    status, output = command("book", "--lite", "--course", course.root)
    assert (status, called["pyodide"]) == (0, PyodideAddress("", course.settings.not_in_browser))
    lines = [" ".join(line.split()) for line in output.splitlines()]
    assert "runs 00_start, 2 cells of it shown as text" in lines and f"runs {NAME}" in lines
    assert "left out 08_nets: why" in lines and "Python from X" in lines
    assert any(line.startswith("not there skimage: a function that imports") for line in lines)
    assert f"try it python -m http.server --bind 127.0.0.1 --directory {course.build}" in lines


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--pyodide", "x"), "Add --lite"),
        (("--lite", "--edition", "instructor"), "only the student edition runs in"),
        (("--lite", "--pyodide", "/no/such/folder"), "holds no distribution of Pyodide"),
    ],
)
def test_options_that_do_not_go_together_are_named_before_anything_is_built(
    command: Command, course: Course, book_is: Any, arguments: tuple[str, ...], words: str
) -> None:
    called = book_is({})
    status, output = command("book", *arguments, "--course", course.root)
    assert (status, called) == (2, {})
    assert words in " ".join(output.replace("│", " ").split())


def test_the_demo_grades_first_and_says_at_each_step_where_it_is(
    command: Command, course: Course, book_is: Any
) -> None:
    book_is({})
    status, output = command("demo", "--course", course.root)
    assert status == 0, output
    in_order = [
        "Step 1 of 6: A sample class hands in",
        "running the solutions of 1 chapter once to make automatic tests",
        f"tests of {NAME} made in",
        "Step 2 of 6: Grading",
        f"1/1 ada {NAME} 0/10",
        "Step 3 of 6: Feedback",
        "Step 4 of 6: The class report",
        "Step 5 of 6: The student edition",
        "Step 6 of 6: The book",
        "Where to look",
    ]
    places = [output.index(words) for words in in_order]
    assert places == sorted(places)
    again, output = command("demo", "--course", course.root, "--out", course.root / "again")
    assert again == 0, output
    assert re.search("Step 2 of 6: Grading, (a few seconds|about .+) the last time", output)


@pytest.mark.parametrize(
    ("missing", "words"),
    [({"08_nets": FAULT}, FAULT), (BuildError("the book was not built."), "the book was not built.")],
)
def test_what_a_failing_book_costs_is_said_and_the_rest_is_shown(
    command: Command, course: Course, book_is: Any, missing: dict[str, str] | Exception, words: str
) -> None:
    book_is(missing)
    status, output = command("demo", "--course", course.root)
    assert status == 1
    assert words in " ".join(output.split())
    assert output.index(words[:20]) < output.index("Where to look") < output.index("results.json")
    assert "not everything was made" in output


def test_a_course_without_a_sample_class_is_told(command: Command, course: Course) -> None:
    (course.root / "course.toml").write_text("")
    status, output = command("demo", "--course", course.root)
    assert status == 2
    assert "has no sample class. Expected a hook sample_class" in " ".join(output.split())
