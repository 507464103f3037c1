"""The processes of a kernel, as Linux tells them in ``/proc``: what it has started, and how much they compute."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_ENDED, _GONE = ("Z", "X"), ("X",)
_COMPUTING = ("R", "D")
# After the program's name: state, parent; then, from the 12th on, the ticks of a process in user mode and in the
# kernel of Linux, and those of its children that it has waited for. See proc_pid_stat(5).
_TICKS = slice(11, 15)


@dataclass(frozen=True)
class Activity:
    """What a kernel and all that it has started have computed.

    Attributes:
        seconds: processor time of all their threads, dead children's too.
        running: True where one of their threads computes, or waits for a core or a disk and for nothing else.
    """

    seconds: float
    running: bool


def with_descendants(root: int, ended: bool = False) -> Iterator[Path]:
    """The folders in ``/proc`` of a process and its descendants.

    Args:
        root: process id.
        ended: True for those, too, that have ended and that nobody has waited for.
    """
    left_out = _GONE if ended else _ENDED
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[1-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            state, parent = _fields(folder / "stat")[:2]
            if state not in left_out:
                children.setdefault(int(parent), []).append(int(folder.name))
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        yield Path("/proc", str(pid))
        waiting += children.get(pid, ())


def activity_of(root: int) -> Activity | None:
    """What process ``root`` and its descendants compute; None where the system does not tell.

    Children that a process lets Linux collect (``SIGCHLD`` ignored) count while they live only.
    """
    if not Path("/proc/self/stat").exists():
        return None
    ticks, running = 0, False
    for process in with_descendants(root, ended=True):
        with suppress(FileNotFoundError, ProcessLookupError):
            ticks += sum(map(int, _fields(process / "stat")[_TICKS]))
            threads = (process / "task").iterdir()
            running = running or any(_fields(thread / "stat")[0] in _COMPUTING for thread in threads)
    return Activity(ticks / os.sysconf("SC_CLK_TCK"), running)


def _fields(stat: Path) -> list[str]:
    """What stands after the program's name, which is in parentheses and may hold anything."""
    return stat.read_text(errors="replace").rpartition(")")[2].split()
