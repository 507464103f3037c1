"""Refuse a process the system calls that no notebook needs, by a filter that it puts on itself (``seccomp(2)``).

Most refusals close ways around the limits and out of the namespaces: memory that belongs to no process (System V,
io_uring), disk space beyond the size of a file, kinds of sockets that no network namespace keeps apart (vsock), and
namespaces and mounts of one's own. Children inherit the filter, and nothing lifts it.

The filter is a program of a few instructions for the kernel's small machine, with the numbers of the system calls of
two architectures. On others there is none.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
from collections.abc import Iterable, Sequence

from autograder.kernel import landlock

# By machine: what the kernel calls it, its number of seccomp itself, and the first number of calls in a second format.
_MACHINES = {"x86_64": (0xC000003E, 317, 0x40000000), "aarch64": (0xC00000B7, 277, None)}
# System calls by name: their numbers on x86_64 and on aarch64.
_NUMBERS = {
    "socket": (41, 198), "connect": (42, 203), "socketpair": (53, 199), "clone": (56, 220), "fallocate": (285, 47),
    "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186),
    "pivot_root": (155, 41), "chroot": (161, 51), "mount": (165, 40), "umount2": (166, 39),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "unshare": (272, 97),
    "perf_event_open": (298, 241), "setns": (308, 268), "bpf": (321, 280), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "clone3": (435, 435), "mount_setattr": (442, 442),
    "memfd_secret": (447, 447),
}  # fmt: skip
_ABSENT = (
    "shmget", "semget", "msgget", "add_key", "request_key", "keyctl", "userfaultfd", "io_uring_setup",
    "io_uring_enter", "io_uring_register", "memfd_secret",
    # Its flags are out of a filter's reach; the C library then calls clone.
    "clone3",
)  # fmt: skip
_FORBIDDEN = (
    "unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig",
    "fsmount", "fspick", "mount_setattr", "bpf", "perf_event_open",
)  # fmt: skip
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET.
_NEW_NAMESPACES = 0x7E020000
_KEEP_SIZE = 1
_TYPE_OF_SOCKET = 0xF
_UNIX, _INET, _INET6, _NETLINK, _ROUTE = 1, 2, 10, 16, 0
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_SET_FILTER, _ALLOW_SPECULATION = 1, 4
# Instructions: load a word, keep some of its bits, jump if equal, if not less, if it has any of these bits; return.
_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def restrict(*, connects: bool) -> None:
    """Refuse this thread, and all that it starts, what no notebook needs.

    Args:
        connects: False where the process shares its network or its file system with others: then it cannot connect to
            anything, neither over the network nor to a socket with a path.

    Raises:
        OSError: if this machine has no such filters, or none is written for its architecture.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        raise OSError(f"no filter is written for {machine}; expected one of {', '.join(_MACHINES)}")
    program = [_Instruction(*parts) for parts in _instructions(machine, connects)]
    array = (_Instruction * len(program))(*program)
    landlock.gain_no_rights()
    number = ctypes.c_long(_MACHINES[machine][1])
    flags = ctypes.c_long(_ALLOW_SPECULATION)
    filter_ = ctypes.byref(_Program(len(program), array))
    if _libc.syscall(number, ctypes.c_long(_SET_FILTER), flags, filter_) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")


_Step = tuple[int, int, int, int]


def _instructions(machine: str, connects: bool) -> list[_Step]:
    """The whole program: each block answers one system call, or leaves it to the next block."""
    name, _, second_format = _MACHINES[machine]
    column = list(_MACHINES).index(machine)
    refuse = _refuse(errno.ENOSYS)
    steps = [(_LOAD, 0, 0, _MACHINE_AT), (_EQUAL, 1, 0, name), refuse, (_LOAD, 0, 0, _NUMBER_AT)]
    if second_format is not None:
        steps += [(_AT_LEAST, 0, 1, second_format), refuse]
    for call, block in _blocks(connects):
        steps += [(_EQUAL, 0, len(block), _NUMBERS[call][column]), *block]
    return [*steps, _allow()]


def _blocks(connects: bool) -> Iterable[tuple[str, Sequence[_Step]]]:
    for call in _ABSENT:
        yield call, [_refuse(errno.ENOSYS)]
    for call in _FORBIDDEN:
        yield call, [_refuse(errno.EPERM)]
    yield "clone", [_argument(0), (_ANY_BIT, 0, 1, _NEW_NAMESPACES), _refuse(errno.EPERM), _allow()]
    yield "fallocate", [_argument(1), (_ANY_BIT, 0, 1, _KEEP_SIZE), _refuse(errno.EOPNOTSUPP), _allow()]
    if not connects:
        yield "connect", [_refuse(errno.EACCES)]
        # A stream has to connect; what is sent as a single packet can name where it goes.
        yield "socketpair", [*_only_streams(), _refuse(errno.EAFNOSUPPORT), _allow()]
    yield "socket", [
        # Of netlink what lists network interfaces: ZeroMQ asks for them and ends the process where it cannot.
        _argument(0), (_EQUAL, 0, 3, _NETLINK), _argument(2), (_EQUAL, 0, 1, _ROUTE), _allow(), _argument(0),
        *([(_EQUAL, 3, 0, _UNIX), (_EQUAL, 2, 0, _INET), (_EQUAL, 1, 0, _INET6)] if connects else _only_streams()),
        _refuse(errno.EAFNOSUPPORT), _allow(),
    ]  # fmt: skip


def _only_streams() -> list[_Step]:
    """Go on where a socket is not for streams within this machine; pass over one instruction where it is."""
    return [
        _argument(0), (_EQUAL, 0, 3, _UNIX), _argument(1), (_AND, 0, 0, _TYPE_OF_SOCKET),
        (_EQUAL, 1, 0, int(socket.SOCK_STREAM)),
    ]  # fmt: skip


def _argument(index: int) -> _Step:
    """Load the lower half of an argument: all of it, for those of type int."""
    return _LOAD, 0, 0, _ARGUMENTS_AT + 8 * index


def _refuse(error: int) -> _Step:
    return _RETURN, 0, 0, _ERRNO | error


def _allow() -> _Step:
    return _RETURN, 0, 0, _ALLOW
