"""A file system for one kernel: what is not named does not exist there, so neither its files nor its sockets are found.

It is what bubblewrap does for the process that forks kernels, once more for each kernel, in its own namespaces. See
``mount_namespaces(7)`` and ``pivot_root(2)``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.kernel.linux import call

_CLONE_NEWNS = 0x00020000
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _NOATIME = 0x1, 0x2, 0x4, 0x8, 0x20, 0x400
_BIND, _REC, _PRIVATE = 0x1000, 0x4000, 0x40000
_DETACH = 2
# Every system has this folder, and nothing of it is seen inside but what is named.
_BASE, _OLD = "/tmp", "/.old"
_SHARED_MEMORY_BYTES = 268_435_456


@dataclass(frozen=True)
class FileView:
    """What a kernel's file system holds.

    Attributes:
        links: links that lead to folders of it, as they are on this machine.
        readable: folders and files, each under its own path.
        devices: such as ``/dev/null``.
        facts: files of ``/proc`` that a kernel may read where it cannot have one of its own.
        writable: the only folder that it may write, besides ``/dev/shm``.
    """

    links: Sequence[str]
    readable: Sequence[str]
    devices: Sequence[str]
    facts: Sequence[str]
    writable: str

    def enter(self) -> None:
        """Give this process, the first of its PID namespace, this file system, and a ``/proc`` of that namespace.

        Raises:
            OSError: if it may not make one.
        """
        outermost = [*_outermost((*self.readable, *self.devices)), self.writable]
        sources = {path: os.path.realpath(path) for path in outermost}
        links = {path: str(Path(path).readlink()) for path in self.links}
        call("unshare", _CLONE_NEWNS)
        call("mount", None, b"/", None, _REC | _PRIVATE, None)
        _mount(b"tmpfs", _BASE, b"tmpfs", _NOSUID | _NODEV, b"size=1m,mode=755")
        Path(_BASE + _OLD).mkdir()
        call("pivot_root", _BASE.encode(), (_BASE + _OLD).encode())
        os.chdir("/")
        for path, target in links.items():
            Path(path).symlink_to(target)
        for path, source in sources.items():
            _show(source, path)
        for name, target in (("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
            Path("/dev", name).symlink_to(f"/proc/self/{target}")
        for folder in ("/proc", "/dev/shm", _BASE):
            Path(folder).mkdir(parents=True, exist_ok=True)
        self._show_processes()
        call("umount2", _OLD.encode(), _DETACH)
        Path(_OLD).rmdir()
        _make_read_only(but=self.writable)
        options = f"size={_SHARED_MEMORY_BYTES},mode=1777".encode()
        _mount(b"tmpfs", "/dev/shm", b"tmpfs", _NOSUID | _NODEV, options)

    def _show_processes(self) -> None:
        try:
            # Read-only: root may change settings of the machine there, though it is root of nothing else.
            _mount(b"proc", "/proc", b"proc", _NOSUID | _NODEV | _NOEXEC | _RDONLY, None)
        except OSError:
            # Where parts of the machine's own are covered, as in many containers, Linux refuses another one.
            for path in self.facts:
                _show(os.path.realpath(path), path)
            _bind(os.path.realpath(f"{_OLD}/proc/self"), "/proc/self")


def uncover(folder: str) -> None:
    """Take away what bubblewrap mounts beneath ``/proc`` for root: while it is there, no kernel can have its own."""
    for place in _mounts():
        if place.startswith(f"{folder}/"):
            with suppress(OSError):
                call("umount2", os.fsencode(place), _DETACH)


def _outermost(paths: Iterable[str]) -> list[str]:
    """Those of the paths that exist and lie in no other one, sorted."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if Path(path).exists() and not any(path.startswith(f"{other}/") for other in kept):
            kept.append(path)
    return kept


def _show(source: str, path: str) -> None:
    """Show what is at ``source`` of the old file system at ``path`` of the new one."""
    _bind(_OLD + source, path)


def _bind(source: str, path: str) -> None:
    if Path(source).is_dir():
        Path(path).mkdir(parents=True, exist_ok=True)
    elif not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).touch()
    _mount(os.fsencode(source), path, None, _BIND | _REC, None)


def _mount(source: bytes, path: str, kind: bytes | None, flags: int, options: bytes | None) -> None:
    call("mount", source, os.fsencode(path), kind, flags, options)


def _make_read_only(but: str) -> None:
    """Mount everything again, read-only, since Landlock does not keep a process from changing the mode of a file."""
    kept = {"nosuid": _NOSUID, "nodev": _NODEV, "noexec": _NOEXEC, "noatime": _NOATIME}
    for place, options in _mounts().items():
        if place != but:
            flags = sum(flag for name, flag in kept.items() if name in options)
            with suppress(OSError):
                call("mount", None, os.fsencode(place), None, _REMOUNT | _BIND | _RDONLY | flags, None)


def _mounts() -> dict[str, list[str]]:
    """The options of each mount, by its place."""
    lines = [line.split() for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    return {_unescaped(parts[4]): parts[5].split(",") for parts in lines}


def _unescaped(place: str) -> str:
    """A place as it is; in the list of mounts blanks and backslashes are octal numbers."""
    return place.encode().decode("unicode_escape").encode("latin-1").decode(errors="surrogateescape")
