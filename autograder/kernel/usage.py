"""How much memory a kernel and all that it has started hold together, and how much disk in files without a name.

No limit of a single process tells: a process may start others, a file made by ``memfd_create`` is memory that belongs
to no address space until it is mapped, and a file that was removed while open lies in no folder.
"""

from __future__ import annotations

import os
import resource
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.kernel.processes import with_descendants

_PAGE = resource.getpagesize()
_BLOCK = 512  # what st_blocks counts in, on every file system
_IN_MEMORY = ("/memfd:", "/dev/shm/", "/dev/zero", "/SYSV")
_REMOVED = " (deleted)"


@dataclass(frozen=True)
class Usage:
    """What several processes hold together.

    Attributes:
        memory_bytes: memory that is theirs alone, and files in memory that they hold open or mapped; one that is both
            open and mapped counts twice.
        nameless_bytes: disk space of files that were removed while they were open or mapped.
    """

    memory_bytes: int = 0
    nameless_bytes: int = 0

    def exceeds(self, memory_bytes: int, folder_bytes: int) -> bool:
        """True where it is more than allowed."""
        return self.memory_bytes > memory_bytes or self.nameless_bytes > folder_bytes


def usage_of(root: int, memory_bytes: int, own_system_v: bool = False) -> Usage:
    """What process ``root`` and its descendants hold.

    Args:
        root: process id.
        memory_bytes: below this size of all their pages, those shared with others are not told apart, which is slow.
        own_system_v: True where all System V memory that this process sees is theirs.

    Raises:
        OSError: if one of them cannot be looked at, as when it has hidden itself (``prctl(PR_SET_DUMPABLE, 0)``).
    """
    resident = own = 0
    opened: dict[tuple[int, int], tuple[bool, int]] = {}
    mapped: dict[str, int] = {}
    processes = list(with_descendants(root))
    for process in processes:
        # Whoever has ended meanwhile holds nothing.
        with suppress(FileNotFoundError, ProcessLookupError):
            resident += int((process / "statm").read_text().split()[1]) * _PAGE
            opened |= _nameless_files(process)
            mapped |= _nameless_mappings(process)
    if resident > memory_bytes:
        for process in processes:
            with suppress(FileNotFoundError, ProcessLookupError):
                own += _own_memory(process)
    in_memory = sum(size for memory, size in opened.values() if memory)
    on_disk = sum(size for memory, size in opened.values() if not memory)
    in_memory += _system_v_bytes() if own_system_v else 0
    return Usage(max(own, 0) + in_memory, on_disk + sum(mapped.values()))


def _nameless_files(process: Path) -> dict[tuple[int, int], tuple[bool, int]]:
    """For each open file that has no name: its identity, whether it lies in memory, and its size in bytes."""
    found = {}
    for entry in os.scandir(process / "fd"):
        with suppress(FileNotFoundError, ProcessLookupError):
            about = entry.stat()
            if about.st_nlink == 0 and stat.S_ISREG(about.st_mode):
                memory = str(Path(entry.path).readlink()).startswith(_IN_MEMORY)
                found[about.st_dev, about.st_ino] = memory, about.st_blocks * _BLOCK
    return found


def _nameless_mappings(process: Path) -> dict[str, int]:
    """The bytes mapped of each file on disk that has no name, by device and number."""
    found: dict[str, int] = {}
    for line in (process / "maps").read_text(errors="replace").splitlines():
        if line.endswith(_REMOVED):
            addresses, _, _, device, inode, path = line.split(maxsplit=5)
            if not path.startswith(_IN_MEMORY):
                begin, end = (int(address, 16) for address in addresses.split("-"))
                found[f"{device} {inode}"] = found.get(f"{device} {inode}", 0) + end - begin
    return found


def _system_v_bytes() -> int:
    """Bytes of System V segments, which stay when nobody has them attached."""
    lines = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()]
    columns = [lines[0].index(name) for name in ("rss", "swap")]
    return sum(int(line[column]) for line in lines[1:] for column in columns)


def _own_memory(process: Path) -> int:
    """Bytes of memory that no file backs, and of files in memory; what several share is divided among them."""
    lines = (process / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
