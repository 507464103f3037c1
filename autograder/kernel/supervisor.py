"""Fork one kernel into confinement, wait for it, and end it when it takes more than it may."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from autograder.kernel.confinement import Confinement, ForkRequest
from autograder.kernel.isolation import LIMITS, MEMORY_GROUP, PROCESSES, confine
from autograder.kernel.limits import TOOK_TOO_MUCH
from autograder.kernel.memory_group import join, ran_out
from autograder.kernel.usage import usage_of

_LOOK_SECONDS = 0.5


def keep(request: ForkRequest, confinement: Confinement, files: Sequence[int], report: int) -> None:
    """Fork a kernel into namespaces of its own and wait for it; never returns.

    The keeper stays outside of them. It runs nothing of the student's, and leaves with the kernel's status. Where the
    zygote has died without a word, killed say, nobody would ask for that any more: it ends the kernel then.

    Args:
        request: what the kernel is forked with.
        confinement: what the kernel is confined to.
        files: numbers of open files: with a memory group, the two of that group; then the socket over which the
            grader asks it, if it does.
        report: where the kernel's process id is written once it is confined, or why it cannot be.
    """
    status, zygote, kernel = 1, os.getppid(), 0
    group, line = (files[:2], files[2:]) if MEMORY_GROUP in confinement.layers else ((), files)
    try:
        if PROCESSES in confinement.layers:
            from autograder.kernel import linux

            linux.new_processes()
        reader, writer = os.pipe()
        kernel = os.fork()
        if kernel == 0:
            for file in (report, reader):
                os.close(file)
            _become_kernel(request, confinement, group, line, writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as confined:
            trouble = confined.read()
        os.write(report, trouble or str(kernel).encode())
        for file in (report, *group[:1], *line):
            os.close(file)
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        took_too_much = _watch(kernel, zygote, confinement, group[1:])
        _, ended = os.waitpid(kernel, 0)
        code = TOOK_TOO_MUCH if took_too_much else os.waitstatus_to_exitcode(ended)
        status = code if code >= 0 else 128 - code
    except OSError as error:
        if kernel:
            _end(kernel)
        os.write(report, str(error).encode())
    finally:
        os._exit(status)


def _watch(kernel: int, zygote: int, confinement: Confinement, events: Sequence[int]) -> bool:
    """Wait until a kernel has ended, or end it; True if it was ended because it and what it started hold too much.

    Args:
        kernel: process id.
        zygote: the process id of this process's parent, without which the kernel is ended, too.
        confinement: what it may hold, where its layers have limits.
        events: the file that tells what happened in its memory group, if it is in one.
    """
    poller = select.poll()
    poller.register(os.pidfd_open(kernel))
    pause = _LOOK_SECONDS
    while not poller.poll(1000 * pause):
        begin = time.monotonic()
        if os.getppid() != zygote:
            _end(kernel)
            return False
        try:
            much = LIMITS in confinement.layers and _holds_too_much(kernel, confinement, events)
        except OSError:
            # A kernel that has ended this moment cannot be looked at; one that hides is not to go on unseen.
            much = not poller.poll(0)
        if much:
            _end(kernel)
            return True
        # Looking at hundreds of processes takes its time; their own share of it must not shrink.
        pause = max(_LOOK_SECONDS, 4 * (time.monotonic() - begin))
    return any(map(ran_out, events))


def _end(kernel: int) -> None:
    """End a kernel and what it has started, as far as that is in its process group or namespace."""
    for end in (os.kill, os.killpg):
        with suppress(ProcessLookupError):
            end(kernel, signal.SIGKILL)


def _holds_too_much(kernel: int, confinement: Confinement, events: Sequence[int]) -> bool:
    """True where a kernel and what it has started hold more than they may.

    Raises:
        OSError: if one of them cannot be looked at.
    """
    used = usage_of(kernel, confinement.memory_bytes, PROCESSES in confinement.layers)
    return used.exceeds(confinement.memory_bytes, confinement.folder_bytes) or any(map(ran_out, events))


def _become_kernel(
    request: ForkRequest, confinement: Confinement, group: Sequence[int], line: Sequence[int], confined: int
) -> None:
    """Turn the forked child into an ipykernel in a session of its own; never returns.

    Args:
        request: what it is forked with.
        confinement: what it is confined to.
        group: the files of its memory group, if it has one.
        line: the socket over which the grader asks it, if it does.
        confined: closed as soon as the child is confined; before, it may write what is in the way.
    """
    from autograder.kernel import linux

    status = 1
    try:
        os.setsid()
        os.environ.clear()
        os.environ.update(request.environment)
        place = Path(request.folder).parent
        try:
            linux.rename_process("python -m ipykernel")
            for members in group[:1]:
                join(members)
            for file in group:
                os.close(file)
            confine(confinement, place)
            os.chdir(request.folder)
            _write_into(place / "log")
        except OSError as error:
            os.write(confined, str(error).encode())
            raise
        os.close(confined)
        # The zygote has looked for its own folder for temporary files, which is not the kernel's.
        tempfile.tempdir = None
        sys.argv = ["ipykernel_launcher", "-f", request.connection_file]
        # A kernel that starts cold has '' in front; everything a student puts next to the notebook is found there.
        sys.path.insert(0, "")
        _forget_random_state()
        from autograder.kernel.launch import become_kernel

        arguments = ["-f", request.connection_file, "--HistoryManager.hist_file=:memory:"]
        if PROCESSES not in confinement.layers:
            # With a parent to watch, the kernel ends itself when the zygote is gone.
            arguments.append(f"--IPKernelApp.parent_handle={os.getppid()}")
        become_kernel(arguments, socket.socket(fileno=line[0]) if line else None)
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        # The last words of a kernel that could not start; the student's own errors never get here.
        traceback.print_exc()
    finally:
        os._exit(status)


def _write_into(log: Path) -> None:
    """Let what this process prints go into a file that counts as the kernel's own: all kernels share the zygote's."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.close(file)


def _forget_random_state() -> None:
    """Give the child a random state of its own; Python's own generator does that by itself after a fork."""
    if "torch" in sys.modules:
        sys.modules["torch"].seed()
    if "numpy" in sys.modules:
        # The legacy generator is what a student's np.random.rand draws from.
        sys.modules["numpy"].random.seed()
