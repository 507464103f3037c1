"""Notes about named mistakes: the report asks for them, the instructor writes them, feedback pages show them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from autograder.cli.feedback import feedback
from autograder.cli.report import report
from autograder.errors import ReportError
from autograder.grading.grade_submission import GradedSubmission
from autograder.grading.store import ResultsFolder
from autograder.reporting.mistake_notes import FILE, read_notes, write_notes
from autograder.results import TaskResult
from tests.support.graded import result as graded
from tests.support.toy import NAME

KEY = (NAME, "double", "off-by-one")


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ada, Bob and Cy have made two mistakes and left one exercise empty."""
    monkeypatch.chdir(tmp_path)
    folder, batch = ResultsFolder(tmp_path / "results"), []
    for student, mistake in (("ada", "off-by-one"), ("bob", "off-by-one"), ("cy", "sign")):
        tasks = (
            TaskResult("test-double", 0.0, 5.0, "failed", "double(1) is 3; expected 2.", "one is added.", mistake),
            TaskResult("test-net", 0.0, 1.0, "failed", "net is not written yet.", "", "not-written"),
        )
        batch.append(graded(student, tasks=tasks))
        folder.write(GradedSubmission(batch[-1], None))
    folder.write_batch(batch)
    return folder.root


def test_the_report_asks_for_a_note_about_each_named_mistake(results: Path) -> None:
    report(results)
    rows = list(csv.reader((results / FILE).read_text(encoding="utf-8-sig").splitlines()))
    assert rows == [
        ["assignment", "exercise", "mistake", "note"],
        [NAME, "double", "off-by-one", ""],
        [NAME, "double", "sign", ""],
    ]
    assert FILE in (results / "report.html").read_text()


def test_a_note_reaches_everyone_who_made_the_mistake_and_stays(results: Path) -> None:
    report(results)
    write_notes(results / FILE, {**read_notes(results / FILE), KEY: "See *page 3*."})
    report(results)
    assert "See <em>page 3</em>." in (results / "report.html").read_text()
    feedback(results)
    pages = {name: (results / "feedback" / NAME / f"{name}.html").read_text() for name in ("ada", "bob", "cy")}
    assert {name: "See <em>page 3</em>." in page for name, page in pages.items()} == {
        "ada": True,
        "bob": True,
        "cy": False,
    }


def test_a_note_is_kept_when_nobody_makes_the_mistake_any_more(results: Path) -> None:
    write_notes(results / FILE, {(NAME, "double", "gone"): "Kept."})
    report(results)
    assert read_notes(results / FILE)[NAME, "double", "gone"] == "Kept."


def test_what_a_spreadsheet_program_saved_is_read_and_keeps_its_form(results: Path) -> None:
    lines = f'assignment;exercise;mistake;note\r\n{NAME};double;off-by-one;"Two\nlines; one note"\r\n'
    (results / FILE).write_bytes(lines.encode("utf-8-sig"))
    assert read_notes(results / FILE) == {KEY: "Two\nlines; one note"}
    report(results)
    assert (results / FILE).read_text(encoding="utf-8-sig").startswith("assignment;exercise;mistake;note\n")
    assert read_notes(results / FILE)[KEY] == "Two\nlines; one note"


def test_an_unchanged_file_is_left_alone(results: Path) -> None:
    report(results)
    before = (results / FILE).stat().st_mtime_ns, (results / FILE).stat().st_ino
    report(results)
    assert ((results / FILE).stat().st_mtime_ns, (results / FILE).stat().st_ino) == before


def test_a_mistake_that_is_there_twice_is_refused(results: Path) -> None:
    (results / FILE).write_text("assignment,exercise,mistake,note\na,b,c,one\na,b,c,two\n")
    with pytest.raises(ReportError, match="line 3: a, b, c is there twice"):
        feedback(results)
