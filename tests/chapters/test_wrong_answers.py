"""Solutions pass, stubs earn nothing, and every wrong answer loses what it should and is named."""

import pytest

from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from autograder.testing import CheckFailed
from autograder.wrong_answers import load_wrong_answers
from tests.conftest import ROOT
from tests.support.inprocess import WRONG_ANSWERS, read_chapter, run_chapter

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
WRONG = [(name, answer) for name in NAMES for answer in load_wrong_answers(WRONG_ANSWERS, name)]


@pytest.mark.parametrize("name", NAMES)
def test_solutions_pass_every_test(name):
    assert {k: str(v) for k, v in run_chapter(read_chapter(name)).items() if v is not None} == {}


@pytest.mark.parametrize("name", NAMES)
def test_stubs_pass_no_test(name):
    notebook = read_chapter(name)
    stubs = {i: c.source for i, c in by_grade_id(student_edition(notebook)).items() if cell_info(c).kind == "solution"}
    outcome = run_chapter(notebook, stubs)
    assert [test for test, error in outcome.items() if error is None] == []
    assert all(isinstance(error, CheckFailed) for error in outcome.values())


@pytest.mark.parametrize(("name", "answer"), WRONG, ids=[f"{n[:2]}-{a.grade_id}-{a.mistake}" for n, a in WRONG])
def test_a_wrong_answer_loses_its_points_and_is_named(name, answer):
    outcome = run_chapter(read_chapter(name), {answer.grade_id: answer.source}, training=False)
    failed = {test: error for test, error in outcome.items() if error is not None}
    assert set(failed) == set(answer.fails)
    named = [error for error in failed.values() if getattr(error, "mistake", None) == answer.mistake]
    assert named, {test: str(error) for test, error in failed.items()}
    assert all(error.hint for error in named)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("00")])
def test_a_chapter_names_at_least_five_mistakes(name):
    assert len({answer.mistake for answer in load_wrong_answers(WRONG_ANSWERS, name)}) >= 5
