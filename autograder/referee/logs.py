"""Loggers that a test cell has set up to capture what is logged, and what the student's code has logged there."""

from __future__ import annotations

import logging
from typing import Any

_LONGEST_NAME = 1000
_Setup = tuple[list[logging.Handler], int, bool]


def looks_at_logs(source: str) -> bool:
    """True for a test cell that captures what is logged: to look at all loggers with each request takes its time."""
    return any(word in source for word in ("logging", "assertLogs", "assertNoLogs"))


def logger_setups() -> dict[str, _Setup]:
    """The handlers and level of each logger, and whether it passes records on."""
    named = {"root": logging.root, **logging.root.manager.loggerDict}
    loggers = {name: found for name, found in named.items() if isinstance(found, logging.Logger)}
    return {name: ([*found.handlers], found.level, found.propagate) for name, found in loggers.items()}


def changed_levels(before: dict[str, _Setup]) -> dict[str, int]:
    """The levels of the loggers that are not set up as they were, by name; a new one counts if it handles records."""
    new: _Setup = ([], logging.NOTSET, True)
    return {name: setup[1] for name, setup in logger_setups().items() if setup != before.get(name, new)}


def log_again(logged: Any) -> None:
    """Log here what was logged in the student's kernel; what is not well formed is left out."""
    for entry in logged[:1000] if isinstance(logged, list) else ():
        match entry:
            case [str(name), int(level), str(text)] if len(name) <= _LONGEST_NAME:
                logger = _nearest(name)
                if logger.isEnabledFor(level):
                    about = {"levelno": level, "levelname": logging.getLevelName(level), "msg": text[:1000]}
                    logger.handle(logging.makeLogRecord({**about, "name": name}))


def _nearest(name: str) -> logging.Logger:
    """The logger of this name, else its next ancestor: none is made for a name of a student's."""
    while name:
        found = logging.root.manager.loggerDict.get(name)
        if isinstance(found, logging.Logger):
            return found
        name = name.rpartition(".")[0]
    return logging.root
