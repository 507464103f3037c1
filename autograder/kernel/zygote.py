"""A process that has imported the heavy libraries once and forks a fresh kernel from itself for each notebook.

The zygote only imports: it never computes, opens no event loop and starts no thread, so a forked child can do all
three. It takes one JSON request a line from each of its clients, which are the grader's worker processes.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.kernel.confinement import Confinement, ForkRequest
from autograder.kernel.isolation import BUBBLEWRAP, PROCESSES
from autograder.kernel.processes import activity_of
from autograder.kernel.supervisor import keep
from autograder.kernel.zygote_connections import receive

# Two of a memory group, and a socket.
_MOST_FILES = 3
# What a kernel imports while it starts.
_KERNEL = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "IPython.core.completer",
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger", "IPython.core.oinspect",
    "IPython.extensions.storemagic", "tornado.platform.asyncio", "tornado.queues", "sqlite3", "faulthandler",
    "encodings.idna",
    "autograder.kernel.service", "autograder.kernel.file_view", "autograder.kernel.launch", "autograder.kernel.linux",
    "autograder.kernel.memory_group", "autograder.kernel.system_calls", "autograder.kernel.usage",
)  # fmt: skip
# What it imports when it shows its first figure.
_FIGURES = (
    "matplotlib.pyplot", "matplotlib_inline.backend_inline", "PIL.BmpImagePlugin", "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin", "PIL.PpmImagePlugin",
)  # fmt: skip


def serve(door: socket.socket, owner: socket.socket, confinement: Confinement, modules: Sequence[str]) -> None:
    """Import, then fork kernels on request until ``owner``'s other side closes it.

    When a client closes its connection, the kernels that it had forked end.

    Args:
        door: where connections of clients come from.
        confinement: what every kernel is confined to.
        modules: what notebooks import, all safe before a fork; what cannot be imported is passed over.
    """
    for name in _KERNEL:
        importlib.import_module(name)
    for name in modules:
        # A course's own module may fail in any way; its kernels will say so.
        with suppress(Exception):
            importlib.import_module(name)
    if "matplotlib" in sys.modules:
        for name in _FIGURES:
            importlib.import_module(name)
    # What is imported stays: a child whose collector looked at all of it would copy every page that it lies on.
    gc.collect()
    gc.freeze()
    owner.sendall(b"ready\n")
    selector = selectors.DefaultSelector()
    selector.register(owner, selectors.EVENT_READ)
    selector.register(door, selectors.EVENT_READ)
    clients: dict[socket.socket, Children] = {}
    # What a kernel must not inherit: with another worker's connection it could forge answers to it.
    private: list[Any] = [door, owner, selector]
    while True:
        for key, _ in selector.select():
            ready = key.fileobj
            assert isinstance(ready, socket.socket)
            if ready is owner:
                for children in clients.values():
                    children.end()
                return
            if ready is door:
                client = receive(door)
                if client is not None:
                    clients[client] = Children(confinement, private)
                    private.append(client)
                    selector.register(client, selectors.EVENT_READ)
                continue
            if not _answer(ready, clients[ready]):
                selector.unregister(ready)
                clients.pop(ready).end()
                private.remove(ready)
                ready.close()


def _answer(client: socket.socket, children: Children) -> bool:
    """Answer one request; False where the client is gone or makes no sense."""
    text, files = b"", list[int]()
    try:
        while not text.endswith(b"\n"):
            received, sent, *_ = socket.recv_fds(client, 65536, _MOST_FILES)
            if not received:
                return False
            text, files = text + received, files + sent
        client.sendall(json.dumps(_result(json.loads(text), children, files)).encode() + b"\n")
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        # Whatever ails one client, the others are served.
        return False
    finally:
        for file in files:
            os.close(file)
    return True


def _result(request: dict[str, Any], children: Children, files: Sequence[int]) -> Any:
    """What a request comes to, or why it failed."""
    try:
        do = request.pop("do")
        if do == "fork":
            return children.fork(ForkRequest(**request), files)
        actions: dict[str, Callable[[int], Any]] = {
            "status": children.status, "activity": children.activity,
            "interrupt": children.interrupt, "kill": children.kill,
        }  # fmt: skip
        return actions[do](request["pid"])
    except OSError as error:
        return {"error": str(error)}


class Children:
    """The kernels that one client has forked.

    Args:
        confinement: what they are confined to.
        private: what a kernel must not inherit, all with a method ``close``; may grow.
    """

    def __init__(self, confinement: Confinement, private: Sequence[Any]) -> None:
        self._confinement = confinement
        self._private = private
        self._keepers: dict[int, int] = {}
        self._ended: dict[int, int] = {}

    def fork(self, request: ForkRequest, files: Sequence[int] = ()) -> int:
        """Fork a kernel; returns its process id as it is known here.

        Args:
            request: what it is forked with.
            files: the numbers of the open files that :func:`autograder.kernel.supervisor.keep` hands it.
        """
        reader, writer = os.pipe()
        keeper = os.fork()
        if keeper == 0:
            os.close(reader)
            for private in self._private:
                private.close()
            keep(request, self._confinement.narrowed(request), files, writer)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            reply = pipe.read(200).decode()
        if not reply.isdigit():
            os.waitpid(keeper, 0)
            raise OSError(f"a kernel could not be isolated: {reply or 'its keeper died'}")
        self._keepers[int(reply)] = keeper
        with suppress(OSError):
            # Where memory runs out all the same, the machine shall take it from kernels rather than from the grader.
            Path("/proc", reply, "oom_score_adj").write_text("1000")
        return int(reply)

    def status(self, pid: int) -> int | None:
        """The exit status of a kernel (negative: the signal that ended it), or None while it runs."""
        if pid in self._keepers:
            done, status = os.waitpid(self._keepers[pid], os.WNOHANG)
            if not done:
                return None
            del self._keepers[pid]
            code = os.waitstatus_to_exitcode(status)
            self._ended[pid] = code if code < 128 else 128 - code
        return self._ended.get(pid, 0)

    def activity(self, pid: int) -> tuple[float, bool, bool] | None:
        """The fields of :class:`autograder.kernel.processes.Activity`, of a kernel and all that it has started."""
        found = activity_of(pid) if pid in self._keepers else None
        return None if found is None else (found.seconds, found.running, found.ready)

    def interrupt(self, pid: int) -> None:
        """Interrupt what a kernel is doing, if it has not ended meanwhile."""
        if pid in self._keepers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)

    def kill(self, pid: int) -> None:
        """End a kernel and, with a PID namespace or a process group of its own, what it has started."""
        if pid in self._keepers:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def end(self) -> None:
        """End every kernel that still runs."""
        for pid, keeper in list(self._keepers.items()):
            self.kill(pid)
            os.waitpid(keeper, 0)


def main() -> None:
    """``python -P -m autograder.kernel.zygote DOOR OWNER CONFINEMENT MODULE…``: two sockets, JSON, imports."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    door, owner = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    confinement = Confinement.from_json(sys.argv[3])
    if {BUBBLEWRAP, PROCESSES} <= set(confinement.layers):
        from autograder.kernel.file_view import uncover

        # Only here: without bubblewrap, the mounts are the machine's.
        uncover("/proc")
    serve(door, owner, confinement, sys.argv[4:])


if __name__ == "__main__":
    main()
