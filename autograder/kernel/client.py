"""nbclient's client that answers output floods and keeps count of time."""

from __future__ import annotations

from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.kernel.limits import Limits

_SHOWN, _MAX_SHOWN = ("display_data", "execute_result", "error"), 10_000_000  # figures as base64, characters


class LimitedClient(NotebookClient):
    """Executes the cells of one notebook."""

    def __init__(self, notebook: NotebookNode, limits: Limits, **kwargs: Any) -> None:
        super().__init__(notebook, **kwargs)
        self.limits = limits
        self.started: dict[int, float] = {}
        self.seconds: dict[int, float] = {}
        self._bytes: dict[tuple[str, int], int] = {}

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
