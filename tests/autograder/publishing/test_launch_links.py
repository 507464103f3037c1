"""Launch links are off until a repository is named, and what they open can run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.errors import CourseError
from autograder.publishing.launch_links import (
    Repository,
    configured_repository,
    course_repository,
    launch_links,
    with_colab_setup,
)
from autograder.publishing.release import release
from tests.support.toy import NAME, toy_course

ROOT = Path(__file__).resolve().parents[3]
URL = "https://github.com/ada/workbook"


def test_this_course_names_no_repository() -> None:
    assert course_repository(Course(ROOT)) is None


@pytest.mark.parametrize("url", [URL, URL + "/", URL + ".git"])
def test_a_repository_is_read_from_the_settings(url: str) -> None:
    found = configured_repository({"repository": {"url": url, "branch": "autumn"}})
    assert found == Repository("ada", "workbook", "autumn")


@pytest.mark.parametrize("url", ["ada/workbook", "https://example.org/ada/workbook", URL + "/tree/main", URL + " ;rm"])
def test_an_address_that_colab_cannot_open_is_refused(url: str) -> None:
    with pytest.raises(CourseError, match=r"Expected https://github\.com/OWNER/NAME"):
        configured_repository({"repository": {"url": url}})


def test_a_branch_that_is_none_is_refused() -> None:
    with pytest.raises(CourseError, match=r"repository.branch is 'main; ls'"):
        configured_repository({"repository": {"url": URL, "branch": "main; ls"}})


def test_the_links_lead_to_the_student_notebook_at_the_top_of_the_repository() -> None:
    links = launch_links(Repository("ada", "workbook", "a/b"), NAME)
    assert f"(https://colab.research.google.com/github/ada/workbook/blob/a/b/{NAME}.ipynb)" in links
    assert f"(https://mybinder.org/v2/gh/ada/workbook/a%2Fb?labpath={NAME}.ipynb)" in links


def test_the_cell_for_colab_does_nothing_elsewhere() -> None:
    notebook = new_notebook(cells=[new_markdown_cell("# Toy")])
    cell = with_colab_setup(notebook, Repository("ada", "workbook")).cells[1]
    guard = cell.source.index('if "google.colab" in sys.modules:')
    for command in ("!git", "%cd", "%pip"):
        assert cell.source.index(command) > guard
    assert len(notebook.cells) == 1


def test_colab_keeps_the_versions_that_it_has() -> None:
    cell = with_colab_setup(new_notebook(cells=[new_markdown_cell("# Toy")]), Repository("ada", "workbook")).cells[1]
    missing = cell.source.index("autograder.missing_requirements requirements.txt > /content/missing.txt")
    assert cell.source.index("%pip install --quiet -r /content/missing.txt") > missing
    assert "-r requirements.txt" not in cell.source


def test_the_bundle_has_the_cell_only_where_a_repository_is_named(tmp_path: Path) -> None:
    course = toy_course(tmp_path / "course")
    (course.root / "requirements-student.txt").touch()
    for setting, expected in (({}, False), ({"repository": {"url": URL}}, True)):
        (course.root / "_config.yml").write_text(yaml.safe_dump(setting))
        folder = release(course, out=tmp_path / "bundle").folder
        assert ("google.colab" in (folder / f"{NAME}.ipynb").read_text()) is expected
