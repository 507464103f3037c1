"""Numbers of a student's own: released to each, known to grading, and the same when graded again."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

from autograder.cli.release import app
from autograder.course import Course
from autograder.errors import CourseError
from autograder.grading.batch import load_sources
from autograder.grading.grade_submission import Settings, grade_submission, submission_key
from autograder.grading.submissions import Submission
from autograder.notebook.cells import by_grade_id
from autograder.publishing.personal_release import read_roster
from tests.support.toy import KERNELSPEC, NAME, meta, toy_course

SETUP = """from autograder.testing.seed import personal_seed

STUDENT = "anonymous"  ### PER STUDENT
number = personal_seed(STUDENT, "number") % 1000"""
TEST = """assert answer == number + 1, "the answer is the number plus one"
### BEGIN HIDDEN TESTS
hidden = personal_seed(STUDENT, "a purpose that only this test knows") % 1000
assert plus_one(hidden) == hidden + 1
### END HIDDEN TESTS"""
SOLUTION = "### BEGIN SOLUTION\nanswer = number + 1\ndef plus_one(x):\n    return x + 1\n### END SOLUTION"


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    course = toy_course(tmp_path_factory.mktemp("personal"))
    cells = [
        new_code_cell(SETUP, id="setup", metadata=meta("setup", locked=True)),
        new_code_cell(SOLUTION, id="plus", metadata=meta("plus", solution=True)),
        new_code_cell(TEST, id="test-plus", metadata=meta("test-plus", grade=True, locked=True, points=4)),
    ]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})
    nbformat.write(notebook, course.root / "notebooks" / f"{NAME}.ipynb")
    (course.root / "requirements-student.txt").write_text("numpy\n")
    (course.root / "roster.csv").write_text("student,section\nada,1\nbob,1\n")
    return course


@pytest.fixture(scope="module")
def released(course):
    arguments = ["release", "--roster", str(course.root / "roster.csv"), "--out", str(course.root / "out")]
    done = CliRunner().invoke(app, [*arguments, "--course", str(course.root)])
    assert done.exit_code == 0, done.output
    assert "2 students, the first is ada" in done.output
    return {
        student: nbformat.read(course.root / "out-personal" / student / f"{NAME}.ipynb", as_version=4)
        for student in ("ada", "bob")
    }


def graded(course, notebook, student, folder):
    path = folder / f"{NAME}.ipynb"
    nbformat.write(notebook, path)
    source = load_sources(course, [NAME])[NAME]
    submission = Submission(student, NAME, path, path.name)
    return grade_submission(submission, source, Settings(), {"isolation": "none"}).result


def answered(notebook, text):
    by_grade_id(notebook)["plus"].source = f"answer = {text}\ndef plus_one(x):\n    return x + 1"
    return notebook


def test_everyone_gets_and_is_graded_with_numbers_of_their_own(course, released, tmp_path):
    assert 'STUDENT = "ada"' in by_grade_id(released["ada"])["setup"].source
    result = graded(course, answered(released["ada"], "number + 1"), "ada", tmp_path)
    assert (result.score, result.flags) == (4.0, ())


def test_a_neighbours_numbers_are_wrong_and_their_notebook_is_flagged(course, released, tmp_path):
    from autograder.testing.seed import personal_seed

    copied = answered(released["bob"], str(personal_seed("bob", "number") % 1000 + 1))
    result = graded(course, copied, "ada", tmp_path)
    assert (result.score, result.flags) == (0.0, ("personal-copy-of:bob",))


def test_a_result_is_kept_for_one_student_only(course, released, tmp_path):
    path = tmp_path / f"{NAME}.ipynb"
    nbformat.write(released["ada"], path)
    source = load_sources(course, [NAME])[NAME]
    ada, bob = (submission_key(Submission(name, NAME, path, path.name), source, {}) for name in ("ada", "bob"))
    assert ada != bob


def test_a_roster_has_its_students_in_the_column_of_that_name(tmp_path):
    (tmp_path / "roster.csv").write_text("\ufeffsection, student\n1, ada \n\n2,bob\n", encoding="utf-8")
    assert read_roster(tmp_path / "roster.csv") == ["ada", "bob"]


def test_a_roster_for_chapters_that_do_not_vary_is_refused_before_anything_is_written(toy, tmp_path):
    (tmp_path / "roster.csv").write_text("student\nada\n")
    arguments = ["release", "--roster", str(tmp_path / "roster.csv"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(app, [*arguments, "--course", str(toy.root)])
    assert isinstance(done.exception, CourseError) and "differs from student to student" in str(done.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expected student"),
        ("ada\nbob\n", "line 1: has the columns .'ada'.; expected student"),
        ("name,email\nada,ada@x.org\n", "expected student"),
        ("student\n", "names nobody"),
        ("student\nada\nada\n", "more than once"),
        (None, "there is no file"),
    ],
)
def test_a_roster_that_cannot_be_used_says_why(tmp_path, text, reason):
    if text is not None:
        (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(CourseError, match=reason):
        read_roster(tmp_path / "roster.csv")
