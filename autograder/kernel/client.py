"""nbclient's client that answers output floods and ends a cell when its time is used up."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.client import KernelClient
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode, ValidationError
from nbformat.v4 import new_output

from autograder.errors import KernelError
from autograder.kernel.clock import LOOK_SECONDS, NotebookClock
from autograder.kernel.limits import Limits
from autograder.kernel.outputs import OutputBudget

_REPLY_SECONDS, _PUBLISHED_SECONDS = 0.05, 0.01
_UPDATE, _STREAMS = "update_display_data", ("stdout", "stderr")
_SHOWN = ("display_data", "execute_result", "error", _UPDATE)
_TOO_MUCH = "[output left out here: the cell or the notebook shows more than is kept]\n"
_NO_OUTPUT = "[output left out here: a notebook cannot hold it; expected text for each of its formats]\n"


class LimitedClient(NotebookClient):
    """Executes the cells of one notebook.

    Attributes:
        seconds: wall seconds of each executed code cell, by its index.
        expired: why the cell that was executed last was interrupted, or None.
    """

    expired: str | None = None

    def __init__(self, notebook: NotebookNode, limits: Limits, clock: NotebookClock, **kwargs: Any) -> None:
        super().__init__(notebook, **kwargs)
        self._clock = clock
        self.seconds: dict[int, float] = {}
        self._budget = OutputBudget(limits.output_bytes)
        self._noted: set[tuple[str, int]] = set()

    async def async_start_new_kernel_client(self) -> KernelClient:
        """Connect, and return as soon as both a reply and a published message have come through.

        jupyter_client's own ``wait_for_ready`` waits another 0.2 s for silence, and its heartbeat starts a thread.

        Raises:
            RuntimeError: if the kernel ends or does not answer within the start-up time.
        """
        assert self.km is not None
        client = self.kc = self.km.client()
        client.start_channels(hb=False)
        client.allow_stdin = False
        self._deadline = time.monotonic() + self.startup_timeout
        asked = {client.kernel_info()}
        # The request waits for the kernel; what is published waits for nobody, and is lost before the subscription.
        while not await self._hears_of(asked, client.shell_channel, _REPLY_SECONDS):
            pass
        while not await self._hears_of(asked, client.iopub_channel, _PUBLISHED_SECONDS):
            asked.add(client.kernel_info())
        return client

    async def _hears_of(self, asked: set[str], channel: Any, seconds: float) -> bool:
        """Wait for what a channel says of one of the requests; False where that takes longer."""
        assert self.km is not None
        if time.monotonic() > self._deadline or not await ensure_async(self.km.is_alive()):
            await self._async_cleanup_kernel()
            raise RuntimeError("the kernel ended, or did not answer, before the first cell")
        with suppress(Empty):
            while True:
                message = await channel.get_msg(timeout=seconds)
                if message["parent_header"].get("msg_id") in asked:
                    return True
        return False

    def _get_timeout(self, cell: NotebookNode | None) -> float:  # type: ignore[override]  # noqa: ARG002
        """How long nbclient waits for an answer before it asks what to do."""
        return LOOK_SECONDS

    async def _async_handle_timeout(self, timeout: float, cell: NotebookNode | None = None) -> dict[str, Any] | None:  # noqa: ARG002
        """Go on waiting, which is None, or interrupt the cell and make up an answer."""
        # After a stray message nbclient asks again at once.
        await asyncio.sleep(self._clock.due())
        self.expired = self._clock.look()
        if self.expired is None:
            return None
        assert self.km is not None
        await ensure_async(self.km.interrupt_kernel())
        return {"content": {"status": "error", "ename": "CellTimeout", "evalue": self.expired, "traceback": []}}

    async def _async_check_alive(self) -> None:
        try:
            await super()._async_check_alive()
        except KernelError as error:
            # Where a kernel cannot be asked about any more, waiting for its answer has no end.
            raise DeadKernelError(str(error)) from error

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Drop what is beyond the limit or what no notebook may hold, and what only a live front end could use."""
        kind, content = msg["msg_type"], msg["content"]
        if kind.startswith("comm"):
            return None
        if kind == "stream":
            content["text"] = self._budget.printed(cell_index, str(content.get("text", "")))
            if not content["text"]:
                return None
        elif kind in _SHOWN and not self._budget.shows(cell_index, content, update=kind == _UPDATE):
            return self._left_out(_TOO_MUCH, cell, cell_index)
        count = content.get("execution_count")
        if not isinstance(count, int | None) or (kind == "stream" and content.get("name") not in _STREAMS):
            return self._left_out(_NO_OUTPUT, cell, cell_index)
        try:
            return super().process_message(msg, cell, cell_index)
        except (ValidationError, RecursionError):
            return self._left_out(_NO_OUTPUT, cell, cell_index)

    def _left_out(self, line: str, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Say, once for each cell, that an output is missing."""
        if (line, cell_index) not in self._noted:
            self._noted.add((line, cell_index))
            cell.outputs.append(new_output("stream", name="stdout", text=line))
        return None


def unreadable(error: Exception) -> str:
    """The fault of a kernel after which nbclient or jupyter_client raised this: it comes from what the kernel sent.

    The same submission gets the same sentence in each run, so a signature is not quoted.
    """
    first_line = next(iter(str(error).splitlines()), "")
    if first_line.startswith("Invalid Signature"):
        return "the kernel sent a message that is not signed with its key"
    return f"the kernel sent what cannot be read ({type(error).__name__}: {first_line[:200]})"
