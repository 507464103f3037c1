import re
from urllib.parse import unquote

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.reporting.feedback import exercises, feedback_page, write_feedback
from autograder.results import SubmissionResult, TaskResult
from tests.support.toy import TEST, meta

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def result(**changes):
    tasks = (
        TaskResult("test-double", 0.0, 5.0, "failed", "double(1) is 3; expected 2.", "one is added.", "off-by-one"),
        TaskResult("test-net-1", 2.0, 2.0, "passed"),
        TaskResult("test-net-2", 0.0, 2.0, "not_reached", "Not reached."),
        TaskResult("written-why", 0.0, 1.0, "manual"),
    )
    values = {"student": "ada", "assignment": "01_toy", "tasks": tasks, "flags": ("missing-cell:x",), "fault": None}
    return SubmissionResult(
        **{**values, "isolation": "none", "environment": {}, "digest": "d", "seconds": 1.0, **changes}
    )


def notebook():
    return new_notebook(
        cells=[
            new_code_cell("def double(x):\n    return x + 1", metadata=meta("double", solution=True)),
            new_code_cell(TEST, metadata=meta("test-double", grade=True, locked=True, points=5)),
            new_code_cell("class Net: ...", metadata=meta("net", solution=True)),
            new_markdown_cell(EVIL, metadata=meta("written-why", grade=True, solution=True, points=1)),
        ]
    )


def test_tests_of_one_exercise_stand_together_with_its_answer():
    first, second, third = exercises(result(), notebook())
    assert (first.name, second.name, third.name) == ("double", "net", "written-why")
    assert (second.points, second.max_points, second.answer) == (2, 4, "class Net: ...")


def test_the_page_says_score_message_and_hint():
    page = feedback_page(result(), notebook())
    for words in (
        "2 <span",
        "of 10 points",
        "double(1) is 3; expected 2.",
        "one is added.",
        "return x + 1",
        "was put back",
    ):
        assert words in page


def test_no_hidden_test_is_on_the_page():
    page = feedback_page(result(), notebook())
    assert "4711" not in page
    assert "9422" not in page
    assert "assert" not in page


def test_a_students_markup_is_text():
    tasks = (TaskResult("test-double", 0.0, 5.0, "failed", EVIL, EVIL),)
    page = feedback_page(result(student=EVIL, tasks=tasks, fault=EVIL), notebook())
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 4


def test_a_page_refers_to_no_other_file():
    page = feedback_page(result(), new_notebook(cells=notebook().cells[:3]))
    assert not re.search(r"""(src|href)\s*=|url\(|@import""", page)


def test_a_submission_that_could_not_be_executed_has_a_page():
    assert "torn" in feedback_page(result(fault="the file is torn"), None)


def test_pages_are_listed_in_an_index(tmp_path):
    odd = "a/b <c> ü"
    paths = write_feedback([(result(), notebook()), (result(student=odd), None)], tmp_path)
    index = (tmp_path / "index.html").read_text()
    assert all(path.is_file() and path.is_relative_to(tmp_path) for path in paths)
    links = re.findall(r'href="([^"]+)"', index)
    assert [(tmp_path / unquote(link)) for link in links] == paths
