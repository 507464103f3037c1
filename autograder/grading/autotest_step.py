"""nbgrader's InstantiateTests with an end: it notices a dead kernel, and waits no longer than it was told."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import InstantiateTests

# How often it is looked whether the kernel still lives.
_LOOK_SECONDS = 1.0


class LimitedInstantiateTests(InstantiateTests):  # type: ignore[misc]
    """Instantiates the tests of one notebook.

    Args:
        seconds: wall time for all cells together.

    Attributes:
        cell: the cell that was begun last; None before the first.
    """

    cell: NotebookNode | None = None
    kc: Any = None
    execute_result: str | None = None

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds, self._deadline = seconds, 0.0

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Instantiate the tests of one cell and execute the rest of it."""
        if self.cell is None:
            # Only now, because the start of the kernel has a limit of its own.
            self._deadline = time.monotonic() + self._seconds
        self.cell = cell
        done: tuple[NotebookNode, dict[str, Any]] = super().preprocess_cell(cell, resources, index)
        return done

    def end_kernel(self) -> None:
        """End the kernel at once, whatever it does; nothing happens where there is none any more."""
        if self.kc is not None:
            self.kc.stop_channels()
            # A client knows the manager that made it, and nbgrader does not give that out.
            self.kc.parent.shutdown_kernel(now=True)
            self.kc = None

    def _execute_code_snippet(self, code: str) -> str | None:
        """As nbgrader's own, which would wait for ever on a kernel that died.

        Raises:
            CellExecutionError: if the code ends in an error.
            TimeoutError: at the time limit.
            RuntimeError: if the kernel died.
        """
        asked = self.kc.execute(code, allow_stdin=False)
        idle = False
        while not idle:
            message = self._message()
            if message["parent_header"].get("msg_id") == asked:
                self._execute_code_snippet_output_hook(message)
                idle = message["content"].get("execution_state") == "idle"
        result, self.execute_result = self.execute_result, None
        return result

    def _message(self) -> dict[str, Any]:
        while (left := self._deadline - time.monotonic()) > 0:
            try:
                message: dict[str, Any] = self.kc.get_iopub_msg(timeout=min(_LOOK_SECONDS, left))
                return message
            except Empty:
                if not self.kc.is_alive():
                    raise RuntimeError("the kernel died") from None
        raise TimeoutError
