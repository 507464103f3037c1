import copy

import pytest

from autograder.errors import CourseError
from autograder.notebook.cells import by_grade_id
from autograder.notebook.student_edition import student_edition
from tests.support.toy import toy_notebook


def test_solutions_become_stubs(toy_student):
    source = by_grade_id(toy_student)["double"].source
    assert "raise NotImplementedError()" in source
    assert "2 * x" not in source


def test_hidden_tests_and_mark_schemes_are_gone(toy_student):
    text = "\n".join(cell.source for cell in toy_student.cells)
    for secret in ("4711", "9422", "HIDDEN", "MARK SCHEME", "added to itself"):
        assert secret not in text


def test_visible_asserts_stay(toy_student):
    assert "assert double(1) == 2" in by_grade_id(toy_student)["test-double"].source


def test_test_cells_cannot_be_edited_or_deleted(toy_student):
    metadata = by_grade_id(toy_student)["test-double"].metadata
    assert (metadata.editable, metadata.deletable) == (False, False)


def test_the_instructor_version_is_left_unchanged(toy_source):
    before = copy.deepcopy(toy_source.notebook)
    student_edition(toy_source.notebook)
    assert toy_source.notebook == before


def test_an_unclosed_solution_is_refused():
    notebook = toy_notebook()
    notebook.cells[2].source = "### BEGIN SOLUTION\nx = 1"
    with pytest.raises(CourseError, match="no end solution"):
        student_edition(notebook)


def test_nothing_else_of_a_model_answer_is_left():
    notebook = toy_notebook()
    written = by_grade_id(notebook)["written-why"]
    written.attachments = {"model.png": {"image/png": "aGlkZGVu"}}
    written.source = "![](attachment:model.png)\n" + written.source
    written.metadata["my_tool"] = {"answer": "Because it is added to itself."}
    notebook.cells[0].attachments = {"kept one.png": {"image/png": "c2hvd24="}, "old.png": {"image/png": "aGlkZGVu"}}
    notebook.cells[0].source += "\n![](attachment:kept%20one.png)"
    by_grade_id(notebook)["double"].outputs = [{"output_type": "stream", "name": "stdout", "text": "hidden"}]
    notebook.metadata["widgets"] = {"state": {"value": "hidden"}}
    edition = student_edition(notebook)
    assert list(edition.cells[0].attachments) == ["kept one.png"]
    answer = by_grade_id(edition)["written-why"]
    assert "attachments" not in answer and "my_tool" not in answer.metadata
    assert "widgets" not in edition.metadata
    assert "aGlkZGVu" not in str(edition) and "hidden" not in str(edition)
