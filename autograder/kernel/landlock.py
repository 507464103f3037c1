"""Landlock, the Linux kernel's access control that a process puts on itself, by its system calls.

They are written out with ``ctypes`` because this is the line between a student's code and the machine: four calls that
can be read here, instead of a package that exists as pre-releases only and knows nothing newer than Landlock's fifth
version. See ``landlock(7)``. Files that are open already stay usable, children inherit a restriction, and nothing
lifts it.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from enum import IntFlag

# The same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_FOR_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(None, use_errno=True)
# Arguments of a variadic function: without their types, ctypes would pass 32 bits of what the kernel reads as 64.
_libc.syscall.restype = ctypes.c_long
_libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)


class Files(IntFlag):
    """What can be done to files. From ``REMOVE_DIR`` to ``REFER``: what can be done inside a folder."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


class Scope(IntFlag):
    """What a process may do to processes outside its own restriction."""

    ABSTRACT_SOCKETS = 1 << 0
    SIGNALS = 1 << 1


ALL = Files((1 << len(Files)) - 1)
# Rights that Landlock did not have from its first version, with the version that brought them.
_LATER = {Files.REFER: 2, Files.TRUNCATE: 3, Files.IOCTL_DEV: 5}
_SCOPE_VERSION = 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The version of the kernel's Landlock (its ABI).

    Raises:
        OSError: if the kernel was built or started without Landlock.
    """
    return _call(_CREATE_RULESET, None, 0, _ASK_FOR_VERSION)


def known(rights: Files, abi: int) -> Files:
    """Those of ``rights`` that version ``abi`` of Landlock can deny; naming another one is an error."""
    missing = Files(0)
    for right, since in _LATER.items():
        missing |= right if abi < since else Files(0)
    return rights & ~missing


def restrict_files(allowed: Iterable[tuple[str, Files]]) -> None:
    """Deny this thread, and all that it starts, every use of files but those allowed.

    Args:
        allowed: a folder, which stands for all beneath it, or a file, each with what can be done to it. Rights that
            this kernel's Landlock cannot deny are left out.

    Raises:
        OSError: if Landlock is not available, a path cannot be opened, or a right does not fit a file.
    """
    abi = version()
    handled = known(ALL, abi)
    # A first version of the structure ends after its first field, and every kernel takes that.
    ruleset = _create(_Ruleset(handled, 0, 0), ctypes.sizeof(ctypes.c_uint64))
    try:
        for path, rights in allowed:
            _allow(ruleset, path, known(rights, abi))
        _restrict(ruleset)
    finally:
        os.close(ruleset)


def restrict_scope(scope: Scope) -> None:
    """Deny this thread, and all that it starts, what ``scope`` names toward processes that it did not start.

    Raises:
        OSError: if this kernel's Landlock is too old for it.
    """
    abi = version()
    if abi < _SCOPE_VERSION:
        raise OSError(f"this kernel has Landlock ABI {abi}; {_SCOPE_VERSION} is needed (Linux 6.12)")
    ruleset = _create(_Ruleset(0, 0, scope), ctypes.sizeof(_Ruleset))
    try:
        _restrict(ruleset)
    finally:
        os.close(ruleset)


def gain_no_rights() -> None:
    """Promise that no program that is executed gives rights; without it, the kernel asks for an administrator.

    Raises:
        OSError: if the kernel refuses.
    """
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl: {os.strerror(number)}")


def _create(attributes: _Ruleset, size: int) -> int:
    return _call(_CREATE_RULESET, ctypes.byref(attributes), size, 0)


def _allow(ruleset: int, path: str, rights: Files) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = _PathBeneath(rights, parent)
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error
    finally:
        os.close(parent)


def _restrict(ruleset: int) -> None:
    gain_no_rights()
    _call(_RESTRICT_SELF, ruleset, 0)


def _call(number: int, *arguments: object) -> int:
    converted = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = _libc.syscall(ctypes.c_long(number), *converted)
    if result < 0:
        error = ctypes.get_errno()
        name = {_CREATE_RULESET: "create_ruleset", _ADD_RULE: "add_rule", _RESTRICT_SELF: "restrict_self"}[number]
        raise OSError(error, f"landlock_{name}: {os.strerror(error)}")
    return result
