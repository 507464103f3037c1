"""An author is told which wrong answers keep their points, cost others, or are called by another name."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.batch import environment
from autograder.grading.check_wrong_answers import check_wrong_answers
from autograder.grading.grade_submission import Settings, Source
from autograder.wrong_answers import WrongAnswer
from tests.autograder.grading.test_check_chapters import Inline
from tests.support.toy import KERNELSPEC, SOLUTION, meta

TEST = """from autograder.testing import Mistake, call, compare
compare(call(double, 3.0), 6.0, "double(3)", mistakes=[Mistake("plus-two", "multiply.", 5.0)])"""
RIGHT = "def double(x):\n    return 2 * x"
SUM = "def double(x):\n    return 2 + x"


@pytest.fixture(scope="module")
def surprises():
    about = {"grade": True, "locked": True, "points": 5}
    cells = [new_code_cell(SOLUTION, metadata=meta("double", solution=True))]
    cells += [
        new_code_cell(text, metadata=meta(name, **about)) for name, text in (("test-double", TEST), ("test-1", "x = 1"))
    ]
    source = Source("toy", new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC}), "key")
    settings = Settings()
    made_with = environment(settings, None)

    def told(source_text, *fails, mistake="added", grade_id="double"):
        answer = WrongAnswer(grade_id, mistake, fails, source_text)
        return list(check_wrong_answers(source, [answer], settings, Inline(), made_with))

    return told


def test_an_answer_that_does_what_its_header_says_is_no_surprise(surprises):
    assert surprises(SUM, "test-double", mistake="plus-two") == []


def test_an_answer_that_keeps_its_points_is_told(surprises):
    assert surprises(RIGHT, "test-double") == ["the wrong answer 'added' to 'double' keeps its points at test-double."]


def test_an_answer_that_costs_more_is_told(surprises):
    assert surprises(SUM, "test-1", mistake="plus-two") == [
        "the wrong answer 'plus-two' to 'double' keeps its points at test-1.",
        "the wrong answer 'plus-two' to 'double' loses points at test-double, too.",
    ]


def test_an_answer_under_another_name_is_told_with_what_its_test_says(surprises):
    (told,) = surprises(SUM, "test-double")
    assert told.startswith("the wrong answer 'added' to 'double' is called 'plus-two': ")
    (told,) = surprises("def double(x):\n    return -7", "test-double")
    assert told.startswith("the wrong answer 'added' to 'double' is given no name: ")


def test_an_answer_to_no_exercise_is_told(surprises):
    assert surprises(SUM, "test-double", grade_id="test-double") == [
        "the wrong answer 'added' to 'test-double': the chapter has no such exercise."
    ]
