"""Points that a test earned with the author's answers to earlier exercises are told wherever results are."""

from __future__ import annotations

import csv
import io
import json

from autograder.reporting.exports.gradescope import gradescope_json
from autograder.reporting.exports.plain_csv import tasks_csv
from autograder.reporting.feedback import feedback_page
from autograder.reporting.lateness import Grade
from autograder.reporting.report import class_report, report_page, report_to_json
from autograder.results import SubmissionResult, TaskResult, from_json, to_json

SENTENCE = "Your unit is right; it was run with your square, which is not. You keep its points."


def submission(points: float = 2.0) -> SubmissionResult:
    tasks = (
        TaskResult("test-square", 0.0, 3.0, "failed", "square(3) is 6; expected 9."),
        TaskResult("test-unit", points, 2.0, "passed_with_reference", SENTENCE),
    )
    return SubmissionResult("ada", "01_chain", tasks, (), None, "all", {}, "", 1.0)


def test_results_keep_it():
    assert from_json(json.loads(json.dumps(to_json(submission())))) == submission()


def test_the_feedback_page_tells_it_in_a_sentence():
    page = feedback_page(Grade(submission()), None)
    assert SENTENCE in page
    assert "right, but for an earlier mistake" in page


def test_exports_tell_it():
    [_, row] = list(csv.DictReader(io.StringIO(tasks_csv([Grade(submission())]))))
    assert (row["status"], row["message"]) == ("passed_with_reference", SENTENCE)
    for points, status in ((2.0, "passed"), (1.0, "failed")):
        test = json.loads(gradescope_json(Grade(submission(points))))["tests"][1]
        assert (test["status"], test["score"], test["output"]) == (status, points, SENTENCE)


def test_the_report_counts_it():
    reports = class_report([submission(), submission()])
    assert [item["with_reference"] for item in report_to_json(reports)["assignments"][0]["items"]] == [0, 2]
    assert "(2 right but for an earlier mistake)" in report_page(reports)
