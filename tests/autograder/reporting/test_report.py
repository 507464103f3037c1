import cProfile
import json
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.cli.feedback import feedback
from autograder.cli.report import report
from autograder.errors import ReportError, ResultsError
from autograder.grading.grade_submission import GradedSubmission
from autograder.grading.store import ResultsFolder
from autograder.reporting.charts import histogram
from autograder.reporting.report import class_report, report_page, report_to_json
from autograder.reporting.similarity import Group, Pair, Similarity
from autograder.results import SubmissionResult, TaskResult
from tests.autograder.reporting.test_similarity import CONVOLUTIONS, DISGUISED
from tests.support.graded import result as graded
from tests.support.toy import NAME, meta

EVIL = "<script>alert(1)</script>"
HINT = "one is added."


def submission(student, double=5.0, mistake=None, **changes):
    tasks = (
        TaskResult(
            "test-double", double, 5.0, "passed" if double == 5 else "failed", "", HINT if mistake else "", mistake
        ),
        TaskResult("test-half", 3.0, 3.0, "passed"),
    )
    values = {"assignment": NAME, "tasks": tasks, "flags": (), "fault": None, "isolation": "none", "environment": {}}
    return SubmissionResult(student=student, **{**values, "digest": "", "seconds": 1.0, **changes})


def unreachable(student, fault="the file is torn"):
    tasks = (TaskResult("test-double", 0, 5, "not_reached"), TaskResult("test-half", 0, 3, "not_reached"))
    return submission(student, tasks=tasks, fault=fault, flags=("unreadable",), seconds=0.0)


@pytest.fixture
def batch():
    return [
        submission("ada"),
        submission("bob", 0.0, "off-by-one", flags=("missing-cell:x", "missing-cell:y")),
        submission(
            "cleo", 0.0, "off-by-one", flags=("missing-cell:x", "ended-early"), fault="the kernel died", seconds=9.0
        ),
        submission("dan", 2.0, "constant-factor"),
        unreachable("eva"),
        submission("ada", assignment="02_other"),
    ]


def test_a_further_file_of_a_student_counts_in_no_statistic(batch):
    further = submission("dan (2)", 0.0, "off-by-one", flags=("duplicate-submission",))
    (before, _), (after, _) = class_report(batch), class_report([*batch, further])
    assert (after.submissions, after.further, after.reached) == (6, 1, 4)
    assert (after.scores, after.items, after.mistakes) == (before.scores, before.items, before.mistakes)
    assert any("dan (2)" in flag.students for flag in after.flags)
    page = report_page([after])
    assert "6 submissions; of 1 another file of the same student counts; 1 could not be run." in page


def test_each_assignment_has_its_own_report(batch):
    assert [(r.assignment, r.submissions, r.reached) for r in class_report(batch)] == [(NAME, 5, 4), ("02_other", 1, 1)]


def test_scores_are_of_those_who_got_somewhere(batch):
    scores = class_report(batch)[0].scores
    assert (scores.mean, scores.median, scores.lowest, scores.highest) == (4.75, 4.0, 3.0, 8.0)
    assert sum(scores.counts) == 4
    assert scores.counts[-1] == 1  # full marks lie in the last bin
    assert (scores.edges[0], scores.edges[-1]) == (0.0, 8.0)


def test_mistakes_are_counted_by_submission_with_their_hint(batch):
    first, second = class_report(batch)[0].mistakes
    assert (first.exercise, first.mistake, first.submissions, first.share, first.hint) == (
        "double",
        "off-by-one",
        2,
        0.5,
        HINT,
    )
    assert second.mistake == "constant-factor"


def test_faults_flags_and_the_slowest_are_listed(batch):
    made = class_report(batch)[0]
    assert made.failed == (("cleo", "the kernel died"), ("eva", "the file is torn"))
    assert {flag.kind: flag.students for flag in made.flags}["missing-cell"] == ("bob", "cleo")
    assert made.slowest[0] == ("cleo", 9.0)


def test_points_given_for_an_earlier_answer_are_named(batch):
    by_hand = TaskResult("written-why", 1.0, 2.0, "manual", manual_points=1.0, stale=True)
    made = class_report([*batch, submission("fay", tasks=(by_hand,))])
    assert made[0].stale == ("fay",)
    assert "gave for an earlier version of an answer: <bdi>fay</bdi>" in report_page(made)
    assert "earlier version" not in report_page(class_report(batch))


def test_an_assignment_that_nobody_reached_has_a_report():
    made = class_report([unreachable("eva")])[0]
    assert (made.scores, made.items, made.submissions) == (None, (), 1)
    assert "the file is torn" in report_page([made])


def test_one_or_several_that_could_not_be_run_are_told_of_in_good_english():
    one, two = (report_page(class_report([submission("ada"), *map(unreachable, names)])) for names in ("e", "ef"))
    assert "1 could not be run. Scores, exercises and mistakes are those of the other 1." in one
    assert "2 could not be run. Scores, exercises and mistakes are those of the other 1." in two
    assert "The file could not be read" in one


def test_one_submission_has_no_standard_deviation():
    made = class_report([submission("ada")])
    assert made[0].scores.deviation is None
    assert "not defined" in report_page(made)


def test_the_page_says_that_likeness_is_no_proof(batch):
    found = Similarity(
        40, 5, (Pair(("bob", "cleo"), ("double",), 7, 20.0),), (Group(("bob", "cleo"), ("double",), (7, 7)),)
    )
    page = report_page(class_report(batch, {NAME: found}))
    assert "Likeness is not proof" in page
    assert "the given code is not known here" in page
    assert "nor does code that was given" in report_page(class_report(batch, {NAME: found}), {NAME})
    assert re.search(r"<bdi>bob</bdi>, <bdi>cleo</bdi>", page)
    assert "Likeness" not in report_page(class_report(batch))


