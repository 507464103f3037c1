"""What a student's kernel says of its logs cannot harm the process that reads it."""

from __future__ import annotations

import logging
import unittest

import pytest

from autograder.kernel.captured_logs import logs_kept
from autograder.referee.logs import changed_levels, log_again, logger_setups


def test_what_is_well_formed_is_logged_and_no_logger_is_made():
    with unittest.TestCase().assertLogs("course", "INFO") as seen:
        log_again([["course.of.eve", 20, "%s %d"], ["course", 10, "below"]])
    assert seen.output == ["INFO:course.of.eve:%s %d"]
    assert "course.of.eve" not in logging.root.manager.loggerDict


@pytest.mark.parametrize(
    "logged",
    [
        None, "text", {"a": 1}, [1], [["course", 20]], [["course", "20", "x"]], [[1, 20, "x"]], [["course", 20, ["x"]]],
        [["a." * 1_000_000, 20, "x"]],
    ],
)  # fmt: skip
def test_what_is_not_is_left_out(logged):
    with unittest.TestCase().assertNoLogs(level="INFO"):
        log_again(logged)


def test_a_text_is_cut_and_few_are_taken():
    with unittest.TestCase().assertLogs("course", "INFO") as seen:
        log_again([["course", 20, "x" * 5000]] * 5000)
    assert len(seen.records) == 1000 and len(seen.records[0].getMessage()) == 1000


def test_loggers_are_as_before_once_a_request_is_answered():
    before = logger_setups()
    with logs_kept({"root": 20, "course": 10}) as kept:
        assert set(changed_levels(before)) == {"root", "course"}
        logging.getLogger("course").debug("seen %d", 1)
        logging.info("root")
    assert kept == [["course", 10, "seen 1"], ["root", 20, "root"]]
    assert not changed_levels(before)
