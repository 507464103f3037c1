"""The grader's process and the student's own give the same verdict on every solution, stub and wrong answer."""

import pytest

from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from autograder.testing import CheckFailed
from tests.chapters.test_wrong_answers import NAMES, WRONG
from tests.conftest import ROOT
from tests.support.inprocess import read_chapter
from tests.support.refereed import examine_chapter


@pytest.mark.parametrize("name", NAMES)
def test_solutions_pass_every_test(name):
    # As it is graded: with its AUTOTEST lines instantiated.
    source = prepare_source(Course(ROOT), name)
    assert {k: str(v) for k, v in examine_chapter(source).items() if v is not None} == {}


@pytest.mark.parametrize("name", NAMES)
def test_stubs_pass_no_test(name):
    notebook = read_chapter(name)
    stubs = {i: c.source for i, c in by_grade_id(student_edition(notebook)).items() if cell_info(c).kind == "solution"}
    outcome = examine_chapter(notebook, stubs)
    assert [test for test, error in outcome.items() if error is None] == []
    assert all(isinstance(error, CheckFailed) for error in outcome.values())


@pytest.mark.parametrize(("name", "answer"), WRONG, ids=[f"{n[:2]}-{a.grade_id}-{a.mistake}" for n, a in WRONG])
def test_a_wrong_answer_loses_its_points_and_is_named(name, answer):
    outcome = examine_chapter(read_chapter(name), {answer.grade_id: answer.source}, training=False)
    failed = {test: error for test, error in outcome.items() if error is not None}
    assert set(failed) == set(answer.fails)
    assert answer.mistake in {getattr(error, "mistake", None) for error in failed.values()}
