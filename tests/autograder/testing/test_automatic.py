"""Tests made by nbgrader speak like the other checks."""

import pytest

from autograder.testing import CheckFailed, autotest


def failure(evaluate, expected, complaint):
    with pytest.raises(CheckFailed) as caught:
        autotest(evaluate, expected, complaint)
    return caught.value


def test_the_same_text_passes():
    autotest(lambda: str(1 + 1), "2", "the sum has the wrong value")


def test_another_text_is_shown_beside_the_expected_one():
    assert failure(lambda: "int64", "float64", "f(3) has the wrong dtype").message == (
        "f(3) has the wrong dtype. It is int64; expected float64."
    )


def test_of_a_condition_only_the_complaint_is_shown():
    assert failure(lambda: "False", "True", "f(3) is not a float").message == "f(3) is not a float."


def test_what_is_shown_is_short():
    assert len(failure(lambda: "x" * 10_000, "y" * 10_000, "f(3) has wrong entries").message) < 700


def test_an_exception_is_a_failure_with_its_cause():
    caught = failure(lambda: None.shape, "2", "f(3) has the wrong shape")
    assert caught.message == (
        "f(3) has the wrong shape: it stopped with AttributeError: 'NoneType' object has no attribute 'shape'"
    )
    assert caught.mistake == "none-inside"


def test_a_check_that_failed_inside_is_passed_on():
    def evaluate():
        raise CheckFailed("not yet", None, "not-written")

    assert failure(evaluate, "2", "f(3) has the wrong value").mistake == "not-written"
