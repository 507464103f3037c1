"""A student solves an exercise in the browser, and the notebook that they download earns its points."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.course import Course
from autograder.grading.batch import load_sources
from autograder.grading.store import ResultsFolder
from autograder.notebook.cells import by_grade_id
from autograder.notebook.student_edition import student_edition
from autograder.publishing.lite.chapters import browser_chapters
from autograder.publishing.lite.pyodide import pyodide_from
from autograder.publishing.lite.site import build_site, can_be_imported
from tests.conftest import ROOT
from tests.support.browser import serve
from tests.support.lite_page import LitePage
from tests.support.pyodide import NotThere, pyodide_folder

pytestmark = pytest.mark.thorough

CHAPTER = "01_activation_derivatives"
EXERCISE = "numerical-derivative"


@pytest.fixture(scope="module")
def site(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with one chapter, which asks no other host for Python."""
    try:
        pyodide = pyodide_from(str(pyodide_folder(ROOT / "build")), course.settings.not_in_browser)
    except NotThere as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    student = student_edition(load_sources(course, [CHAPTER])[CHAPTER].notebook)
    offered = browser_chapters(course, {CHAPTER: student}, partial(can_be_imported, pyodide))
    html = tmp_path_factory.mktemp("html")
    build_site(course, offered, {}, pyodide, html)
    with serve(html) as address:
        yield address


def test_an_exercise_solved_in_the_browser_earns_its_points(
    course: Course, site: str, browser: Browser, tmp_path: Path
) -> None:
    source = load_sources(course, [CHAPTER])[CHAPTER].notebook
    lite = LitePage(browser, site, CHAPTER)
    lite.run("import matplotlib.pyplot")
    lite.run("def numerical_derivative")
    assert "numerical_derivative is not written yet" in lite.run("check.numerical_derivative")
    lite.write("def numerical_derivative", by_grade_id(source)[EXERCISE].source)
    lite.run("def numerical_derivative")
    assert "numerical_derivative: correct" in lite.run("check.numerical_derivative")
    assert lite.foreign == []

    folder = tmp_path / "handed-in" / "ada"
    folder.mkdir(parents=True)
    handed_in = lite.download(folder)
    assert handed_in.name == f"{CHAPTER}.ipynb"
    command = [sys.executable, "-m", "autograder", "grade", str(folder.parent), "--out", str(tmp_path / "results")]
    done = subprocess.run([*command, "--course", str(ROOT), "--quiet"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (result,) = ResultsFolder(tmp_path / "results").read_batch()
    earned = {task.grade_id: task.points for task in result.tasks if task.points}
    worth = {task.grade_id: task.max_points for task in result.tasks}
    tests = [name for name in worth if name.startswith(f"test-{EXERCISE}")]
    assert earned == {name: worth[name] for name in tests}
    assert (result.student, result.flags) == ("ada", ())
