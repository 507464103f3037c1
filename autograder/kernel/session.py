"""Execute a notebook in a kernel of its own, under time and output limits, and keep whatever it got done."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import copy
import os
import signal
import socket
import tempfile
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.errors import AutograderError, KernelError
from autograder.kernel.channel import ChannelLost, KernelChannel, RequestTimeout
from autograder.kernel.client import LimitedClient, unreadable
from autograder.kernel.clock import LOOK_SECONDS, NotebookClock
from autograder.kernel.cold import KERNEL_NAME, cold_manager
from autograder.kernel.disk import OVERFULL, until_overfull
from autograder.kernel.interrupt import Interruptible
from autograder.kernel.launch import REFEREE_SOCKET
from autograder.kernel.limits import TOOK_TOO_MUCH, Limits, kernel_environment
from autograder.kernel.provisioner import activity

_GREEDY = "the notebook, with what it had started, used too much memory or kept too much in removed files"
_TOO_LARGE = "the check ran out of memory, most likely for what the notebook returned"
# How long a check may go on computing beyond a cell's limit, before it is interrupted, and interrupted again.
_LEAVE_SECONDS = 10.0


@dataclass(frozen=True)
class Execution:
    """What came of executing a notebook.

    Attributes:
        notebook: a copy with the outputs of every cell that was reached.
        seconds: wall seconds of each executed code cell, by its index.
        timed_out: why cells were interrupted, by index: which limit they reached.
        near_limit: True where a cell, or the notebook, used more than half of what it may use.
        processor_seconds: what the notebook used, as far as somebody looked.
        fault: why execution ended early, or None where the last cell was reached.
        fault_index: the code cell at which it ended, or None.
    """

    notebook: NotebookNode
    seconds: Mapping[int, float] = field(default_factory=dict)
    timed_out: Mapping[int, str] = field(default_factory=dict)
    fault: str | None = None
    fault_index: int | None = None
    near_limit: bool = False
    processor_seconds: float = 0.0


class Examiner(Protocol):
    """Takes test cells out of the student's kernel."""

    def wants(self, cell: NotebookNode) -> bool:
        """True for a cell that must not be executed in the kernel."""
        ...

    def examine(self, cell: NotebookNode, channel: KernelChannel) -> list[NotebookNode]:
        """The outputs of such a cell, found by asking the kernel through ``channel``."""
        ...


class Follower(Protocol):
    """Is told how far an execution is, in a thread of its own."""

    def begins(self) -> None:
        """A code cell is about to run."""
        ...

    def ended(self, index: int, execution: Execution) -> None:
        """A code cell has ended; ``execution`` is what has come of all so far."""
        ...


