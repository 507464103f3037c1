"""The course that ``autograder init`` makes works, with nothing of this repository's course."""

import re
import shutil
import subprocess
import sys

import pytest

from autograder.course import Course
from autograder.course_files import course_files
from autograder.errors import CourseError
from autograder.grading.source import read_source
from autograder.new_course import CHAPTER, make_course
from autograder.notebook.authoring import warnings
from autograder.notebook.cells import by_grade_id
from autograder.notebook.student_edition import student_edition
from autograder.testing import CheckFailed
from autograder.wrong_answers import load_wrong_answers
from tests.support.refereed import examine_chapter


@pytest.fixture
def course(tmp_path, monkeypatch):
    make_course(tmp_path / "stats")
    monkeypatch.chdir(tmp_path / "stats" / "notebooks")
    return Course.find(tmp_path / "stats")


def test_it_has_one_chapter_that_can_be_released(course):
    assert (course.title, [chapter.name for chapter in course.chapters]) == ("stats", [CHAPTER])
    source = read_source(course, CHAPTER)
    assert warnings(source) == ()
    assert set(course_files(course, source).public) == {"data/heights.csv"}
    assert "need not be one" not in str(student_edition(source)) and "nobody has" in str(student_edition(source))


def test_its_solution_passes_its_stub_does_not_and_its_wrong_answer_is_named(course):
    source = read_source(course, CHAPTER)
    assert examine_chapter(source) == {"test-mean-height": None}
    stub = by_grade_id(student_edition(source))["mean-height"].source
    assert examine_chapter(source, {"mean-height": stub})["test-mean-height"].mistake == "not-written"
    (wrong,) = load_wrong_answers(course.wrong_answers, CHAPTER)
    failed = examine_chapter(source, {wrong.grade_id: wrong.source})
    assert set(wrong.fails) == {test for test, error in failed.items() if error is not None}
    assert all(isinstance(error, CheckFailed) and error.mistake == wrong.mistake for error in failed.values())


def test_nothing_in_it_is_of_this_repositorys_course(course):
    for path in course.root.rglob("*"):
        assert not path.is_file() or "workbook" not in path.read_text().replace("deep-learning-workbook", "")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CourseError, match="is not an empty folder"):
        make_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_its_readme_names_files_that_are_there(course):
    named = re.findall(r"^\| `(\S+)`", (course.root / "README.md").read_text(), re.M)
    assert len(named) == 5
    assert all((course.root / name).is_file() for name in named)


@pytest.mark.thorough
def test_the_commands_of_its_readme_work_one_after_the_other(course):
    commands = re.findall(r"^    autograder (.*?)  +", (course.root / "README.md").read_text(), re.M)
    assert [command.split()[0] for command in commands] == [
        "check", "release", "grade", "gradebook", "feedback", "report", "export",
    ]  # fmt: skip
    (course.root / "FOLDER" / "ada").mkdir(parents=True)
    for command in commands:
        if command.startswith("grade "):
            shutil.copy(course.build / "release" / "stats" / f"{CHAPTER}.ipynb", course.root / "FOLDER" / "ada")
        run = subprocess.run(
            [sys.executable, "-m", "autograder", *command.split()], cwd=course.root, capture_output=True, timeout=600,
            check=False,
        )  # fmt: skip
        assert run.returncode == 0, (command, run.stdout, run.stderr)
    assert "ada" in (course.build / "results" / "exports" / "grades.csv").read_text()
