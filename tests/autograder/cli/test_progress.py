"""What a batch shows and logs while it works."""

import io
import json
from dataclasses import replace
from itertools import count

import pytest
from rich.console import Console

from autograder.cli.app import Terminal
from autograder.cli.grade import score_table
from autograder.cli.progress import duration, log_file, pace, shown
from autograder.errors import ResultsError
from autograder.grading.batch import Progress
from autograder.results import SubmissionResult, TaskResult

RESULT = SubmissionResult(
    "ada", "01_toy", (TaskResult("test-a", 3.0, 5.0, "failed"),), ("timeout",), None, "none", {}, "abc", 1.5, "a.ipynb"
)
STEPS = [
    Progress(RESULT, True, 1, 3),
    Progress(replace(RESULT, student="bob"), False, 2, 3),
    Progress(replace(RESULT, student="[red]eve\udc80", fault="torn", tasks=()), False, 3, 3),
]


def events(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("executed", "seconds", "left", "text"),
    [
        (0, 5.0, 10, ""),
        (1, 0.0, 10, ""),
        (10, 5.0, 20, "2.0 a second, 10 s left"),
        (3, 60.0, 6, "3.0 a minute, 2 min 00 s left"),
        (1, 60.0, 200, "1.0 a minute, 3 h 20 min left"),
        (4, 2.0, 0, "2.0 a second, 0 s left"),
    ],
)
def test_rate_and_time_left_come_from_what_was_executed(executed, seconds, left, text):
    assert pace(executed, seconds, left) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.6, "1 min 00 s"), (3600, "1 h 00 min"), (61, "1 min 01 s")]
)
def test_a_time_is_said_in_two_units_at_most(seconds, text):
    assert duration(seconds) == text


def test_lines_elsewhere_than_on_a_terminal_tell_student_score_and_speed(tmp_path):
    screen = io.StringIO()
    ticks = count()
    with log_file(tmp_path / "log") as log:
        passed_on = list(shown(STEPS, 3, Console(file=screen), log, clock=lambda: 10.0 * next(ticks)))
    assert [result.student for result in passed_on] == ["ada", "bob", "[red]eve\udc80"]
    assert screen.getvalue().splitlines()[:2] == [
        "1/3 ada 01_toy 3/5 (kept from an earlier run)",
        "2/3 bob 01_toy 3/5 (3.0 a minute, 20 s left)",
    ]
    assert "[red]eve" in screen.getvalue() and "not graded" in screen.getvalue()


def test_a_terminal_gets_a_bar(tmp_path):
    screen = io.StringIO()
    with log_file(None) as log:
        list(shown(STEPS, 3, Console(file=screen, force_terminal=True, width=100), log))
    assert "3/3" in screen.getvalue() and "left" in screen.getvalue()
    assert "kept from" not in screen.getvalue()


def test_the_log_is_json_lines_and_grows(tmp_path):
    for _ in range(2):
        with log_file(tmp_path / "log") as log:
            list(shown(STEPS, 3, Console(quiet=True), log))
    lines = events(tmp_path / "log")
    assert [line["event"] for line in lines] == ["submission"] * 3 + ["finished"] + ["submission"] * 3 + ["finished"]
    assert (lines[0]["student"], lines[0]["score"], lines[0]["kept"], lines[0]["flags"]) == (
        "ada",
        3,
        True,
        ["timeout"],
    )
    assert (lines[2]["fault"], lines[2]["done"], lines[2]["total"]) == ("torn", 3, 3)


def test_a_failure_of_the_grader_is_told_on_the_screen_and_in_the_log(tmp_path):
    screen, step = io.StringIO(), Progress(RESULT, False, 1, 1, "Traceback\nValueError: [a bug]\n")
    with log_file(tmp_path / "log") as log:
        list(shown([step], 1, Console(file=screen, width=100), log))
    assert "ValueError: [a bug]" in screen.getvalue()
    assert events(tmp_path / "log")[0]["failure"] == step.failure


def test_the_log_says_why_a_batch_stopped(tmp_path):
    with pytest.raises(ResultsError), log_file(tmp_path / "log"):
        raise ResultsError("the disk is full")
    assert events(tmp_path / "log")[-1]["reason"] == "ResultsError: the disk is full"


def test_a_log_that_cannot_be_written_is_refused_before_any_work(tmp_path):
    with pytest.raises(ResultsError, match="--log"), log_file(tmp_path / "none" / "log"):
        pytest.fail("the block must not begin")


def test_the_table_is_not_cut_where_it_has_room():
    flags = tuple(f"edited-locked-cell:a-long-name-of-a-cell-{number}" for number in range(9))
    screen = io.StringIO()
    Terminal(file=screen, width=80).print(score_table([replace(RESULT, flags=flags)]))
    assert "…" not in screen.getvalue()
    wide = io.StringIO()
    Terminal(file=wide, width=10_000).print(score_table([replace(RESULT, flags=flags)]))
    assert ", ".join(flags) in wide.getvalue()
