"""When a file was handed in, as far as what platforms write into its name, or into a folder's, tells."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath

from autograder.grading.name_parts import composed
from autograder.grading.naming_rules import FILES, FOLDERS
from autograder.nbgrader_times import read_nbgrader_time

_THREE_DIGITS = re.compile(r"(?<!\d)(\d{3})(?= ?[AP]M$)", re.IGNORECASE)


def time_told(file: str) -> datetime | None:
    """The time in the name of a file or of a folder above it; None where no rule finds one, or it cannot be read.

    Without a zone where the platform writes none: it is that of the platform's clock.

    Args:
        file: a path relative to the graded folder.
    """
    place = PurePosixPath(composed(file))
    for name in reversed(place.parts[:-1]):
        for rule in FOLDERS:
            match = rule.pattern.fullmatch(name) if rule.time else None
            if match:
                return _read(match["time"], rule.time)
    for rule in FILES:
        match = rule.pattern.fullmatch(place.stem) if rule.time else None
        if match:
            return _read(match["time"], rule.time)
    return None


def _read(text: str, written: str) -> datetime | None:
    try:
        if "%Z" in written:
            return read_nbgrader_time(text)
        # Brightspace's hours have one digit or two: 126 PM is not 12:06.
        padded = _THREE_DIGITS.sub(r"0\1", text)
        if "%p" in written and not padded[-1].isalpha():
            return datetime.strptime(padded, written.replace("%I", "%H").removesuffix(" %p"))
        return datetime.strptime(padded, written)
    except ValueError:
        return None
