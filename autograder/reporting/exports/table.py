"""CSV text that no spreadsheet runs, and in which every character can be seen."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from autograder.printable import printable

# OWASP, "CSV Injection" (owasp.org/www-community/attacks/CSV_Injection): a cell that begins with one of these can be
# taken for a formula. The full-width forms are read as their ASCII relatives by some programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

Value = str | float | None


def cell(value: Value) -> str:
    """A value as a cell: numbers plain, text that could be a formula with an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, str):
        # The writer leaves a lone carriage return unquoted, and readers then see the end of a line.
        text = printable(value.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
        # A lone dash is Moodle's word for no grade, and no formula.
        harmless = text == "-" or not (text.startswith(_FORMULA) or text.lstrip(" ").startswith(_FORMULA))
        return text if harmless else f"'{text}"
    return f"{round(value, 4):.12g}"


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """A table as CSV (RFC 4180, but for line feeds as line ends)."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return output.getvalue()
