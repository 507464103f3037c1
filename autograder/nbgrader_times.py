"""Times as nbgrader writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def read_nbgrader_time(text: str) -> datetime:
    """An aware time from ``2026-11-01 12:00:00.000000 UTC``; one without zone is UTC there.

    Raises:
        ValueError: if the text is something else.
    """
    match = re.fullmatch(r"(\S+[ T]\S+?)(?:\s+(\S+))?", text)
    if match is None:
        raise ValueError(text)
    zone = match[2]
    if zone is not None and re.fullmatch(r"[+-]\d\d:?\d\d", zone):
        return datetime.fromisoformat(match[1] + zone)
    moment = datetime.fromisoformat(match[1])
    try:
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(text) from error
