import pytest

from autograder.reporting.redaction import HIDDEN, hidden_text, redacted
from tests.support.toy import toy_notebook


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/tmp/ipykernel_31/77.py:3: RuntimeWarning: overflow", "…/77.py:3: RuntimeWarning: overflow"),
        ("No such file: '/tmp/a-1/mine/data.csv'", "No such file: '…/data.csv'"),
        ('File "/usr/lib/python3.11/site-packages/numpy/x.py", line 3', 'File "…/x.py", line 3'),
        (r"C:\Users\ta\course\x.py", "…/x.py"),
        (r"\\server\share\grades.db", "…/grades.db"),
        ("cwd=/home/ta/course/", "cwd=…/"),
    ],
)
def test_a_folder_of_the_machine_is_taken_out(text, expected):
    assert redacted(text) == expected


@pytest.mark.parametrize(
    "text", ["and/or", "1/2/3", "a / b / c", "km/h", "https://example.org/a/b", "x[::2]/y", "20:15/x"]
)
def test_what_is_no_place_stays(text):
    assert redacted(text) == text


def test_lines_of_hidden_tests_are_found_in_test_cells():
    hidden = hidden_text(toy_notebook())
    assert 'assert double(secret) == 9422, "hidden value 9422"' in hidden
    assert 'assert double(1) == 2, "double(1) should be 2"' not in hidden


def test_only_the_line_that_holds_a_secret_is_left_out():
    assert redacted("a\n  check(secret_case) # x\nb", {"check(secret_case)"}) == f"a\n{HIDDEN}\nb"
