"""Examine a chapter's test cells as the grader does, over its wire format, with both sides in one process.

What a kernel and a worker process would do is done here by an :class:`Agent` and an :class:`Examiner` that exchange
the same bytes. It takes milliseconds, so every wrong answer can go this way.
"""

from __future__ import annotations

import contextlib
import contextvars
import io
import linecache
import os
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
from nbformat import NotebookNode

from autograder.kernel.agent import Agent
from autograder.kernel.messages import from_buffers, to_buffers
from autograder.kernel.serialization import Buffer, Json
from autograder.notebook.cells import cell_info
from autograder.referee.examiner import Examiner
from autograder.testing import CheckFailed
from tests.support.inprocess import is_training


class LocalChannel:
    """A channel to an agent in this process, in a context of its own as if it were another.

    Attributes:
        asked: the functions of the helper package that ran next to the student's code, by name.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.asked: set[str] = set()
        self._agent = Agent(names, self._call_back)
        self._on_callback: Callable[..., tuple[Json, list[Buffer]]] = lambda *_: ({"error": "nobody asks"}, [])
        self._grader = contextvars.copy_context()

    def request(
        self,
        content: Json,
        buffers: Sequence[Buffer],
        on_callback: Callable[[Json, Sequence[Buffer]], tuple[Json, list[Buffer]]],
    ) -> tuple[Json, Sequence[Buffer]]:
        """Answer at once."""
        if content["do"] == "beside":
            self.asked.add(content["name"].partition(":")[2])
        self._on_callback, self._grader = on_callback, contextvars.copy_context()
        return contextvars.Context().run(self._answer, to_buffers(content, buffers))

    def _answer(self, message: list[Buffer]) -> tuple[Json, Sequence[Buffer]]:
        return from_buffers(to_buffers(*self._agent.answer(*from_buffers(message))))

    def _call_back(self, content: Json, buffers: Sequence[Buffer]) -> tuple[Json, Sequence[Buffer]]:
        answer = self._grader.copy().run(self._on_callback, *from_buffers(to_buffers(content, buffers)))
        return from_buffers(to_buffers(*answer))


def examine_chapter(
    notebook: NotebookNode, answers: dict[str, str] | None = None, training: bool = True
) -> dict[str, CheckFailed | Exception | None]:
    """Like :func:`tests.support.inprocess.run_chapter`, but every test cell is examined from the other side."""
    embedded()
    names: dict[str, Any] = {"__name__": "__main__"}
    examiner, channel = Examiner(notebook), LocalChannel(names)
    outcome: dict[str, CheckFailed | Exception | None] = {}
    for cell in notebook.cells:
        about = cell_info(cell)
        if cell.cell_type != "code" or about.kind == "other" or (not training and is_training(cell)):
            continue
        if about.kind == "test":
            outcome[str(about.grade_id)] = failure_of(examiner.examine(cell, channel))
        else:
            execute_cell((answers or {}).get(str(about.grade_id), cell.source), str(about.grade_id), names)
    return outcome


def embedded() -> None:
    """Draw into files and train without progress bars, as in a kernel that nobody watches."""
    matplotlib.use("Agg")
    os.environ["WORKBOOK_EMBEDDED"] = "1"


def failure_of(outputs: list[NotebookNode]) -> CheckFailed | Exception | None:
    """What a test cell's outputs say went wrong; None where it passed."""
    errors = [output for output in outputs if output["output_type"] == "error"]
    if not errors:
        return None
    if errors[0]["ename"] == "CheckFailed":
        return CheckFailed.parse(errors[0]["evalue"])
    return RuntimeError(f"{errors[0]['ename']}: {errors[0]['evalue']}")


def execute_cell(source: str, grade_id: str, names: dict[str, Any]) -> None:
    """Execute one cell of the student's in its names; an error ends that cell alone."""
    filename = f"<ipython-input-{grade_id}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
        exec(compile(source, filename, "exec"), names)
