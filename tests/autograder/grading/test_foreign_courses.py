"""Notebooks as other nbgrader courses have them: graded, or refused with the reason."""

import copy

import nbformat
import pytest

from autograder.errors import CourseError
from autograder.grading.batch import load_sources
from autograder.grading.grade_submission import Settings, grade_submission
from autograder.grading.source import read_source
from autograder.grading.submissions import Submission, find_submissions
from autograder.notebook.cells import by_grade_id
from autograder.notebook.student_edition import student_edition
from tests.support.toy import NAME, toy_course, toy_notebook

FIELDS = {1: ("task", "schema_version"), 2: ("task",), 3: ()}


def in_schema(notebook, version):
    """The notebook with nbgrader's metadata as that version has it."""
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        metadata = cell.metadata.get("nbgrader")
        if metadata:
            metadata["schema_version"] = version
            for field in FIELDS.get(version, ()):
                metadata.pop(field)
    return result


def without_autotests(notebook):
    result = copy.deepcopy(notebook)
    by_grade_id(result)["test-half"].source = "assert half(3) == 1.5"
    return result


@pytest.fixture
def course(tmp_path):
    return toy_course(tmp_path / "course")


def graded(course, path):
    source = load_sources(course, [NAME])[NAME]
    return grade_submission(Submission("ada", NAME, path, path.name), source, Settings(), {"isolation": "none"}).result


@pytest.mark.parametrize("handed_in", [1, 2, 3])
@pytest.mark.parametrize("source", [1, 2, 3])
def test_every_version_of_the_metadata_is_graded(course, tmp_path, source, handed_in):
    notebook = without_autotests(toy_notebook())
    nbformat.write(in_schema(notebook, source), course.root / "notebooks" / f"{NAME}.ipynb")
    answered = student_edition(notebook)
    by_grade_id(answered)["double"].source = "def double(x): return x + x"
    by_grade_id(answered)["written-why"].source = "Twice."
    path = tmp_path / f"{NAME}.ipynb"
    nbformat.write(in_schema(answered, handed_in), path)
    loaded = load_sources(course, [NAME])[NAME]
    result = grade_submission(
        Submission("ada", NAME, path, path.name), loaded, Settings(), {"isolation": "none"}
    ).result
    assert {task.grade_id: task.points for task in result.tasks} == {
        "test-double": 5.0, "test-half": 0.0, "written-why": 0.0,
    }  # fmt: skip
    assert (result.flags, result.pending) == ((), 2.0)


def test_an_assignment_that_is_read_by_a_person_alone_waits_for_one(course, tmp_path):
    notebook = toy_notebook()
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    nbformat.write(notebook, course.root / "notebooks" / f"{NAME}.ipynb")
    path = tmp_path / f"{NAME}.ipynb"
    nbformat.write(student_edition(notebook), path)
    loaded = load_sources(course, [NAME])[NAME]
    result = grade_submission(
        Submission("ada", NAME, path, path.name), loaded, Settings(), {"isolation": "none"}
    ).result
    assert (result.score, result.max_score, result.fault) == (0.0, 2.0, None)


@pytest.mark.parametrize("version", [4, "3", None], ids=str)
def test_metadata_of_an_unknown_version_is_refused(course, version):
    nbformat.write(in_schema(toy_notebook(), version), course.root / "notebooks" / f"{NAME}.ipynb")
    with pytest.raises(CourseError, match="Expected 1, 2 or 3"):
        read_source(course, NAME)


def test_two_cells_of_one_name_are_refused(course):
    notebook = toy_notebook()
    notebook.cells[4].metadata = copy.deepcopy(notebook.cells[2].metadata)
    nbformat.write(notebook, course.root / "notebooks" / f"{NAME}.ipynb")
    with pytest.raises(CourseError, match="two cells have the grade id 'double'"):
        read_source(course, NAME)


def test_several_notebooks_of_one_assignment_are_found(tmp_path):
    folder = tmp_path / "submitted" / "ada" / "ps1"
    folder.mkdir(parents=True)
    for name in ("01_first", "02_second", "notes"):
        nbformat.write(toy_notebook(), folder / f"{name}.ipynb")
    found = find_submissions(tmp_path / "submitted", ["01_first", "02_second"])
    assert [(s.student, s.assignment) for s in found] == [("ada", "01_first"), ("ada", "02_second"), ("ada", None)]
