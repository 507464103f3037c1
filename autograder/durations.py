"""How long the parts of a long step took, and from that how long the rest will take."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from autograder.files import write_atomically

# Takes a line about how far a step is.
Say = Callable[[str], None]


class Durations:
    """Seconds that named parts took the last time on this machine, kept in a file.

    Args:
        path: the JSON file; one that is missing or damaged counts as empty.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            self.seconds = {str(name): float(seconds) for name, seconds in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            self.seconds = {}

    def keep(self, name: str, seconds: float) -> None:
        """Remember how long a part took."""
        self.seconds[name] = round(seconds, 1)
        write_atomically(self._path, json.dumps(self.seconds, indent=1, sort_keys=True))


class Countdown:
    """The parts of a step that still have to be done.

    Args:
        names: all parts.
        jobs: how many are done at a time.
        past: seconds of parts that were done before on this machine, by name.
    """

    def __init__(self, names: Collection[str], jobs: int, past: Mapping[str, float]) -> None:
        self.total = len(names)
        self._waiting, self._jobs, self._past = set(names), jobs, past
        self._done: dict[str, float] = {}

    def finish(self, name: str, seconds: float) -> str:
        """Take note that a part is done; returns how far the step is, in words."""
        self._waiting.discard(name)
        self._done[name] = seconds
        number = f"{self.total - len(self._waiting)} of {self.total}"
        left = self.left() if self._waiting else None
        if left is None:
            return number
        return f"{number}, {about(left)} left{'' if self._waiting <= self._past.keys() else ' at this pace'}"

    def left(self) -> float | None:
        """Seconds that the rest will take, or None where nothing is known.

        A part that was never done counts as the average of those just done, once these are a quarter of all. Where
        parts take longer than last time, as on a busy machine, so will the others.
        """
        if len(self._done) < self.total / 4 and not self._waiting <= self._past.keys():
            return None
        again = self._done.keys() & self._past.keys()
        before = sum(self._past[name] for name in again)
        pace = sum(self._done[name] for name in again) / before if before else 1.0
        average = sum(self._done.values()) / max(1, len(self._done))
        expected = [pace * self._past[name] if name in self._past else average for name in self._waiting]
        return max([sum(expected) / self._jobs, *expected], default=0.0)


def about(seconds: float) -> str:
    """An estimated time as a person says it."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 95:
        return f"about {round(seconds / 10) * 10} s"
    return f"about {round(seconds / 60)} min"


def counted(number: int, noun: str) -> str:
    """A number of things, with an "s" unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def silent(_: str) -> None:
    """Say nothing about how far a step is."""
