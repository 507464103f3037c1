"""Judged as the grader does: solutions pass, stubs earn nothing, wrong answers lose what they should and are named."""

from __future__ import annotations

from functools import cache

import pytest

from autograder.course import Course
from autograder.grading.exercise_graph import exercise_graph
from autograder.grading.source import prepare_source
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from autograder.testing import CheckFailed
from autograder.wrong_answers import load_wrong_answers
from tests.conftest import ROOT
from tests.support.chapter_run import ChapterRun
from tests.support.inprocess import WRONG_ANSWERS
from tests.support.refereed import examine_chapter

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
WRONG = [(name, answer) for name in NAMES for answer in load_wrong_answers(WRONG_ANSWERS, name)]
IDS = [f"{name[:2]}-{answer.grade_id}-{answer.mistake}" for name, answer in WRONG]


def graded_edition(chapter):
    """A chapter as it is graded: with its AUTOTEST lines instantiated."""
    return prepare_source(Course(ROOT), chapter)


@cache
def chapter_run(chapter):
    """The right answers of a chapter."""
    return ChapterRun(graded_edition(chapter))


@pytest.mark.parametrize("chapter", NAMES)
def test_solutions_pass_every_test(chapter):
    assert {test: str(error) for test, error in chapter_run(chapter).outcome.items() if error is not None} == {}


@pytest.mark.parametrize("chapter", NAMES)
def test_stubs_pass_no_test(chapter):
    require_nothing_passed(examine_chapter(graded_edition(chapter), stubs_of(chapter)))


def stubs_of(chapter):
    """What students get in place of the answers, by grade id."""
    cells = by_grade_id(student_edition(graded_edition(chapter)))
    return {grade_id: cell.source for grade_id, cell in cells.items() if cell_info(cell).kind == "solution"}


def require_nothing_passed(outcome):
    """Every test ended, and in a failed check."""
    assert [test for test, error in outcome.items() if error is None] == []
    assert all(isinstance(error, CheckFailed) for error in outcome.values())


@pytest.mark.parametrize(("chapter", "answer"), WRONG, ids=IDS)
def test_a_wrong_answer_loses_its_points_and_is_named(chapter, answer):
    outcome = chapter_run(chapter).judge(answer.grade_id, answer.source)
    failed = {test: error for test, error in outcome.items() if error is not None}
    assert set(failed) == set(answer.fails), {test: str(error) for test, error in failed.items()}
    named = [error for error in failed.values() if getattr(error, "mistake", None) == answer.mistake]
    assert named, {test: str(error) for test, error in failed.items()}
    assert all(error.hint for error in named)


@pytest.mark.parametrize("chapter", [name for name in NAMES if not name.startswith("00")])
def test_a_chapter_names_at_least_five_mistakes(chapter):
    assert len({answer.mistake for answer in load_wrong_answers(WRONG_ANSWERS, chapter)}) >= 5


@pytest.mark.thorough
@pytest.mark.parametrize("chapter", NAMES)
def test_no_exercise_is_answered_by_another_name_for_an_earlier_one(chapter):
    """If one were, nobody could keep its points where the earlier one is wrong."""
    graph, answered = exercise_graph(graded_edition(chapter)), []
    for test, needs in graph.needs.items():
        (own, *_), names = sorted(graph.own[test]), {name for exercise in needs for name in graph.names[exercise]}
        wanted = graph.names[own] & graph.reads[test]
        for other in sorted(names):
            outcome = chapter_run(chapter).judge(own, "\n".join(f"{name} = {other}" for name in sorted(wanted)))
            answered += [(test, other)] if outcome.get(test, "left out") is None else []
    assert answered == []
