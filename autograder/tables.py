"""Read the CSV files that instructors write."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError

_LONGEST_LINE = 1_000_000


@dataclass(frozen=True)
class Sheet:
    """A CSV file as it is, to be written again with other values in some cells.

    Attributes:
        header: the first line's cells.
        rows: cells of the other lines, by the number of the line that ends each.
        delimiter, begins: what separates cells; the byte order mark, or empty.
    """

    header: tuple[str, ...]
    rows: dict[int, list[str]]
    delimiter: str
    begins: str = ""

    def text(self) -> str:
        """The file's text."""
        output = io.StringIO()
        writer = csv.writer(output, delimiter=self.delimiter, lineterminator="\n")
        writer.writerows([self.header, *self.rows.values()])
        return self.begins + output.getvalue()


def read_sheet(path: Path, error: type[AutograderError]) -> Sheet:
    """Read a CSV file with all that is in it.

    Raises:
        error: if the file cannot be read, or a line is malformed.
    """
    _, delimiter = read_header(path, error)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        bare = text.removeprefix("\ufeff")
        reader = csv.reader(io.StringIO(bare, newline=""), delimiter=delimiter, strict=True)
        header = tuple(next(reader, ()))
        rows = {}
        for row in reader:
            if row:
                rows[reader.line_num] = row
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise error(f"{path} cannot be read: {fault}. Expected the CSV file that the platform wrote.") from fault
    return Sheet(header, rows, delimiter, "\ufeff" if bare != text else "")


def read_header(path: Path, error: type[AutograderError]) -> tuple[tuple[str, ...], str]:
    """The columns of a CSV file, and what separates them: a comma, or the semicolon or tab of some programs.

    Raises:
        error: if the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline(_LONGEST_LINE)
    except (OSError, UnicodeDecodeError) as fault:
        raise error(f"{path} cannot be read: {fault}. Expected a CSV file in UTF-8.") from fault
    delimiter = max(",;\t", key=line.count)
    names = next(csv.reader([line], delimiter=delimiter), [])
    return tuple(name.strip() for name in names), delimiter


def read_table(
    path: Path,
    columns: Sequence[str],
    error: type[AutograderError],
    optional: Sequence[str] = (),
    delimiter: str = ",",
) -> list[tuple[int, dict[str, str]]]:
    """The named columns of a CSV file in UTF-8 whose first line holds the columns' names.

    Args:
        optional: columns that the file may lack; their values are empty then.
        delimiter: what separates values.

    Returns:
        For each line that is not blank its number and its values without surrounding space.

    Raises:
        error: if the file cannot be read or lacks a column, or a line is malformed; the message names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restkey="", restval="", delimiter=delimiter)
            header = [name.strip() for name in reader.fieldnames or ()]
            if not set(columns) <= set(header):
                raise error(f"{path}, line 1: has the columns {header}; expected {', '.join(columns)}.")
            reader.fieldnames = header
            rows = [(reader.line_num, row) for row in reader]
    except FileNotFoundError as fault:
        raise error(f"there is no file {path}. Expected a CSV file with the columns {', '.join(columns)}.") from fault
    except OSError as fault:
        raise error(f"{path} cannot be read: {fault.strerror}. Expected a CSV file that you may read.") from fault
    except UnicodeDecodeError as fault:
        raise error(f"{path} is not in UTF-8: {fault}. Save it as a CSV file in UTF-8.") from fault
    except csv.Error as fault:
        raise error(f"{path}, line {reader.reader.line_num}: {fault}. Expected comma-separated values.") from fault
    for number, row in rows:
        if "" in row:
            raise error(f"{path}, line {number}: has more values than the {len(header)} columns of line 1.")
    return [(number, {name: row.get(name, "").strip() for name in (*columns, *optional)}) for number, row in rows]
