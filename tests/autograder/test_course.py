import sys

import pytest

from autograder.course import Course
from autograder.course_settings import GradingDefaults
from autograder.errors import CourseError
from tests.conftest import ROOT


@pytest.fixture
def settings(tmp_path):
    def read(text):
        (tmp_path / "course.toml").write_text(text)
        return Course(tmp_path).settings

    return read


def test_every_key_has_a_default(tmp_path):
    (tmp_path / "01_first.ipynb").write_text("{}")
    course = Course(tmp_path)
    assert (course.title, course.notebooks, course.wrong_answers) == (tmp_path.name, tmp_path, None)
    assert [chapter.name for chapter in course.chapters] == ["01_first"]
    assert course.settings.references == ("*.reference",)
    assert course.hook("pages") is None


def test_what_the_file_says_counts(settings):
    read = settings('title = "Statistics, 1"\npoints = 20\nhelpers = ["stats"]\n[grading]\ncell_seconds = 5\n')
    assert (read.title, read.points, read.helpers) == ("Statistics, 1", 20.0, ("stats",))
    assert read.grading == GradingDefaults(cell_seconds=5.0)


def test_a_title_becomes_a_folders_name(settings, tmp_path):
    settings('title = "Statistics, Part 1"')
    assert Course(tmp_path).slug == "statistics-part-1"
    settings('title = "Einführung: Größen"')
    assert Course(tmp_path).slug == "einfuhrung-grossen"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "cannot be read"),
        ('tilte = "x"', "there is no setting 'tilte'"),
        ("title = 3", "title is 3. Expected a text"),
        ('helpers = "stats"', "helpers is 'stats'. Expected a list of texts"),
        ("points = -1", "points is -1. Expected a number above 0"),
        ("points = true", "points is True. Expected a number above 0"),
        ("[grading]\ncell_second = 1", "there is no setting 'grading.cell_second'"),
        ('[grading]\nisolation = "some"', "grading.isolation is 'some'. Expected one of auto, required, none"),
        ('[grading]\nfollow_through = "yes"', "grading.follow_through is 'yes'. Expected one of full, half, none"),
        ('[hooks]\npage = "a:b"', "there is no hook 'page'"),
        ('[hooks]\npages = "a.b"', "Expected 'module:function'"),
        ("grading = 3", "grading and hooks are tables"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_file_and_the_key(settings, tmp_path, text, message):
    with pytest.raises(CourseError) as refused:
        settings(text)
    assert message in str(refused.value)
    assert str(tmp_path / "course.toml") in str(refused.value)


def test_a_hook_is_found_in_the_courses_own_folder(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    settings('[hooks]\ndoctor = "hook_of_this_test:told"\npages = "hook_of_this_test:missing"\n')
    (tmp_path / "hook_of_this_test.py").write_text("def told():\n    return [('a', 'ok', 'b')]\n")
    hook = Course(tmp_path).hook("doctor")
    assert hook is not None and hook() == [("a", "ok", "b")]
    with pytest.raises(CourseError, match="the hook pages = 'hook_of_this_test:missing' cannot be loaded"):
        Course(tmp_path).hook("pages")


def test_the_hooks_of_this_course_can_be_loaded():
    course = Course(ROOT)
    assert course.settings.hooks
    for name in course.settings.hooks:
        assert callable(course.hook(name))


def test_a_course_is_found_from_any_folder_in_it(tmp_path):
    (tmp_path / "course.toml").write_text("")
    (tmp_path / "deep" / "down").mkdir(parents=True)
    assert Course.find(tmp_path / "deep" / "down").root == tmp_path


def test_a_folder_of_notebooks_is_a_course_only_where_it_is_named_as_one(tmp_path, monkeypatch):
    for name in ("Problem Set 10.ipynb", "Problem Set 2.ipynb"):
        (tmp_path / name).write_text("{}")
    assert [chapter.name for chapter in Course.find(tmp_path).chapters] == ["Problem Set 2", "Problem Set 10"]
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="autograder init"):
        Course.find()
