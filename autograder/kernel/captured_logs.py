"""What a student's code logs, for a test cell that captures it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_MOST_RECORDS, _LONGEST = 1000, 1000


class _Kept(logging.Handler):
    """Keeps what is logged: of each record the logger's name, the level and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[list[Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.records) < _MOST_RECORDS:
            self.records.append([record.name[:_LONGEST], record.levelno, record.getMessage()[:_LONGEST]])


@contextmanager
def logs_kept(levels: Mapping[str, int]) -> Iterator[list[list[Any]]]:
    """Within the block, these loggers log at these levels, and only into the list that is given.

    Args:
        levels: by the loggers' names; the root's is ``root``.
    """
    kept = _Kept()
    loggers = {logging.getLogger(name): level for name, level in levels.items()}
    before = [(logger, logger.handlers, logger.level, logger.propagate) for logger in loggers]
    for logger, level in loggers.items():
        logger.handlers, logger.propagate = [kept], False
        logger.setLevel(level)
    try:
        yield kept.records
    finally:
        for logger, handlers, level, propagates in before:
            logger.handlers, logger.propagate = handlers, propagates
            logger.setLevel(level)
