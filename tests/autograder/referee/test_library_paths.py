"""Which exceptions a student's kernel may name, so that they come back as themselves."""

from __future__ import annotations

import doctest
import unittest

import pytest

from autograder.referee.library_paths import exception_at


@pytest.mark.parametrize("path", ["unittest.case:SkipTest", "unittest.case:_ShouldStop", "doctest:UnexpectedException"])
def test_an_answer_cannot_end_a_test_with_an_exception_that_steers_the_library_of_the_test(path: str) -> None:
    assert unittest.SkipTest.__module__ == "unittest.case" and doctest.UnexpectedException
    assert exception_at(path) is None


def test_exceptions_of_python_and_of_its_other_libraries_come_back_as_themselves() -> None:
    assert exception_at("ValueError") is ValueError
    assert exception_at("json.decoder:JSONDecodeError") is not None
