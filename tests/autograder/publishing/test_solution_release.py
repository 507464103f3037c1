import nbformat
import pytest

from autograder.course import Course
from autograder.errors import BuildError, CourseError
from autograder.notebook.cells import hidden_lines
from autograder.publishing.solution_release import release_solutions
from tests.support.toy import NAME, meta, toy_course


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return toy_course(tmp_path_factory.mktemp("solutions") / "course")


@pytest.fixture(scope="module")
def made(course, tmp_path_factory):
    (only,) = release_solutions(course, ["1"], tmp_path_factory.mktemp("out") / "solutions")
    return only


@pytest.fixture(scope="module")
def cells(made):
    return nbformat.read(made.notebook, as_version=4).cells


def changed(course, grade_id, **fields):
    """The course's chapter with another cell in the place of one."""
    path = course.chapter(NAME).path
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    cell.update(fields)
    nbformat.write(notebook, path)


def test_solutions_and_model_answers_are_in_it(made, cells):
    text = "\n".join(cell.source for cell in cells)
    assert 'def double(x):\n    """Return twice x."""\n    return 2 * x' in text
    assert "**Model answer.** Because it is added to itself." in text
    assert "assert double(1) == 2" in text
    assert (made.exercises, made.answers, made.hidden, made.schemes) == (2, 1, 2, 1)


def test_hidden_tests_mark_schemes_and_markers_are_not(made, toy_source):
    text = made.notebook.read_text()
    secrets = [line for cell in toy_source.notebook.cells for line in hidden_lines(cell.source)]
    assert len(secrets) > 2
    for secret in [*secrets, "says that x is added", "BEGIN", "END SOLUTION"]:
        assert secret not in text, secret


def test_it_is_a_plain_notebook_under_a_name_of_its_own(made, cells):
    assert made.notebook.name == f"{NAME}_solution.ipynb"
    assert [cell for cell in cells if {"nbgrader", "deletable", "editable"} & set(cell.metadata)] == []
    assert "not a notebook to hand in" in cells[1].source
    assert all(cell.source.strip() for cell in cells)


def test_an_earlier_file_is_replaced_and_others_stay(course, made):
    (made.notebook.parent / "notes.txt").write_text("mine")
    made.notebook.write_text("old")
    release_solutions(course, [NAME], made.notebook.parent)
    assert nbformat.read(made.notebook, as_version=4).cells
    assert (made.notebook.parent / "notes.txt").read_text() == "mine"


def test_chapters_have_to_be_named(course, tmp_path):
    with pytest.raises(CourseError, match=r"no chapter is named\. Expected those whose solutions students may see"):
        release_solutions(course, [], tmp_path)
    with pytest.raises(CourseError, match="no chapter '99'"):
        release_solutions(course, ["99"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(course, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(BuildError, match="file/solutions cannot be written: Not a directory"):
        release_solutions(course, [NAME], tmp_path / "file" / "solutions")


def test_files_that_only_solutions_name_come_along_and_those_of_hidden_tests_stay(tmp_path):
    course = toy_course(tmp_path / "course")
    for name in ("given.csv", "solved.csv", "hidden.csv"):
        (course.notebooks / name).write_text("1\n")
    opened = "open('solved.csv'), open('hidden.csv')"
    solution = f"### BEGIN SOLUTION\ndef double(x):\n    {opened}\n    return 2 * x\n### END SOLUTION"
    changed(course, "double", source=f"open('given.csv')\n{solution}")
    test = "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nopen('hidden.csv')\n### END HIDDEN TESTS"
    changed(course, "test-double", source=test)
    (made,) = release_solutions(Course(course.root), [NAME], tmp_path / "out")
    assert (made.files, made.kept_back) == (("solved.csv",), ("hidden.csv",))
    assert {path.name for path in (tmp_path / "out").iterdir()} == {made.notebook.name, "solved.csv"}


def test_a_question_without_a_model_answer_is_named(tmp_path):
    course = toy_course(tmp_path / "course")
    scheme = "=== BEGIN MARK SCHEME ===\n- 2 points: a reason\n=== END MARK SCHEME ==="
    changed(course, "written-why", source=scheme)
    (made,) = release_solutions(Course(course.root), [NAME], tmp_path / "out")
    assert (made.answers, made.unanswered) == (0, ("written-why",))


def test_numbers_of_a_students_own_are_told(tmp_path):
    course = toy_course(tmp_path / "course")
    changed(course, "setup", source='STUDENT = "anonymous"  ### PER STUDENT', metadata=meta("setup", locked=True))
    (made,) = release_solutions(Course(course.root), [NAME], tmp_path / "out")
    assert made.personal
