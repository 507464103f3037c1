"""A process that has imported the heavy libraries once and forks a fresh kernel from itself for each notebook.

The zygote only imports: it never computes, opens no loop and starts no thread, so a forked child can do all
three. It takes one JSON request a line from a socket, and when the socket closes it ends its children and itself.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.errors import KernelError

# What the notebooks of this course import, in the order in which they do.
PRELOADED = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib_inline.backend_inline", "IPython.core.completer",
    "numpy", "matplotlib.pyplot", "scipy.special", "scipy.signal", "torch", "torch.nn.functional", "networkx",
    "autograder.workbook.data", "autograder.workbook.plot", "autograder.workbook.testing",
)  # fmt: skip
_READY_SECONDS = 120.0
_AGAIN = "Run the command again; finished work is kept."


def can_fork() -> bool:
    """True where a process with numpy and torch loaded can be forked safely: on Linux."""
    return sys.platform == "linux"


class Zygote:
    """The grader's side of a zygote. Several threads may use it at a time.

    Args:
        environment: environment variables of the process; they fix how many threads arithmetic libraries start.

    Raises:
        KernelError: if the process does not come up.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        mine, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.kernel.zygote", str(theirs.fileno())],
            env=dict(environment), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        mine.settimeout(_READY_SECONDS)
        self._socket = mine
        self._lines = mine.makefile("r", encoding="utf-8")
        try:
            self._answer()
        except KernelError:
            self.close()
            raise

    def __enter__(self) -> Zygote:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def fork(self, connection_file: str, folder: str, environment: Mapping[str, str]) -> int:
        """Fork a kernel that listens where ``connection_file`` says; returns its process id.

        Raises:
            KernelError: if the zygote is gone.
        """
        request = {"do": "fork", "connection_file": connection_file, "folder": folder, "environment": dict(environment)}
        return int(self._ask(request))

    def status(self, pid: int) -> int | None:
        """The exit status of a forked kernel (negative: the signal that ended it), or None while it runs."""
        status = self._ask({"do": "status", "pid": pid})
        return None if status is None else int(status)

    def close(self) -> None:
        """End the zygote and every kernel that is still running."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _ask(self, request: Mapping[str, Any]) -> Any:
        with self._lock:
            try:
                self._socket.sendall(json.dumps(request).encode() + b"\n")
            except OSError as error:
                raise KernelError(f"the process that forks kernels is gone: {error}. {_AGAIN}") from error
            return self._answer()

    def _answer(self) -> Any:
        try:
            line = self._lines.readline()
        except OSError as error:
            raise KernelError(f"the process that forks kernels does not answer: {error}. {_AGAIN}") from error
        if not line:
            raise KernelError("the process that forks kernels ended. `autograder doctor` shows what is installed.")
        return json.loads(line)


def serve(control: socket.socket) -> None:
    """Import, then fork kernels on request until the other side closes the socket."""
    for name in PRELOADED:
        importlib.import_module(name)
    children: dict[int, int | None] = {}
    control.sendall(b"true\n")
    for line in control.makefile("r", encoding="utf-8"):
        request = json.loads(line)
        if request["do"] == "fork":
            pid = os.fork()
            if pid == 0:
                control.close()
                _become_kernel(request["connection_file"], request["folder"], request["environment"])
            children[pid] = None
            answer: int | None = pid
        else:
            answer = _reaped(request["pid"], children)
        control.sendall(json.dumps(answer).encode() + b"\n")
    for pid, status in children.items():
        if status is None:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)


def _reaped(pid: int, children: dict[int, int | None]) -> int | None:
    if children.get(pid, 0) is None:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            children[pid] = os.waitstatus_to_exitcode(status)
    return children.get(pid, 0)


def _become_kernel(connection_file: str, folder: str, environment: Mapping[str, str]) -> None:
    """Turn the forked child into an ipykernel in a session of its own; never returns."""
    status = 1
    try:
        os.setsid()
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(folder)
        sys.argv = ["ipykernel_launcher", "-f", connection_file]
        # A kernel that starts cold has '' in front; everything a student puts beside the notebook is found there.
        sys.path[0] = ""
        _forget_random_state()
        from ipykernel.kernelapp import IPKernelApp

        # With a parent to watch, the kernel ends itself when the zygote is gone.
        parent = f"--IPKernelApp.parent_handle={os.getppid()}"
        IPKernelApp.launch_instance(argv=["-f", connection_file, "--HistoryManager.hist_file=:memory:", parent])
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        os._exit(status)


def _forget_random_state() -> None:
    """Give the child a random state of its own; Python's own generator does that by itself after a fork."""
    import numpy as np
    import torch

    torch.seed()
    np.random.seed()  # noqa: NPY002  (the legacy generator is what a student's np.random.rand draws from)


def main() -> None:
    """Entry point of ``python -m autograder.kernel.zygote FD``."""
    # The working directory must not decide what is imported here.
    sys.path[:] = [entry for entry in sys.path if entry not in ("", str(Path.cwd()))] or sys.path
    signal.signal(signal.SIGINT, signal.default_int_handler)
    serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
