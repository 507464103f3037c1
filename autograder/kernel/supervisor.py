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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.kernel.isolation import LIMITS, PROCESSES, Isolation, confine
from autograder.kernel.limits import TOOK_TOO_MUCH

_LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class ForkRequest:
    """What a kernel is forked with.

    Attributes:
        connection_file: where it finds its sockets.
        folder: its working directory, the only one it may write into.
        environment: its environment variables.
        layers: see :class:`autograder.kernel.isolation.Isolation`.
        memory_bytes, cpu_seconds, file_bytes, folder_bytes: its limits, see :class:`autograder.kernel.limits.Limits`.
        readable: folders that it may read, besides its own and those of Python.
    """

    connection_file: str
    folder: str
    environment: Mapping[str, str]
    layers: tuple[str, ...]
    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    folder_bytes: int
    readable: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a request to a zygote."""
        return {"do": "fork", **asdict(self), "environment": dict(self.environment)}


def keep(request: ForkRequest, files: Sequence[int], report: int) -> None:
    """Fork a kernel into namespaces of its own and wait for it; never returns.

    The keeper stays outside of them. It runs nothing of the student's, and leaves with the kernel's status.
    """
    status = 1
    try:
        if PROCESSES in request.layers:
            from autograder.kernel import linux

            linux.new_processes(Path(request.folder).parent)
        kernel = os.fork()
        if kernel == 0:
            os.close(report)
            _become_kernel(request, files)
        os.write(report, str(kernel).encode())
        for file in (report, *files):
            os.close(file)
        for name in ("SIGINT", "SIGTERM"):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        took_too_much = LIMITS in request.layers and _watch(kernel, request)
        _, ended = os.waitpid(kernel, 0)
        code = TOOK_TOO_MUCH if took_too_much else os.waitstatus_to_exitcode(ended)
        status = code if code >= 0 else 128 - code
    except OSError as error:
        os.write(report, str(error).encode())
    finally:
        os._exit(status)


def _watch(kernel: int, request: ForkRequest) -> bool:
    """Wait until a kernel has ended, or end it; True if it was ended because it and what it started hold too much."""
    # Its modules are there on Linux only.
    from autograder.kernel.usage import usage_of

    poller = select.poll()
    poller.register(os.pidfd_open(kernel))
    pause = _LOOK_SECONDS
    while not poller.poll(1000 * pause):
        begin = time.monotonic()
        try:
            much = usage_of(kernel, request.memory_bytes).exceeds(request.memory_bytes, request.folder_bytes)
        except OSError:
            # A kernel that has ended this moment cannot be looked at; one that hides is not to go on unseen.
            much = not poller.poll(0)
        if much:
            for end in (os.kill, os.killpg):
                with suppress(ProcessLookupError):
                    end(kernel, signal.SIGKILL)
            return True
        # Looking at hundreds of processes takes its time; their own share of it must not shrink.
        pause = max(_LOOK_SECONDS, 4 * (time.monotonic() - begin))
    return False


def _become_kernel(request: ForkRequest, files: Sequence[int]) -> None:
    """Turn the forked child into an ipykernel in a session of its own; never returns."""
    status = 1
    try:
        os.setsid()
        os.environ.clear()
        os.environ.update(request.environment)
        os.chdir(request.folder)
        # The zygote has looked for its own folder for temporary files, which is not the kernel's.
        tempfile.tempdir = None
        sys.argv = ["ipykernel_launcher", "-f", request.connection_file]
        # A kernel that starts cold has '' in front; everything a student puts next to the notebook is found there.
        sys.path[0] = ""
        _forget_random_state()
        isolation = Isolation(request.layers)
        if LIMITS in isolation.layers:
            confine(
                Path(request.folder).parent, isolation, request.memory_bytes, request.cpu_seconds, request.file_bytes,
                [Path(folder) for folder in request.readable],
            )  # fmt: skip
        from autograder.kernel.launch import become_kernel

        arguments = ["-f", request.connection_file, "--HistoryManager.hist_file=:memory:"]
        if PROCESSES not in request.layers:
            # With a parent to watch, the kernel ends itself when the zygote is gone.
            arguments.append(f"--IPKernelApp.parent_handle={os.getppid()}")
        become_kernel(arguments, socket.socket(fileno=files[0]) if files else None)
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        # The last words of a kernel that could not start; the student's own errors never get here.
        traceback.print_exc()
    finally:
        os._exit(status)


def _forget_random_state() -> None:
    """Give the child a random state of its own; Python's own generator does that by itself after a fork."""
    if "torch" in sys.modules:
        sys.modules["torch"].seed()
    if "numpy" in sys.modules:
        # The legacy generator is what a student's np.random.rand draws from.
        sys.modules["numpy"].random.seed()
