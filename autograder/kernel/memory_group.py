"""A control group for each kernel, in which Linux itself counts and bounds the memory of all that the kernel starts.

What belongs to no process counts as well, at every moment: files in memory, shared segments, what pipes hold. Groups of
either version of control groups are made below that of whoever grades, where that account may make some.
"""

from __future__ import annotations

import itertools
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PREFIX = "autograder-"
_GRADER = f"{_PREFIX}grader"
_CONTROL = "cgroup.subtree_control"
_GONE_SECONDS = 5.0
_DELEGATED = "systemd-run --user --scope --property Delegate=yes autograder grade …"
# Bytes that a group may hold, by version: of memory, and of memory with what is swapped out (version 1) or of the
# latter alone (version 2), which are there only where the machine counts swapped memory.
_LIMITS = {1: ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"), 2: ("memory.max", "memory.swap.max")}
_EVENTS = {1: "memory.oom_control", 2: "memory.events"}
_numbers = itertools.count()


@dataclass(frozen=True)
class MemoryGroups:
    """Where control groups for kernels are made.

    Attributes:
        folder: the group that they are part of.
        version: of control groups, 1 or 2.
    """

    folder: str
    version: int

    def make(self, memory_bytes: int) -> MemoryGroup:
        """An empty group whose processes may hold ``memory_bytes`` together.

        Raises:
            OSError: if the machine refuses.
        """
        folder = Path(self.folder, f"{_PREFIX}{os.getpid()}-{next(_numbers)}")
        folder.mkdir()
        try:
            memory, swap = (folder / name for name in _LIMITS[self.version])
            memory.write_text(str(memory_bytes))
            if swap.exists():
                swap.write_text(str(memory_bytes if self.version == 1 else 0))
            members = os.open(folder / "cgroup.procs", os.O_RDWR | os.O_CLOEXEC)
            return MemoryGroup(folder, members, os.open(folder / _EVENTS[self.version], os.O_RDONLY | os.O_CLOEXEC))
        except OSError:
            folder.rmdir()
            raise


@dataclass(frozen=True)
class MemoryGroup:
    """One control group.

    Attributes:
        folder: where it is.
        members: the file that a process joins it with, see :func:`join`.
        events: the file that tells what happened in it, see :func:`ran_out`.
    """

    folder: Path
    members: int
    events: int

    def remove(self) -> None:
        """End every process in it, and remove it; one that cannot be ended leaves the group behind."""
        until = time.monotonic() + _GONE_SECONDS
        for file in (self.members, self.events):
            os.close(file)
        while time.monotonic() < until:
            for process in (self.folder / "cgroup.procs").read_text().split():
                with suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
            with suppress(OSError):
                self.folder.rmdir()
                return
            time.sleep(0.002)


def join(members: int) -> None:
    """Move this process into the group whose file ``members`` is; what it starts from now on is in it, too.

    Raises:
        OSError: if the machine refuses.
    """
    os.write(members, b"0")


def ran_out(events: int) -> bool:
    """True if Linux has ended a process of the group because all of them together held too much."""
    lines = [line.split() for line in os.pread(events, 4096, 0).decode().splitlines()]
    return any(line[0] == "oom_kill" and int(line[1]) > 0 for line in lines)


def memory_groups() -> MemoryGroups:
    """Where this process can make control groups that bound memory; removes what killed graders have left there.

    With version 2, this process may have to join a group of its own for that.

    Raises:
        OSError: if there is none, or the account may make none.
    """
    folder, version = _own_group(Path("/proc/self/mountinfo").read_text(), Path("/proc/self/cgroup").read_text())
    if version == 2:
        folder = _with_limits_below(folder)
    for left in folder.glob(f"{_PREFIX}*-*"):
        if not Path("/proc", left.name.split("-")[1]).exists():
            with suppress(OSError):
                left.rmdir()
    return MemoryGroups(str(folder), version)


def _own_group(mounts: str, memberships: str) -> tuple[Path, int]:
    """The control group of this process that counts memory, and its version.

    Args:
        mounts, memberships: what ``mountinfo`` and ``cgroup`` in ``/proc`` say of a process.
    """
    own = [line.split(":", 2)[1:] for line in memberships.splitlines()]
    for line in mounts.splitlines():
        (_, _, _, root, point, *_), (kind, _, options) = (part.split() for part in line.split(" - "))
        version = {"cgroup": 1, "cgroup2": 2}.get(kind)
        for controllers, path in own:
            # The hierarchy of version 2 is the one without controllers in its name.
            counts = ("memory" in controllers.split(",") and "memory" in options.split(",")) or version == 2
            if version is None or bool(controllers) != (version == 1) or not counts:
                continue
            folder = Path(point, os.path.relpath(path, root))
            if version == 1 or "memory" in (folder / "cgroup.controllers").read_text().split():
                return folder, version
    raise OSError("no control group counts memory here")


def _with_limits_below(group: Path) -> Path:
    """A group of version 2 below which groups can have limits: ``group``, or the one above a grader's own."""
    if group.name == _GRADER:
        group = group.parent
    if "memory" in (group / _CONTROL).read_text().split():
        return group
    # Linux allows that only where no process is in the group itself.
    if (group / "cgroup.procs").read_text().split() != [str(os.getpid())]:
        raise OSError(f"other processes are in this one's control group; begin with `{_DELEGATED}`")
    own = group / _GRADER
    own.mkdir(exist_ok=True)
    (own / "cgroup.procs").write_text(str(os.getpid()))
    (group / _CONTROL).write_text("+memory")
    return group