def execute(
    notebook: NotebookNode,
    folder: Path,
    limits: Limits | None = None,
    environment: Mapping[str, str] | None = None,
    *,
    base: Mapping[str, str] | None = None,
    manager: AsyncKernelManager | None = None,
    examiner: Examiner | None = None,
    skip: Collection[int] = (),
    watched: Path | None = None,
    follower: Follower | None = None,
) -> Execution:
    """Run every code cell in order, errors allowed, and return a copy with outputs.

    A cell over its time limit is interrupted and counts as timed out; a kernel that dies or does not answer the
    interrupt ends the run there. Either way the outputs so far are in the result.

    Args:
        notebook: left unchanged.
        folder: working directory of the kernel.
        limits: see :class:`Limits`.
        environment: extra environment variables of the kernel; those of :func:`kernel_environment` are set
            unless overridden.
        base: the environment variables that these are added to; default: this process's.
        manager: of the kernel; default: :func:`cold_manager` with sockets in a folder of its own.
        examiner: runs the cells that it wants in this process; default: every cell runs in the kernel.
        skip: indices of cells that are not executed.
        watched: a folder whose size ends the kernel when it passes the limit.
        follower: is told of each cell.

    Raises:
        KernelError: if no kernel can be started.
    """
    limits = limits or Limits()
    variables = {**(os.environ if base is None else base), **kernel_environment(limits, environment or {})}
    mine, theirs = socket.socketpair()
    with contextlib.ExitStack() as stack:
        for end in (mine, theirs):
            stack.enter_context(end)
        if manager is None:
            # Sockets in a private folder: no port is opened, and the path stays short enough for a Unix socket.
            manager = cold_manager(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kernel-"))))
        # The thread is one of its own, since the caller's may have an event loop already, as in a notebook.
        thread = stack.enter_context(ThreadPoolExecutor(1))
        run = _Run(copy.deepcopy(notebook), folder, limits, manager, examiner, skip, watched, mine, theirs)
        run.follower = follower
        done = thread.submit(asyncio.run, run.execute(variables))
        try:
            return done.result()
        except BaseException:
            # Where this process is to end, the notebook does not run on.
            run.stop()
            raise


class _Run:
    """One notebook on its way through a kernel."""

    def __init__(
        self,
        notebook: NotebookNode,
        folder: Path,
        limits: Limits,
        manager: AsyncKernelManager,
        examiner: Examiner | None,
        skip: Collection[int],
        watched: Path | None,
        referee_socket: socket.socket,
        kernel_socket: socket.socket,
    ) -> None:
        self.referee_socket, self.kernel_socket, self.requests = referee_socket, kernel_socket, 1
        self.notebook, self.limits, self.manager, self.examiner, self.skip = notebook, limits, manager, examiner, skip
        self.watched = watched
        self.follower: Follower | None = None
        self.overfull = False
        self.timed_out: dict[int, str] = {}
        self.task: asyncio.Task[Any] | None = None
        self.clock = NotebookClock(limits, lambda: activity(manager))
        self.client = LimitedClient(
            notebook,
            limits,
            self.clock,
            km=manager,
            allow_errors=True,
            # A kernel that stays busy after an interrupt raises CellTimeoutError.
            raise_on_iopub_timeout=True,
            iopub_timeout=10,
            store_widget_state=False,
            resources={"metadata": {"path": str(folder)}},
            shutdown_kernel="immediate",
            extra_arguments=[f"{REFEREE_SOCKET}{kernel_socket.fileno()}"] if examiner is not None else [],
        )
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None

    async def execute(self, environment: Mapping[str, str]) -> Execution:
        """Start the kernel, go through the cells, end the kernel."""
        client = self.client
        self.task = asyncio.current_task()
        fault, fault_index = None, None
        try:
            inherited = () if self.examiner is None else (self.kernel_socket.fileno(),)
            async with client.async_setup_kernel(cleanup_kc=True, env=dict(environment), pass_fds=inherited):
                # Only the kernel holds its end now, so that its death is noticed here.
                self.kernel_socket.close()
                watch = asyncio.ensure_future(self._watch())
                for index, cell in enumerate(self.notebook.cells):
                    if cell.cell_type != "code" or index in self.skip:
                        continue
                    fault = await self._cell(cell, index)
                    if fault is not None:
                        fault_index = index
                        break
                watch.cancel()
        except (RuntimeError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            if client.seconds:
                # What a kernel does wrong has become a fault by now; this is the grader's own.
                raise
            raise KernelError(
                f"the kernel {KERNEL_NAME!r} could not be started: {error}. "
                "`autograder doctor` shows what is installed."
            ) from error
        finally:
            # nbclient would keep every client, and with it every notebook, until this process ends.
            atexit.unregister(client._cleanup_kernel)
        clock = self.clock
        return Execution(self.notebook, client.seconds, self.timed_out, fault, fault_index, clock.near, clock.seconds)

    def stop(self) -> None:
        """End the kernel, and with it the run, from another thread."""
        if self.task is not None and not self.task.done():
            self.task.get_loop().call_soon_threadsafe(self.task.cancel)

    async def _cell(self, cell: NotebookNode, index: int) -> str | None:
        """Execute or examine one cell; returns why the run must end here, or None."""
        if (used_up := self.clock.used_up()) is not None:
            return used_up
        if self.overfull:
            return OVERFULL
        self.clock.begins()
        begin = time.monotonic()
        if self.follower is not None:
            self.follower.begins()
        try:
            examiner = self.examiner if self.examiner is not None and self.examiner.wants(cell) else None
            fault = await (self._examine(examiner, cell, index) if examiner else self._executed(cell, index))
        finally:
            self.client.seconds[index] = time.monotonic() - begin
        if self.follower is not None:
            at = None if fault is None else index
            self.follower.ended(index, Execution(self.notebook, self.client.seconds, self.timed_out, fault, at))
        return fault

    async def _executed(self, cell: NotebookNode, index: int) -> str | None:
        self.client.expired = None
        try:
            await self.client.async_execute_cell(cell, index)
        except DeadKernelError:
            return await self._why("the kernel died")
        except CellTimeoutError:
            return "the kernel did not answer an interrupt"
        except AutograderError:
            raise
        except Exception as error:
            return unreadable(error)
        if self.client.expired is not None:
            self.timed_out[index] = self.client.expired
        return None

    async def _examine(self, examiner: Examiner, cell: NotebookNode, index: int) -> str | None:
        loop = asyncio.get_running_loop()
        channel = KernelChannel(self.referee_socket, self.manager, loop, self.clock, self.requests)
        # Requests end at the cell's limit; what the check itself computes has a limit of its own.
        examination = Interruptible(lambda: examiner.examine(cell, channel))
        work = loop.run_in_executor(None, examination.run)
        may, latest = self.limits.cell_seconds + _LEAVE_SECONDS, self.limits.cell_seconds * self.limits.backstop
        began = time.monotonic()
        while not (await asyncio.wait({work}, timeout=LOOK_SECONDS))[0]:
            if examination.processor_seconds() > may or time.monotonic() - began > latest + _LEAVE_SECONDS:
                examination.interrupt(RequestTimeout)
                self.timed_out[index] = f"made its check compute for more than {may:g} s"
                may, latest, began = _LEAVE_SECONDS + examination.processor_seconds(), 0.0, time.monotonic()
        try:
            cell.outputs = work.result()
        except RequestTimeout:
            pass
        except MemoryError:
            return _TOO_LARGE
        self.requests = channel.next
        if isinstance(channel.failure, ChannelLost):
            return await self._why(str(channel.failure))
        if channel.failure is not None:
            self.timed_out.setdefault(index, channel.expired or "was interrupted")
        return None

    async def _why(self, fault: str) -> str:
        """Why the kernel is gone: what was noticed here, unless it was ended for what it took."""
        if self.overfull:
            return OVERFULL
        provisioner = self.manager.provisioner
        greedy = provisioner is not None and await provisioner.poll() == TOOK_TOO_MUCH
        return _GREEDY if greedy else fault

    async def _watch(self) -> None:
        """End the kernel when its folder grows beyond the limit."""
        if self.watched is not None:
            await until_overfull(self.watched, self.limits.folder_bytes)
            self.overfull = True
            await self.manager.signal_kernel(signal.SIGKILL)
