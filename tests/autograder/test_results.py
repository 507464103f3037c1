import json
from dataclasses import replace

import pytest

from autograder.errors import ResultsError
from autograder.results import (
    SubmissionResult,
    TaskResult,
    batch_from_json,
    batch_to_json,
    from_json,
    require_distinct,
    to_json,
)

TASKS = (
    TaskResult("test-a", 3.0, 5.0, "failed", "3 of 5 points.", "", None, 0.25),
    TaskResult("written-b", 0.0, 4.0, "manual"),
)
RESULT = SubmissionResult(
    "ada", "01_toy", TASKS, ("missing-cell:x",), None, "none", {"numpy": "2"}, "abc", 1.5, "ada.ipynb"
)


def test_score_counts_what_is_decided_and_pending_what_waits():
    assert (RESULT.score, RESULT.max_score, RESULT.pending, RESULT.gradable) == (3, 9, 4, True)


def test_json_survives_a_round_trip():
    assert from_json(json.loads(json.dumps(to_json(RESULT)))) == RESULT


def test_results_of_earlier_versions_are_read():
    data = to_json(RESULT)
    del data["platform"], data["number"]
    assert from_json(data) == RESULT


def test_json_has_the_documented_fields():
    data = to_json(RESULT)
    assert set(data) >= {
        "schema_version", "student", "assignment", "score", "max_score", "flags", "isolation", "environment", "digest",
    }  # fmt: skip
    assert set(data["tasks"][0]) >= {"grade_id", "points", "max_points", "status", "message", "hint", "seconds"}


def test_a_batch_is_sorted():
    other = SubmissionResult("abe", "01_toy", (), (), "torn", "none", {}, "", 0.0)
    assert [entry["student"] for entry in batch_to_json([RESULT, other])["submissions"]] == ["abe", "ada"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema_version": 99}, "schema version 99"),
        ({"student": None}, None),
        ({"tasks": [{"grade_id": "x"}]}, "incomplete"),
        ({"tasks": [{"grade_id": "x", "points": 0, "max_points": 1, "status": "great"}]}, "unknown status"),
    ],
)
def test_results_of_another_shape_are_refused(change, words):
    data = {**to_json(RESULT), **change}
    if words is None:
        del data["student"]
        words = "incomplete"
    with pytest.raises(ResultsError, match=words):
        from_json(data)


def test_a_batch_of_another_version_is_refused():
    data = batch_to_json([RESULT])
    assert batch_from_json(json.loads(json.dumps(data))) == [RESULT]
    with pytest.raises(ResultsError, match="schema version 2; expected 1"):
        batch_from_json({**data, "schema_version": 2})


def test_what_a_person_graded_counts_and_no_longer_waits():
    by_hand = replace(RESULT, tasks=(TASKS[0], replace(TASKS[1], points=3.0, manual_points=3.0, comment="Good.")))
    assert (by_hand.score, by_hand.pending) == (6, 0)
    assert from_json(json.loads(json.dumps(to_json(by_hand)))) == by_hand


def test_a_result_written_before_people_could_grade_is_still_read():
    data = to_json(RESULT)
    for task in data["tasks"]:
        del task["manual_points"], task["comment"]
    assert from_json(data) == RESULT


def test_two_results_for_one_submission_are_refused():
    require_distinct([RESULT, replace(RESULT, student="ben")])
    with pytest.raises(ResultsError, match="'ada' has two results for 01_toy"):
        require_distinct([RESULT, RESULT])
