"""Execute a notebook in a kernel of its own, under time and output limits, and keep whatever it got done."""

from __future__ import annotations

import asyncio
import copy
import math
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder.errors import KernelError

KERNEL_NAME = "python3"
_TIMEOUT_REPLY = {"ename": "CellTimeout", "evalue": "over the time limit of a cell", "traceback": []}


@dataclass(frozen=True)
class Limits:
    """How much a notebook may use.

    Attributes:
        cell_seconds: wall time of one cell; it is interrupted then, and the next cell runs.
        notebook_seconds: wall time of all cells together; the rest is not reached.
        output_bytes: text kept for each cell; the rest is cut and a line says so.
        threads: threads for NumPy's and PyTorch's arithmetic.
    """

    cell_seconds: float = 120.0
    notebook_seconds: float = 900.0
    output_bytes: int = 1_000_000
    threads: int = 1


@dataclass(frozen=True)
class Execution:
    """What came of executing a notebook.

    Attributes:
        notebook: a copy with the outputs of every cell that was reached.
        seconds: wall seconds of each executed code cell, by its index.
        timed_out: indices of cells that were interrupted at their time limit.
        fault: why execution ended early, or None where the last cell was reached.
        fault_index: the code cell at which it ended, or None.
    """

    notebook: NotebookNode
    seconds: Mapping[int, float] = field(default_factory=dict)
    timed_out: frozenset[int] = frozenset()
    fault: str | None = None
    fault_index: int | None = None


class _Client(NotebookClient):
    """nbclient's client that answers output floods and keeps count of time."""

    def __init__(self, notebook: NotebookNode, limits: Limits, **kwargs: Any) -> None:
        super().__init__(notebook, **kwargs)
        self.limits = limits
        self.started: dict[int, float] = {}
        self.seconds: dict[int, float] = {}
        self._bytes: dict[int, int] = {}

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Drop text beyond the limit before it is stored."""
        if msg["msg_type"] == "stream":
            text = msg["content"].get("text", "")
            used = self._bytes.get(cell_index, 0)
            self._bytes[cell_index] = used + len(text)
            room = self.limits.output_bytes - used
            if room <= 0:
                return None
            if len(text) > room:
                msg["content"]["text"] = text[:room] + "\n[output cut here: the cell printed more than is kept]\n"
        return super().process_message(msg, cell, cell_index)


ManagerFactory = Callable[[Path], AsyncKernelManager]


def cold_manager(private: Path) -> AsyncKernelManager:
    """A manager that starts a kernel from scratch, with its sockets in the folder ``private``.

    Whatever kernel a notebook names, it is the course's own that runs it.
    """
    return AsyncKernelManager(
        kernel_name=KERNEL_NAME,
        transport="ipc",
        ip=str(private / "socket"),
        connection_file=str(private / "connection.json"),
    )


def kernel_environment(limits: Limits, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment variables of a kernel: this process's, embedded data only, and as many threads as allowed."""
    threads = str(limits.threads)
    return {
        **os.environ,
        "WORKBOOK_EMBEDDED": "1",
        "WORKBOOK_PROGRESS": "0",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        **extra,
    }


def execute(
    notebook: NotebookNode,
    folder: Path,
    limits: Limits | None = None,
    environment: Mapping[str, str] | None = None,
    make_manager: ManagerFactory | None = None,
) -> Execution:
    """Run every code cell in order, errors allowed, and return a copy with outputs.

    A cell over its time limit is interrupted and counts as timed out; a kernel that dies or does not answer the
    interrupt ends the run there. Either way the outputs so far are in the result.

    Args:
        notebook: left unchanged.
        folder: working directory of the kernel.
        limits: see :class:`Limits`.
        environment: extra environment variables of the kernel; ``WORKBOOK_EMBEDDED=1`` is set unless overridden.
        make_manager: makes the kernel's manager for a private folder; default :func:`cold_manager`.

    Raises:
        KernelError: if no kernel can be started.
    """
    # Sockets in a private folder: no port is opened, and the path stays short enough for a Unix socket.
    with tempfile.TemporaryDirectory(prefix="kernel-") as private:
        manager = (make_manager or cold_manager)(Path(private))
        run = _execute(copy.deepcopy(notebook), folder, limits or Limits(), environment or {}, manager)
        # A thread of its own, since the caller's may have an event loop already, as in a notebook.
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(asyncio.run, run).result()


async def _execute(
    notebook: NotebookNode,
    folder: Path,
    limits: Limits,
    environment: Mapping[str, str],
    manager: AsyncKernelManager,
) -> Execution:
    timed_out: set[int] = set()

    def note_timeout(cell_index: int, execute_reply: dict[str, Any], **_: Any) -> None:
        if execute_reply["content"].get("ename") == _TIMEOUT_REPLY["ename"]:
            timed_out.add(cell_index)

    client = _Client(
        notebook,
        limits,
        km=manager,
        timeout=limits.cell_seconds,
        allow_errors=True,
        interrupt_on_timeout=True,
        # After an interrupt nbclient makes up this reply; a kernel that then stays busy raises CellTimeoutError.
        error_on_timeout=_TIMEOUT_REPLY,
        raise_on_iopub_timeout=True,
        iopub_timeout=10,
        store_widget_state=False,
        on_cell_executed=note_timeout,
        resources={"metadata": {"path": str(folder)}},
        shutdown_kernel="immediate",
    )
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    fault, fault_index = None, None
    deadline = time.monotonic() + limits.notebook_seconds
    try:
        async with client.async_setup_kernel(cleanup_kc=True, env=kernel_environment(limits, environment)):
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type != "code":
                    continue
                fault = await _run_cell(client, cell, index, deadline)
                if fault is not None:
                    fault_index = index
                    break
    except (RuntimeError, OSError) as error:
        if not client.seconds:
            raise KernelError(
                f"the kernel {KERNEL_NAME!r} could not be started: {error}. "
                "`autograder doctor` shows what is installed."
            ) from error
        fault, fault_index = f"the kernel failed: {error}", max(client.seconds)
    return Execution(notebook, client.seconds, frozenset(timed_out), fault, fault_index)


async def _run_cell(client: _Client, cell: NotebookNode, index: int, deadline: float) -> str | None:
    """Execute one cell; returns why the run must end here, or None."""
    left = deadline - time.monotonic()
    if left <= 0:
        return f"the notebook's time limit of {client.limits.notebook_seconds:g} s was used up"
    client.timeout = math.ceil(min(client.limits.cell_seconds, left))
    begin = time.monotonic()
    try:
        await client.async_execute_cell(cell, index)
    except DeadKernelError:
        return "the kernel died"
    except CellTimeoutError:
        return "the kernel did not answer an interrupt"
    finally:
        client.seconds[index] = time.monotonic() - begin
    return None
