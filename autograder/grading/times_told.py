"""When a file was handed in, as far as its place tells: what platforms write into names; nbgrader's timestamp.txt."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from autograder.errors import LateError
from autograder.grading.name_parts import composed
from autograder.grading.naming_rules import FILES, FOLDERS

_THREE_DIGITS = re.compile(r"(?<!\d)(\d{3})(?= ?[AP]M$)", re.IGNORECASE)
_EXAMPLE = "a time such as 2026-11-01 12:00:00 UTC"


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
        return _zoned(text)
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise LateError(f"{path} holds {text[:60]!r}; expected {_EXAMPLE}.") from error


def _zoned(text: str) -> datetime:
    match = re.fullmatch(r"(\S+[ T]\S+?)(?:\s+(\S+))?", text)
    if match is None:
        raise ValueError(text)
    zone = match[2]
    if zone is not None and re.fullmatch(r"[+-]\d\d:?\d\d", zone):
        return datetime.fromisoformat(match[1] + zone)
    moment = datetime.fromisoformat(match[1])
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)


def _read(text: str, written: str) -> datetime | None:
    try:
        if "%Z" in written:
            return _zoned(text)
        # Brightspace's hours have one digit or two: 126 PM is not 12:06.
        padded = _THREE_DIGITS.sub(r"0\1", text)
        if "%p" in written and not padded[-1].isalpha():
            return datetime.strptime(padded, written.replace("%I", "%H").removesuffix(" %p"))
        return datetime.strptime(padded, written)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None
