"""nbclient's client that answers output floods and keeps count of time."""

from __future__ import annotations

import time
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.client import KernelClient
from jupyter_core.utils import ensure_async
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.kernel.limits import Limits

_READY_POLL_SECONDS = 0.05
_SHOWN, _MAX_SHOWN = ("display_data", "execute_result", "error"), 10_000_000  # figures as base64, characters


class LimitedClient(NotebookClient):
    """Executes the cells of one notebook."""

    def __init__(self, notebook: NotebookNode, limits: Limits, **kwargs: Any) -> None:
        super().__init__(notebook, **kwargs)
        self.limits = limits
        self.seconds: dict[int, float] = {}
        self._bytes: dict[tuple[str, int], int] = {}

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
        deadline = time.monotonic() + self.startup_timeout
        asked: set[str] = set()
        waiting = {client.shell_channel, client.iopub_channel}
        while waiting:
            if time.monotonic() > deadline or not await ensure_async(self.km.is_alive()):
                await self._async_cleanup_kernel()
                raise RuntimeError("the kernel ended, or did not answer, before the first cell")
            # Asked again and again: what was published before the subscription arrived is lost.
            asked.add(client.kernel_info())
            for channel in tuple(waiting):
                with suppress(Empty):
                    while channel in waiting:
                        message = await channel.get_msg(timeout=_READY_POLL_SECONDS)
                        if message["parent_header"].get("msg_id") in asked:
                            waiting.remove(channel)
        return client

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Drop what is beyond the limit before it is stored, and what only a live front end could use."""
        content = msg["content"]
        if msg["msg_type"].startswith("comm"):
            return None
        if msg["msg_type"] == "stream":
            text = str(content.get("text", ""))
            room = self._room("text", cell_index, len(text), self.limits.output_bytes)
            if room <= 0:
                return None
            if len(text) > room:
                content["text"] = text[:room] + "\n[output cut here: the cell printed more than is kept]\n"
        elif msg["msg_type"] in _SHOWN:
            size = len(str(content))
            if self._room("shown", cell_index, size, _MAX_SHOWN) < size:
                return None
        return super().process_message(msg, cell, cell_index)

    def _room(self, kind: str, cell_index: int, size: int, most: int) -> int:
        """How much more of a cell's output is kept, before ``size`` is added."""
        used = self._bytes.get((kind, cell_index), 0)
        self._bytes[kind, cell_index] = used + size
        return most - used
