"""``autograder gradebook`` and ``autograder export`` as a user types them, on made results."""

import csv
import functools
import io
import json
import os
import shutil
import sqlite3
from dataclasses import replace

import pytest

from autograder.cli.app import Terminal
from autograder.cli.hand_graded import after_grading
from autograder.results import batch_to_json
from tests.support.graded import result
from tests.support.toy import NAME

pytestmark = pytest.mark.xdist_group("commands")
DUE = f"assignment,due\n{NAME},2026-11-01T12:00+00:00\n"
TIMES = f"student,assignment,submitted\nada,{NAME},2026-11-01T12:00Z\nbob,{NAME},2026-11-02T13:00+01:00\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    batch = [result("ada"), result("bob", 0.0)]
    (folder / "results.json").write_text(json.dumps(batch_to_json(batch)))
    (folder / "due.csv").write_text(DUE)
    (folder / "times.csv").write_text(TIMES.replace("13:00+01:00", "13:00:01+01:00"))
    return folder


@pytest.fixture
def autograder(results, in_process):
    """The command in this process, started in the results folder."""
    return functools.partial(in_process, cwd=results)


def test_a_gradebook_is_written_and_then_used_by_exports(autograder, results, toy):
    done = autograder("gradebook", results, "--course", toy.root)
    assert done.status == 0, done.err
    assert "2 submissions, 2 answers wait for a person" in done.out
    assert (results / "gradebook" / "gradebook.db").is_file()
    exported = autograder("export", results, "--format", "canvas")
    assert exported.status == 0, exported.err
    assert "0 scores given by hand" in exported.out
    assert "4 points wait for a person" in exported.out
    assert "Points Possible" in (results / "exports" / "canvas.csv").read_text()


def test_every_format_is_written(autograder, results):
    for name, file in (
        ("csv", "grades.csv"),
        ("moodle", "moodle.csv"),
        ("gradescope", f"gradescope/ada/{NAME}/results.json"),
    ):
        done = autograder("export", results, "--format", name)
        assert done.status == 0, done.err
        assert (results / "exports" / file).is_file()


def test_marks_for_an_earlier_answer_are_named(autograder, results, toy, tmp_path):
    shutil.copy(results / "results.json", tmp_path)
    autograder("gradebook", tmp_path, "--course", toy.root)
    with sqlite3.connect(tmp_path / "gradebook" / "gradebook.db") as connection:
        connection.execute("UPDATE grade SET manual_score = 1.5 WHERE auto_score IS NULL")
        connection.execute("UPDATE grade SET needs_manual_grade = 0")
    assert "earlier answer" not in autograder("export", tmp_path).out
    graded = tmp_path / "gradebook" / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    executed = tmp_path / "executed" / "ada" / f"{NAME}.ipynb"
    executed.parent.mkdir(parents=True)
    shutil.copy(graded, executed)
    os.utime(executed, (0, graded.stat().st_mtime + 60))
    output = autograder("export", tmp_path).out
    assert f"run `autograder gradebook` to compare:\n  ada {NAME}\n" in output
    with sqlite3.connect(tmp_path / "gradebook" / "gradebook.db") as connection:
        connection.execute("UPDATE grade SET needs_manual_grade = 1 WHERE manual_score IS NOT NULL")
    for command in ("export", "feedback", "report"):
        output = autograder(command, tmp_path).out
        assert (
            f"2 marks were given for an earlier answer; look again in formgrader:\n  ada {NAME} written-why" in output
        )


def test_the_table_after_grading_knows_what_a_person_has_graded(autograder, results, toy, tmp_path):
    shutil.copy(results / "results.json", tmp_path)
    autograder("gradebook", tmp_path, "--course", toy.root)
    with sqlite3.connect(tmp_path / "gradebook" / "gradebook.db") as connection:
        connection.execute("UPDATE grade SET manual_score = 1.5 WHERE auto_score IS NULL")
        connection.execute("UPDATE grade SET needs_manual_grade = 0")
    batch, terminal = [result("ada"), result("bob", 0.0)], Terminal(file=io.StringIO(), width=200)
    shown = after_grading(batch, tmp_path, terminal)
    assert [(r.pending, r.score - old.score) for r, old in zip(shown, batch, strict=True)] == [(0, 1.5), (0, 1.5)]
    assert "2 scores given by hand" in terminal.file.getvalue()


