"""A student's name, cell names and messages that hold ESC, line feeds and right-to-left marks, on every surface."""

import csv
import io
import json
import re
import sys
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.cli.app import Terminal, _print_unexpected
from autograder.cli.grade import score_table
from autograder.cli.progress import log_file, shown
from autograder.errors import NotebookError
from autograder.grading.batch import Progress
from autograder.grading.grade_submission import GradedSubmission
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import read_notebook
from autograder.reporting.exports.files import export_files
from autograder.reporting.feedback import feedback_page, write_feedback
from autograder.reporting.gradebook.course_folder import nbgrader_id, student_name
from autograder.reporting.gradebook.safe_notebook import safe_comment
from autograder.reporting.lateness import Grade
from autograder.reporting.report import class_report, report_page
from tests.support.graded import result
from tests.support.toy import meta

EVIL = "eve\x1b[2J\n9/9 \u202efdp.exe\u2066\u200b\u2028\x9b"
ARABIC = "محمد"
# What no text that leaves may hold, but for line feeds and tabs in a text of several lines.
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def evil_result():
    task = replace(
        result().tasks[0], grade_id=f"a{EVIL}", message=EVIL, hint=EVIL, mistake=EVIL, comment=EVIL, points=1.0
    )
    flags = (f"kernel-changed:{EVIL}", f"unknown-cell:{EVIL}")
    return replace(result(EVIL), tasks=(task,), flags=flags, fault=EVIL, file=f"{EVIL}/x.ipynb")


def evil_notebook():
    outputs = [
        new_output("stream", text=EVIL),
        new_output("error", ename=EVIL, evalue=EVIL, traceback=[EVIL]),
        new_output("display_data", data={"text/html": f"<p>{EVIL}</p>"}),
        new_output("display_data", data={"text/latex": f"${EVIL}$"}),
        new_output("display_data", data={f"application/{EVIL}": "x", "text/plain": EVIL}),
    ]
    about = {"mystnb": {"image": {"alt": EVIL}}}
    return new_notebook(
        cells=[
            new_code_cell(f"# {EVIL}", metadata=meta("double", solution=True), outputs=outputs),
            new_code_cell(f"# {EVIL}", metadata=about, outputs=outputs),
            new_markdown_cell(f"{EVIL} ${EVIL}$ ![{EVIL}](x)", metadata=meta("written-why", grade=True, solution=True)),
        ]
    )


def test_the_terminal():
    screen = io.StringIO()
    console = Terminal(file=screen, width=300)
    console.print(score_table([evil_result(), result(ARABIC)]))
    console.print(f"[yellow]who[/]: {EVIL}", EVIL)
    list(shown([Progress(evil_result(), False, 1, 1, EVIL)], 1, console, lambda *_, **__: None))
    assert not HIDDEN.search(screen.getvalue())
    assert r"eve\u001b[2J\u000a9/9 \u202efdp.exe" in screen.getvalue() and ARABIC in screen.getvalue()
    # A name cannot forge a line of its own; the text that is printed twice as it is has two.
    assert sum(line.startswith("9/9") for line in screen.getvalue().splitlines()) == 2


def test_a_fault_of_the_program(capsys):
    _print_unexpected(ValueError, ValueError(EVIL), None)
    assert not HIDDEN.search(capsys.readouterr().err)


def test_the_log(tmp_path):
    with log_file(tmp_path / "log") as log:
        log("submission", student=EVIL, half="\ud800")
    written = (tmp_path / "log").read_text()
    assert not HIDDEN.search(written)
    assert json.loads(written.splitlines()[0])["student"] == EVIL


def test_the_results_hold_the_same_values(tmp_path):
    folder = ResultsFolder(tmp_path)
    evil = replace(evil_result(), student=f"{EVIL}\ud800")
    folder.write(GradedSubmission(evil, evil_notebook()))
    folder.write_batch([evil])
    texts = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(texts) == 3 and not any(map(HIDDEN.search, texts))
    assert folder.read_batch() == [evil]
    assert folder.read_notebook(evil).cells[0].source == f"# {EVIL}"


@pytest.mark.parametrize("format_name", ["csv", "tasks", "canvas", "moodle", "gradescope"])
def test_exports(format_name):
    files = export_files(
        format_name, [Grade(evil_result()), Grade(replace(result(ARABIC), tasks=evil_result().tasks))], {}
    )
    assert not any(HIDDEN.search(text) for text in files.files.values())
    assert any(ARABIC in text for text in files.files.values())
    if format_name != "gradescope":
        assert any(r"\u202efdp.exe" in value for row in csv.reader(io.StringIO(files.files[""])) for value in row)


def test_pages(tmp_path):
    evil = evil_result()
    page = feedback_page(Grade(evil), evil_notebook())
    report = report_page(class_report([evil, replace(evil, student=ARABIC)]))
    write_feedback([(Grade(evil), evil_notebook())], tmp_path)
    index = (tmp_path / "index.html").read_text()
    for text in (page, report, index):
        assert not HIDDEN.search(text)
        assert r"\u202efdp.exe" in text
    assert ARABIC in report


def test_the_gradebook():
    assert not HIDDEN.search(nbgrader_id(EVIL)) and student_name(nbgrader_id(EVIL)) == EVIL
    assert nbgrader_id(ARABIC) == ARABIC
    assert not HIDDEN.search(safe_comment(EVIL))


def test_messages_about_files(tmp_path):
    path = tmp_path / "eve\x1b[2J\n\u202e.ipynb"
    for content in ("{", "[]", '{"nbformat": 4}', '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}'):
        path.write_text(content)
        with pytest.raises(NotebookError) as raised:
            read_notebook(path)
        assert r"eve\u001b[2J\u000a\u202e.ipynb" in str(raised.value)
        assert not HIDDEN.search(str(raised.value))


def test_errors_of_commands(monkeypatch, capsys):
    from autograder.cli import app as module
    from autograder.errors import ResultsError

    def fail():
        raise ResultsError(f"{EVIL} [bold]is wrong[/]")

    # main() sets it for the whole process.
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(module, "app", fail)
    with pytest.raises(SystemExit):
        module.main()
    message = capsys.readouterr().err
    assert not HIDDEN.search(message) and "[bold]is wrong[/]" in message


def test_honest_names_reach_every_surface_as_they_are():
    for name in ("Zoë O'Brien", ARABIC, "👩‍💻", "می‌خواهم"):
        honest = replace(result(name), file=f"{name}.ipynb")
        screen = io.StringIO()
        Terminal(file=screen, width=200).print(score_table([honest]))
        assert name in screen.getvalue()
        assert name in export_files("csv", [Grade(honest)], {}).files[""]
        assert name in report_page(class_report([honest])).replace("&#39;", "'")
        assert nbgrader_id(name) == name
