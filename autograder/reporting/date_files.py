"""Due dates and times of submission from the files in which instructors and nbgrader write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from autograder.errors import LateError
from autograder.nbgrader_times import read_nbgrader_time
from autograder.tables import read_table

T = TypeVar("T")
S = TypeVar("S")
_EVERYONE = "everyone"


def read_due_dates(path: Path) -> dict[str, datetime | None]:
    """Due times from a CSV file with the columns ``assignment`` and ``due``; an empty ``due`` means none.

    Rows with a value in the column ``student``, which the file may lack, are for :func:`read_extensions`.

    Raises:
        LateError: if the file cannot be read, or a line is malformed; the message names the line.
    """
    rows = [(number, {**row, "student": _EVERYONE}) for number, row in _due_rows(path) if not row["student"]]
    return _by_key(path, rows, lambda row: row["assignment"], _due)


def read_extensions(path: Path) -> dict[tuple[str, str], datetime | None]:
    """Due times of single students, by student and assignment, from the same file as :func:`read_due_dates`.

    Raises:
        LateError: as there.
    """
    rows = [(number, row) for number, row in _due_rows(path) if row["student"]]
    return _by_key(path, rows, _who, _due)


def _who(row: Mapping[str, str]) -> tuple[str, str]:
    return row["student"], row["assignment"]


def _due_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    return read_table(path, ("assignment", "due"), LateError, optional=("student",))


def _due(row: Mapping[str, str]) -> datetime | None:
    return _time(row["due"]) if row["due"] else None


def read_submission_times(path: Path) -> dict[tuple[str, str], datetime]:
    """Times from a CSV file with the columns ``student``, ``assignment`` and ``submitted``.

    A row without student is for everyone of whom nothing else tells the time.

    Raises:
        LateError: if the file cannot be read, or a line is malformed; the message names the line.
    """
    rows = read_table(path, ("student", "assignment", "submitted"), LateError)
    return _by_key(path, rows, _who, lambda row: _time(row["submitted"]), "student")


def nbgrader_time(path: Path) -> datetime | None:
    """The time in a ``timestamp.txt`` of nbgrader, or None where there is no such file.

    nbgrader writes ``2026-11-01 12:00:00.000000 UTC``; a time without zone is UTC there.

    Raises:
        LateError: if the file holds something else.
    """
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    try:
        return read_nbgrader_time(text)
    except ValueError as error:
        raise LateError(f"{path} holds {text[:60]!r}; expected a time such as 2026-11-01 12:00:00 UTC.") from error


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a time; expected ISO 8601 such as 2026-11-01T23:59+01:00") from error
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC; expected for example {text}+01:00")
    return moment


def _by_key(
    path: Path,
    rows: list[tuple[int, dict[str, str]]],
    key: Callable[[dict[str, str]], T],
    value: Callable[[dict[str, str]], S],
    optional: str = "due",
) -> dict[T, S]:
    found: dict[T, S] = {}
    for number, row in rows:
        try:
            if key(row) in found:
                raise ValueError(f"{key(row)} is there twice; expected once")
            if not all(text for name, text in row.items() if name != optional):
                raise ValueError("a value is missing")
            found[key(row)] = value(row)
        except ValueError as error:
            raise LateError(f"{path}, line {number}: {error}. Fix the line.") from error
    return found
