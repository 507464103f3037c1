"""How much a kernel's folder holds, and how to remove it, whatever its permissions are."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import stat
import subprocess
from pathlib import Path

OVERFULL = "the notebook wrote more files than its folder may hold, nested folders too deeply or made them unreadable"
# Beyond the longest path the system cannot count.
_BLOCK = 512  # what st_blocks counts in, on every file system
_WATCH_SECONDS, _MAX_FILES, _MAX_DEPTH, _MAX_PATH = 0.5, 20_000, 100, 2_000


async def until_overfull(folder: Path, size: int) -> None:
    """Return as soon as a folder :func:`holds_more` than ``size`` bytes."""
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        if await asyncio.to_thread(holds_more, folder, size):
            return


def holds_more(folder: Path, size: int) -> bool:
    """True where the files of a folder take more than ``size`` bytes, or are too many, too deep or hidden to count."""
    total = files = 0
    waiting = [(str(folder), 0)]
    while waiting:
        parent, depth = waiting.pop()
        try:
            with os.scandir(parent) as entries:
                for entry in entries:
                    files += 1
                    # What is removed meanwhile takes no room.
                    with contextlib.suppress(FileNotFoundError):
                        if entry.is_dir(follow_symlinks=False):
                            waiting.append((entry.path, depth + 1))
                        total += _size(entry.stat(follow_symlinks=False))
                    if total > size or files > _MAX_FILES or depth > _MAX_DEPTH or len(entry.path) > _MAX_PATH:
                        return True
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            # A folder that cannot be looked into must not grow unseen.
            return True
    return False


def _size(about: os.stat_result) -> int:
    """The bytes of a file: those that it seems to have, or those that the disk keeps for it, if these are more."""
    return max(about.st_size, getattr(about, "st_blocks", 0) * _BLOCK if stat.S_ISREG(about.st_mode) else 0)


def remove(folder: Path) -> None:
    """Remove a folder and all that is in it, as far as this user may."""
    # Folders may be nested deeper than Python can follow.
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if os.name == "posix" and folder.exists():
        readable = ["find", str(folder), "-type", "d", "-execdir", "chmod", "u+rwx", "{}", ";"]
        subprocess.run(readable, check=False, capture_output=True)
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, capture_output=True)
