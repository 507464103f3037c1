"""The few calls to the Linux kernel that Python's library does not have."""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Sequence
from pathlib import Path

from autograder.kernel import landlock
from autograder.kernel.landlock import ALL, Files, Scope

_CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWPID, _CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
_PR_CAPBSET_DROP, _CAPABILITY_VERSION = 24, 0x20080522
_MAX_PROCESSES, _MAX_OPEN_FILES = 256, 1024

_libc = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def new_processes() -> None:
    """Give the children of this process namespaces of their own, for processes, network and shared memory.

    The first child becomes the first process there: when that ends, everything it has started ends with it.

    Raises:
        OSError: if the kernel does not let this user make namespaces.
    """
    user, group = os.getuid(), os.getgid()
    call("unshare", _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWIPC | _CLONE_NEWNET)
    # Without a name for its user in the new namespace, a process could not make a file in memory.
    for file, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", file).write_text(text)


def rename_process(command: str) -> None:
    """Show ``command`` as this process's command line, and nothing as the environment that it was started with.

    A process that was forked shows those of the one that it was forked from. Call it when ``os.environ`` is cleared.
    """
    # The name of the program stands in parentheses, and may hold anything.
    fields = Path("/proc/self/stat").read_text(errors="replace").rpartition(")")[2].split()
    begin, end, *environment = map(int, fields[45:49])
    ctypes.memset(begin, 0, end - begin)
    ctypes.memmove(begin, command.encode(), min(len(command), end - begin - 1))
    ctypes.memset(environment[0], 0, environment[1] - environment[0])


def drop_capabilities() -> None:
    """Give up every right of an administrator, for good: those of root, and those over this process's own namespaces.

    Raises:
        OSError: if the kernel refuses.
    """
    header, nothing = _CapabilityHeader(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    number = 0
    # Those that root could get back by executing a program. Others may not do this, and cannot get any back.
    while _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0) == 0:
        number += 1
    call("capset", ctypes.byref(header), ctypes.byref(nothing))
    landlock.gain_no_rights()


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


def call(name: str, *arguments: object) -> int:
    """Call a function of the C library that returns less than 0 when it fails.

    Raises:
        OSError: if it does.
    """
    result: int = getattr(_libc, name)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result
