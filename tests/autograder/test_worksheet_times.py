"""Times from the grading worksheet of a Moodle assignment."""

from datetime import datetime

import pytest

from autograder.errors import LateError
from autograder.worksheet_times import is_worksheet, read_worksheet_times

HEADER = "Identifier,Full name,Status,Grade,Last modified (submission),Last modified (grade)\n"


def sheet(tmp_path, *times):
    rows = (f'Participant {number},Ada L,Submitted for grading,,"{time}",-\n' for number, time in enumerate(times, 7))
    (tmp_path / "sheet.csv").write_text(HEADER + "".join(rows))
    return tmp_path / "sheet.csv"


def test_times_are_read_in_both_orders_of_english_and_without_a_submission_there_is_none(tmp_path):
    path = sheet(tmp_path, "Friday, 20 November 2026, 11:15 PM", "-", "Friday, November 20, 2026, 9:05 AM", "")
    assert is_worksheet(path)
    assert read_worksheet_times(path) == {"7": datetime(2026, 11, 20, 23, 15), "9": datetime(2026, 11, 20, 9, 5)}


def test_a_time_in_another_language_is_named_with_its_line(tmp_path):
    with pytest.raises(LateError, match=r"line 2: 'Freitag, 20\. November 2026, 23:15' is not a time"):
        read_worksheet_times(sheet(tmp_path, "Freitag, 20. November 2026, 23:15"))


def test_another_table_is_no_worksheet(tmp_path):
    (tmp_path / "times.csv").write_text("student,assignment,submitted\n")
    assert not is_worksheet(tmp_path / "times.csv")