def test_the_table_after_grading_does_without_a_gradebook_of_its_assignment(tmp_path):
    batch, terminal = [result("ada")], Terminal(file=io.StringIO(), width=200)
    assert after_grading(batch, tmp_path, terminal) == batch and terminal.file.getvalue() == ""
    (tmp_path / "gradebook").mkdir()
    (tmp_path / "gradebook" / "gradebook.db").write_text("no database")
    assert after_grading(batch, tmp_path, terminal) == batch
    assert "scores given by hand are not shown" in terminal.file.getvalue()


def test_late_penalties_are_taken_off(autograder, results):
    late = ("--late", "per-day:0.1:0.5", "--due", results / "due.csv", "--times", results / "times.csv")
    done = autograder("export", results, *late, "--out", results / "late.csv")
    assert done.status == 0, done.err
    assert "1 with a late penalty" in done.out
    rows = {row["student"]: row for row in csv.DictReader((results / "late.csv").open())}
    assert (rows["ada"]["late_penalty"], rows["bob"]["late_penalty"], rows["bob"]["final_score"]) == ("0", "0.6", "2.4")
    pages = autograder("feedback", results, *late, "--out", results / "late")
    assert pages.status == 0, pages.err
    assert "2.4 <span" in (results / "late" / NAME / "bob.html").read_text()


def test_what_a_platform_exported_is_filled_in(autograder, results, tmp_path):
    (tmp_path / "board.csv").write_text(
        "Last Name,First Name,Username,Student ID,Gas [Total Pts: 10 Score] |7\nL,A,ada,1,\n"
    )
    command = (
        "export",
        results,
        "--format",
        "filled",
        "--roster",
        tmp_path / "board.csv",
        "--out",
        tmp_path / "back.csv",
    )
    done = autograder(*command, "--column", f"{NAME}=Gas")
    assert done.status == 0, done.err
    assert "left out: bob: not in the roster" in done.out
    assert (tmp_path / "back.csv").read_text().splitlines()[1] == "L,A,ada,1,8"
    refused = autograder(*command)
    assert (refused.status, f"name it with --column {NAME}=NAME" in refused.err) == (2, True)


def test_times_come_from_names_and_from_moodles_worksheet(autograder, tmp_path):
    attempt = f"Gas_ada_attempt_2026-11-01-13-00-01_{NAME}.ipynb"
    moodle = result("bob", platform="Moodle", number="124")
    batch = batch_to_json([replace(result("ada"), file=attempt), moodle, result("cleo")])
    (tmp_path / "results.json").write_text(json.dumps(batch))
    (tmp_path / "due.csv").write_text(DUE.replace("+00:00", "+01:00"))
    (tmp_path / "sheet.csv").write_text(
        'Identifier,Full name,Last modified (submission)\nParticipant 124,Bob,"Sunday, 1 November 2026, 12:30 PM"\n'
    )
    (tmp_path / "rest.csv").write_text(f"student,assignment,submitted\n,{NAME},2026-11-01T11:00+01:00\n")
    times = ("--times", tmp_path / "sheet.csv", "--times", tmp_path / "rest.csv")
    late = ("--late", "per-day:0.1", "--due", tmp_path / "due.csv", *times, "--out", tmp_path / "late.csv")
    done = autograder("export", tmp_path, *late)
    assert done.status == 0, done.err
    assert "2 times of submission are the platform's, without a zone" in done.out
    hours = {row["student"]: float(row["late_hours"]) for row in csv.DictReader((tmp_path / "late.csv").open())}
    assert hours == {"ada": 1.0003, "bob": 0.5, "cleo": 0}


