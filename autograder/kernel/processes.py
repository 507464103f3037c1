"""The processes of a kernel, as Linux tells them in ``/proc``: what it has started, and how much they compute."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_ENDED, _GONE = ("Z", "X"), ("X",)
_READY, _COMPUTING = "R", ("R", "D")
# After the program's name: state, parent; then, from the 12th on, the ticks of a process in user mode and in the
# kernel of Linux, and those of its children that it has waited for. See proc_pid_stat(5).
_TICKS = slice(11, 15)


@dataclass(frozen=True)
class Activity:
    """What a kernel and all that it has started have computed.

    Attributes:
        seconds: processor time of all their threads, dead children's too.
        running: True where one of their threads computes, or waits for a core or a disk and for nothing else.
        ready: True where one of them computes, or waits for a core and for nothing else.
    """

    seconds: float
    running: bool
    ready: bool = False


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
    ticks, states = 0, set[str]()
    for process in with_descendants(root, ended=True):
        with suppress(FileNotFoundError, ProcessLookupError):
            ticks += sum(map(int, _fields(process / "stat")[_TICKS]))
            threads = (process / "task").iterdir()
            states.update(_fields(thread / "stat")[0] for thread in threads)
    return Activity(ticks / os.sysconf("SC_CLK_TCK"), not states.isdisjoint(_COMPUTING), _READY in states)


def _fields(stat: Path) -> list[str]:
    """What stands after the program's name, which is in parentheses and may hold anything."""
    return stat.read_text(errors="replace").rpartition(")")[2].split()
