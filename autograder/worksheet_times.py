"""When files were handed in, from the grading worksheet of a Moodle assignment.

Moodle writes ``Friday, 20 November 2026, 11:15 PM`` in its column ``Last modified (submission)``, and ``Friday,
November 20, 2026, 11:15 PM`` in American English, by the clock of whoever downloads it; in other languages in other
words, which are not read.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from autograder.errors import LateError
from autograder.tables import read_header, read_table

_COLUMNS = ("Identifier", "Last modified (submission)")
_WRITTEN = ("%A, %d %B %Y, %I:%M %p", "%A, %B %d, %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")


def is_worksheet(path: Path) -> bool:
    """True for a CSV file with the worksheet's columns, in English.

    Raises:
        LateError: if the file cannot be read.
    """
    header, _ = read_header(path, LateError)
    return set(_COLUMNS) <= set(header)


def read_worksheet_times(path: Path) -> dict[str, datetime]:
    """Times without zone by the number of the participant, who has another for each assignment.

    Raises:
        LateError: if the file cannot be read, or holds a time in other words.
    """
    _, delimiter = read_header(path, LateError)
    times = {}
    for line, row in read_table(path, _COLUMNS, LateError, delimiter=delimiter):
        number, text = re.search(r"\d+$", row["Identifier"]), row["Last modified (submission)"]
        if number and text.strip(" -"):
            times[number[0]] = _read(text, f"{path}, line {line}")
    return times


def _read(text: str, where: str) -> datetime:
    for written in _WRITTEN:
        with suppress(ValueError):
            return datetime.strptime(text, written)
    raise LateError(f"{where}: {text[:60]!r} is not a time as Moodle writes it in English. Download it in English.")