def test_students_who_handed_in_nothing_are_named(autograder, results, tmp_path):
    table = tmp_path / "times.csv"
    table.write_text(TIMES + f"bbo,{NAME},2026-11-01T12:00Z\n")
    late = ("--late", "cutoff", "--due", "due.csv", "--times", table, "--out", tmp_path / "late.csv")
    assert "their rows do not count:\n  bbo\n" in autograder("export", ".", *late).out


def test_the_file_in_the_results_folder_stands_for_the_folder(autograder, results):
    done = autograder("export", results / "results.json", "--format", "moodle")
    assert done.status == 0, done.err
    assert str(results / "exports" / "moodle.csv") in done.out


@pytest.mark.parametrize(
    ("batch", "words"),
    [
        ({"schema_version": 1, "submissions": []}, "holds no submission"),
        ({"schema_version": 2, "submissions": []}, "schema version 2; expected 1"),
        ([], "is damaged"),
    ],
)
def test_results_that_nothing_can_be_made_from_are_refused(autograder, tmp_path, batch, words):
    (tmp_path / "results.json").write_text(json.dumps(batch))
    for command in ("export", "feedback", "report"):
        done = autograder(command, tmp_path)
        assert (done.status, words in done.err) == (2, True), done.err
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "nowhere"], "no results.json"),
        (["export", ".", "--format", "blackboard"], "'blackboard' is not one of"),
        (["export", ".", "--format", "canvas", "--tasks"], "--tasks goes with --format csv only"),
        (["export", ".", "--format", "filled"], "name what the platform exported with --roster"),
        (["export", ".", "--column", f"{NAME}=Gas"], "--column goes with --format canvas and --format filled only"),
        (
            ["export", ".", "--format", "canvas", "--column", "Gas"],
            f"expected ASSIGNMENT=NAME with an ASSIGNMENT of {NAME}",
        ),
        (["export", ".", "--late", "daily", "--due", "due.csv"], "no late policy 'daily'"),
        (["export", ".", "--late", "cutoff"], "needs due dates"),
        (["export", ".", "--due", "due.csv"], "name one with --late"),
        (["export", ".", "--late", "cutoff", "--due", "due.csv"], f"ada,{NAME}, bob,{NAME},"),
        (["feedback", ".", "--late", "cutoff"], "needs due dates"),
        (["export", ".", "--late", "cutoff", "--due", "nope.csv"], "there is no file nope.csv"),
        (["export", ".", "--late", "cutoff", "--due", "times.csv"], "line 1: has the columns"),
        (["export", ".", "--gradebook", "none.db"], "there is no gradebook"),
        (["export", ".", "--out", "/proc/nowhere/x.csv"], "cannot be written"),
        (["gradebook", "nowhere", "--course", "COURSE"], "no results.json"),
        (["gradebook", ".", "--out", "/proc/nowhere", "--course", "COURSE"], "cannot be written"),
        (["gradebook", ".", "--db", "notaurl", "--course", "COURSE"], "'notaurl' is none"),
        (["gradebook", ".", "--db", "nonsense://x", "--course", "COURSE"], "needs a database driver"),
    ],
)
def test_wrong_usage_exits_2_with_a_reason_and_no_traceback(autograder, toy, arguments, words):
    done = autograder(*(str(toy.root) if a == "COURSE" else a for a in arguments))
    assert done.status == 2, done.out
    assert words in done.err
    assert "Traceback" not in done.err


def test_pages_about_results_of_another_course_say_so_or_are_refused(autograder, results, course, tmp_path):
    place = ("--course", course.root, "--out", tmp_path / "out")
    refused = autograder("feedback", results, "--rubric", *place)
    assert refused.status == 2
    assert f"'{NAME}', which is not a chapter of this course" in refused.err
    assert not (tmp_path / "out").exists()
    made = autograder("report", results, *place)
    assert made.status == 0, made.err
    assert f"Given code of {NAME} is not known" in made.out
    assert "not a chapter of this course" in made.out


def test_results_of_another_course_are_refused(autograder, results, course):
    done = autograder("gradebook", results, "--out", results / "elsewhere", "--course", course.root)
    assert done.status == 2
    assert f"'{NAME}', which is not a chapter of this course" in done.err
    assert not (results / "elsewhere").exists()
