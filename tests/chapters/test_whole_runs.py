"""Whole chapters, in the student's own process and over the wire, give the verdicts that re-running parts gives."""

from __future__ import annotations

import pytest

from tests.chapters.test_answers import (
    IDS,
    NAMES,
    WRONG,
    chapter_run,
    graded_edition,
    require_nothing_passed,
    stubs_of,
)
from tests.support.inprocess import run_chapter
from tests.support.refereed import examine_chapter

pytestmark = pytest.mark.thorough


def verdicts(outcome):
    """Which tests failed, each with the name of the mistake."""
    return {test: getattr(error, "mistake", None) for test, error in outcome.items() if error is not None}


@pytest.mark.parametrize("chapter", NAMES)
def test_solutions_pass_in_the_students_own_process(chapter):
    assert {test: str(error) for test, error in run_chapter(graded_edition(chapter)).items() if error is not None} == {}


@pytest.mark.parametrize("chapter", NAMES)
def test_stubs_pass_nothing_in_the_students_own_process(chapter):
    require_nothing_passed(run_chapter(graded_edition(chapter), stubs_of(chapter)))


@pytest.mark.parametrize(("chapter", "answer"), WRONG, ids=IDS)
def test_whole_runs_agree_on_a_wrong_answer(chapter, answer):
    answers = {answer.grade_id: answer.source}
    part = verdicts(chapter_run(chapter).judge(answer.grade_id, answer.source))
    over_the_wire = verdicts(examine_chapter(graded_edition(chapter), answers, training=False))
    in_one_process = verdicts(run_chapter(graded_edition(chapter), answers, training=False))
    assert part == over_the_wire
    assert set(part) == set(in_one_process)
    assert answer.mistake in in_one_process.values()
