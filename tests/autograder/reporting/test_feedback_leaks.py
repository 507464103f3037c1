"""No feedback page of any chapter shows a hidden test, a solution, a mark scheme or a place of the grader's machine."""

import copy
import html
import re

import pytest
from nbformat.v4 import new_output

from autograder.grading.source import prepare_source
from autograder.notebook.cells import cell_info, hidden_lines
from autograder.notebook.reconcile import reconcile
from autograder.notebook.student_edition import student_edition
from autograder.reporting.feedback import feedback_page
from autograder.reporting.lateness import Grade
from autograder.reporting.redaction import hidden_text
from autograder.results import SubmissionResult, TaskResult
from tests.conftest import ROOT
from tests.support.secrets import leaked, secrets

# Beside the tests of the book, which make the same automatic tests.
pytestmark = pytest.mark.xdist_group("book")

CHAPTERS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
MACHINE = "/tmp/grading-x1/place/student.py"


def executed(source):
    """A submission as grading leaves it: hidden tests restored, every test failed loudly, every answer curious."""
    submission = copy.deepcopy(student_edition(source))
    for cell in submission.cells:
        if cell_info(cell).kind in ("solution", "manual"):
            cell.source = "mine = open('grades.db')"
    notebook = reconcile(submission, source).notebook
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        cell.execution_count = number
        trace = [f"File {MACHINE}:3", cell.source, f"{MACHINE}: AssertionError"]
        cell.outputs = [
            new_output(
                "stream", text=f"{MACHINE}:1: UserWarning\n" + (cell.source if cell_info(cell).kind == "test" else "")
            ),
            new_output("error", ename="AssertionError", evalue=f"in {MACHINE}", traceback=trace),
        ]
    return notebook


def result(source, **environment):
    cells = [cell_info(cell) for cell in source.cells if cell_info(cell).scored]
    tasks = tuple(
        TaskResult(str(c.grade_id), 0.0, c.points, "error", f"A hidden test failed in {MACHINE}.") for c in cells
    )
    return SubmissionResult("eve", "chapter", tasks, (), f"ended in {MACHINE}", "none", environment, "", 1.0)


def visible(page):
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.fixture(scope="module", params=CHAPTERS)
def source(request, course):
    return prepare_source(course, request.param)


def test_a_page_of_a_failed_submission_gives_nothing_away(source, course):
    notebook = executed(source)
    page = feedback_page(Grade(result(source)), notebook)
    assert "AssertionError: in …/student.py" in visible(page)  # outputs of the student's cells are there
    assert leaked(visible(page), secrets(course)) == {}
    assert leaked(page, secrets(course)) == {}
    for place in ("/tmp", str(ROOT), "site-packages"):
        assert place not in page


def test_a_page_gives_nothing_away_where_the_students_code_has_read_the_tests(source, course):
    notebook = executed(source)
    told = "\n".join(line for cell in notebook.cells for line in hidden_lines(cell.source))
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell_info(cell).kind != "test":
            cell.outputs = [new_output("stream", text=told), new_output("display_data", data={"text/html": told})]
    # Beside the student's code, hidden tests can be read and disguised: no output is shown at all.
    assert leaked(visible(feedback_page(Grade(result(source, scoring="nbgrader")), notebook)), secrets(course)) == {}
    # Elsewhere they cannot be had, and lines long enough to tell anything are left out nevertheless.
    page = visible(feedback_page(Grade(result(source)), notebook))
    assert [line for line in hidden_text(notebook) & secrets(course).keys() if line in page] == []