def test_a_page_refers_to_no_other_file_and_escapes_names(batch):
    evil = submission(EVIL, flags=(f"{EVIL}:x",), fault=EVIL, assignment=EVIL)
    page = report_page(
        class_report([*batch, evil], {EVIL: Similarity(9, 5, (), (Group((EVIL, EVIL), (EVIL,), (6, 8)),))})
    )
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="[^#]|url\(|@import|https?:', page)
    assert "default-src &#39;none&#39;" in page


def test_the_json_says_the_same_as_the_page(batch):
    data = json.loads(json.dumps(report_to_json(class_report(batch))))
    first = data["assignments"][0]
    assert data["schema_version"] == 2
    assert first["scores"]["mean"] == 4.75
    assert first["mistakes"][0]["mistake"] == "off-by-one"
    assert first["items"][0]["share"] == pytest.approx(0.35)


def test_a_histogram_draws_its_counts_and_says_them():
    chart = ET.fromstring(histogram([0.0, 5.0, 10.0], [3, 1], 4.0, "Scores <of> x"))
    heights = [float(bar.get("height")) for bar in chart.iter("rect")]
    assert heights[0] == pytest.approx(3 * heights[1], rel=0.01)
    assert chart.get("aria-label").startswith("Scores <of> x. Mean 4.")
    assert "0 to 5 points: 3; 5 to 10 points: 1" in chart.get("aria-label")


def large_batch(students):
    rng = random.Random(0)
    return [
        SubmissionResult(
            f"s{i}", NAME,
            tuple(TaskResult(f"test-e{e}", float(rng.random() < 0.7), 1.0, "passed", "", "h", f"m{rng.randrange(9)}")
                  for e in range(15)),
            (f"missing-cell:{i}",), None, "none", {}, "", rng.random(),
        )
        for i in range(students)
    ]  # fmt: skip


def test_the_work_of_a_report_grows_with_the_class_and_not_with_its_square():
    def calls(students):
        profile = cProfile.Profile()
        profile.runcall(class_report, large_batch(students))
        return sum(entry.callcount for entry in profile.getstats())

    # Ten times as many; the square would be 100 times the calls.
    assert calls(2000) < 12 * calls(200)


def test_the_page_of_a_large_class_stays_small():
    assert len(report_page(class_report(large_batch(2000)))) < 500_000


def write_results(folder, sources, **changes):
    """Results of a class whose one exercise has these answers, by student."""
    results = []
    for student, source in sources.items():
        result = submission(student, **changes)
        cells = [new_code_cell(source, metadata=meta("double", solution=True))]
        ResultsFolder(folder).write(GradedSubmission(result, new_notebook(cells=cells)))
        results.append(result)
    ResultsFolder(folder).write_batch(results)


def autograder(*arguments, cwd):
    command = [sys.executable, "-m", "autograder", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("copies", [1, 110], ids=["in one process", "in several"])
def test_the_command_writes_page_and_json(tmp_path, copies):
    honest = {
        f"s{c}-{i:02d}": source for c in range(copies) for i, source in enumerate(CONVOLUTIONS[: 12 if c == 0 else 1])
    }
    write_results(tmp_path / "results", {**honest, "zoe": DISGUISED})
    done = autograder("report", "results", "--json", "report.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "results" / "report.html").read_text()
    assert "zoe" in page
    assert "the given code is not known here" in page  # no course is around
    assert "name the course with --course" in done.stdout
    data = json.loads((tmp_path / "report.json").read_text())
    assert [group["students"] for group in data["assignments"][0]["likeness"]["groups"]] == [["s0-07", "zoe"]]


def test_the_command_takes_out_what_students_were_given(tmp_path, toy, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = nbformat.read(toy.root / "notebooks" / f"{NAME}.ipynb", as_version=4)
    write_results(tmp_path / "results", {f"s{i}": given.cells[2].source for i in range(9)}, tasks=graded().tasks)
    report(tmp_path / "results", out=tmp_path / "page.html", course=toy.root)
    assert "nor does code that was given" in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize("text", [None, "{", '{"submissions": [{"schema_version": 9}]}'])
def test_the_command_refuses_what_are_no_results(tmp_path, text):
    if text is not None:
        (tmp_path / "results.json").write_text(text)
    with pytest.raises(ResultsError, match=r"autograder grade|Grade again"):
        report(tmp_path)


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    write_results(tmp_path / "results", {"ada": "x = 1"})
    (tmp_path / "file").write_text("")
    for write in (report, feedback):
        with pytest.raises(ReportError, match="cannot be written"):
            write(tmp_path / "results", out=tmp_path / "file" / "below")


def test_feedback_shows_the_rubric_on_request(tmp_path, toy, toy_source):
    result = graded("ada")
    answer = nbformat.from_dict(toy_source.notebook)
    answer.cells[-1].source = "Mine."
    ResultsFolder(tmp_path).write(GradedSubmission(result, answer))
    ResultsFolder(tmp_path).write_batch([result])
    page = tmp_path / "feedback" / NAME / "ada.html"
    for rubric in (False, True):
        feedback(tmp_path, rubric=rubric, course=toy.root)
        assert ("says that x is added to itself" in page.read_text()) is rubric
        assert "Because it is added" not in page.read_text()
