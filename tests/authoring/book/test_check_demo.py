"""The landing page shows what the real check says of a wrong answer and of the right one."""

from __future__ import annotations

import html

from authoring.book.check_demo import RIGHT, WRONG, demonstration, verdict_on, with_demonstration
from autograder.wrong_answers import load_wrong_answers
from tests.conftest import ROOT


def test_the_check_names_the_mistake_and_passes_the_answer_put_right() -> None:
    wrong, right = verdict_on(WRONG), verdict_on(RIGHT)
    assert not wrong.passed and "Likely cause: the whole array sums to 1." in wrong.text
    assert right.passed and right.text.startswith("softmax: correct")


def test_what_is_shown_is_what_the_check_says() -> None:
    shown = html.unescape(demonstration())
    for source in (WRONG, RIGHT):
        assert verdict_on(source).text in shown


def test_the_lines_that_differ_are_marked() -> None:
    marked = demonstration().count("<mark>")
    assert marked == len(set(RIGHT.splitlines()) - set(WRONG.splitlines())) == 2


def test_the_mistake_is_one_of_those_that_the_tests_hold() -> None:
    answers = load_wrong_answers(ROOT / "authoring" / "wrong_answers", "01_activation_derivatives")
    assert ("softmax", "whole-array") in {(answer.grade_id, answer.mistake) for answer in answers}


def test_the_landing_page_has_it_once() -> None:
    page = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    assert with_demonstration(page).count('class="check-demo"') == 1
