"""The few calls to the Linux kernel that Python's library does not have."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from autograder.kernel import landlock
from autograder.kernel.landlock import ALL, Files, Scope

_CLONE_NEWNS, _CLONE_NEWIPC = 0x00020000, 0x08000000
_CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REMOUNT, _MS_NOATIME = 0x1, 0x2, 0x4, 0x8, 0x20, 0x400
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_SHARED_MEMORY_BYTES = 268_435_456
_MAX_PROCESSES, _MAX_OPEN_FILES = 256, 1024

_libc = ctypes.CDLL(None, use_errno=True)


def new_processes(folder: Path | None = None) -> None:
    """Give the children of this process namespaces of their own, and a ``/dev/shm`` of their own.

    The first child becomes the first process there: when that ends, everything it has started ends with it. Neither
    shared memory nor sockets of other processes can be seen.

    Args:
        folder: what they may write; all else becomes read-only for them, since Landlock does not keep a process
            from changing the mode of a file.

    Raises:
        OSError: if the kernel does not let this user make namespaces.
    """
    user, group = os.getuid(), os.getgid()
    _call("unshare", _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWNET)
    # Without a name for its user in the new namespace, a process could not make a file in memory.
    for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", file).write_text(text)
    _call("mount", None, b"/", None, _MS_REC | _MS_PRIVATE, None)
    if folder is not None:
        own = os.fsencode(folder)
        _call("mount", own, own, None, _MS_BIND, None)
        _make_everything_else_read_only(str(folder))
    options = f"size={_SHARED_MEMORY_BYTES},mode=1777".encode()
    _call("mount", b"tmpfs", b"/dev/shm", b"tmpfs", _MS_NOSUID | _MS_NODEV, options)


def _make_everything_else_read_only(folder: str) -> None:
    """Mount again, read-only, whatever is mounted; what cannot be is left to Landlock."""
    kept = {"nosuid": _MS_NOSUID, "nodev": _MS_NODEV, "noexec": _MS_NOEXEC, "noatime": _MS_NOATIME}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        place, options = line.split()[4:6]
        if place != folder:
            flags = sum(flag for name, flag in kept.items() if name in options.split(","))
            with suppress(OSError):
                _call("mount", None, os.fsencode(place), None, _MS_REMOUNT | _MS_BIND | _MS_RDONLY | flags, None)


def restrict_files(readable: Sequence[str], writable: Sequence[str], devices: Sequence[str]) -> None:
    """Deny this process every file but those beneath the named folders, and the named devices.

    Raises:
        OSError: if Landlock is not available.
    """
    read = Files.EXECUTE | Files.READ_FILE | Files.READ_DIR
    write = ALL & ~(Files.MAKE_CHAR | Files.MAKE_BLOCK | Files.IOCTL_DEV)
    rules = [(path, read if Path(path).is_dir() else Files.READ_FILE) for path in readable]
    rules += [(path, write) for path in writable]
    rules += [(path, Files.READ_FILE | Files.WRITE_FILE) for path in devices]
    landlock.restrict_files(rules)


def restrict_scope() -> None:
    """Deny this process signals and abstract sockets to processes that were not started by it.

    Raises:
        OSError: if this kernel's Landlock is too old for it.
    """
    landlock.restrict_scope(Scope.ABSTRACT_SOCKETS | Scope.SIGNALS)


def limit(memory_bytes: int, cpu_seconds: int, file_bytes: int) -> None:
    """Limit what this process and each of its children may use.

    Args:
        memory_bytes: address space beyond what the process has now.
        cpu_seconds: processor time of one process.
        file_bytes: size of one file.
    """
    with open("/proc/self/statm") as status:  # noqa: PTH123
        used = int(status.read().split()[0]) * resource.getpagesize()
    for kind, value in (
        (resource.RLIMIT_AS, used + memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NPROC, _MAX_PROCESSES),
        (resource.RLIMIT_NOFILE, _MAX_OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def _call(name: str, *arguments: object) -> int:
    result: int = getattr(_libc, name)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
