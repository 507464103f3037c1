"""Execute chapters for the book, each only when something that its outputs depend on has changed."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.cores import available_cores
from autograder.course import Course
from autograder.digest import digest, file_digest
from autograder.errors import BuildError
from autograder.files import write_atomically
from autograder.grading.source import author_code
from autograder.helper_packages import course_digest
from autograder.kernel.limits import Limits
from autograder.kernel.session import Execution, execute

# One thread: most of the layers are small, and the printed numbers do not depend on how many cores there are.
_LIMITS = Limits(threads=1)
# A chapter that trains takes about a gigabyte of memory, which a laptop with many cores has not for each of them.
_AT_ONCE = 4


@dataclass(frozen=True)
class ExecutedChapter:
    """A chapter with its outputs.

    Attributes:
        notebook: the executed notebook.
        reused: True where it comes from ``build/executed`` and nothing was run.
        seconds: wall time of its code cells; 0 where nothing was run.
    """

    notebook: NotebookNode
    reused: bool
    seconds: float = 0.0


Tell = Callable[[str, ExecutedChapter], None]


def executed_chapters(
    course: Course, notebooks: Mapping[str, NotebookNode], tell: Tell | None = None
) -> dict[str, ExecutedChapter]:
    """Execute several chapters by name, as many at a time as there are cores; see :func:`executed_chapter`.

    Args:
        tell: called with the name of each chapter and what came of it, as soon as that is known.

    Raises:
        BuildError, KernelError: as for one chapter. Those that wait are not begun then; those that run go on to
            their end and are kept.
    """
    done: dict[str, ExecutedChapter] = {}
    with ThreadPoolExecutor(min(available_cores(), _AT_ONCE)) as pool:
        running = {pool.submit(executed_chapter, course, name, notebooks[name]): name for name in notebooks}
        try:
            for future in as_completed(running):
                done[running[future]] = future.result()
                if tell is not None:
                    tell(running[future], done[running[future]])
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return {name: done[name] for name in notebooks}


def executed_chapter(course: Course, name: str, notebook: NotebookNode) -> ExecutedChapter:
    """Execute ``notebook``, or take the copy of an earlier run of the same content.

    The content is the notebook's cells, the helper packages and the pinned requirements.

    Raises:
        BuildError: if a cell without the tag ``raises-exception`` ends in an error, if the run ends early, or
            if a figure has no alternative text. Such a run is not kept.
        KernelError: if no kernel can be started.
    """
    kept = course.build / "executed" / f"{_key(course, notebook)}.ipynb"
    if kept.is_file():
        return ExecutedChapter(nbformat.read(kept, as_version=4), reused=True)
    # The helper packages that were hashed are those that the kernel imports.
    environment = author_code(course).environment(os.environ.get("PYTHONPATH", ""))
    with tempfile.TemporaryDirectory(prefix="chapter-") as scratch:
        execution = execute(notebook, Path(scratch), _LIMITS, environment)
    _require_complete(name, execution)
    _require_alt_texts(name, execution.notebook)
    write_atomically(kept, nbformat.writes(execution.notebook))
    return ExecutedChapter(execution.notebook, reused=False, seconds=sum(execution.seconds.values()))


def _key(course: Course, notebook: NotebookNode) -> str:
    cells = json.dumps(notebook.cells, sort_keys=True)
    return digest(cells, course_digest(course), file_digest(course.requirements))[:32]


def _require_complete(name: str, execution: Execution) -> None:
    for cell in execution.notebook.cells:
        if cell.cell_type != "code" or "raises-exception" in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                raise BuildError(
                    f"{name}: cell {cell.id!r} ended in {output.ename}: {output.evalue}. Every cell has "
                    "to run with the solutions; fix it, or tag it raises-exception if the error is meant."
                )
    if execution.fault is not None:
        index = execution.fault_index
        cell_id = execution.notebook.cells[index].id if index is not None else "unknown"
        raise BuildError(
            f"{name}: the run ended at cell {cell_id!r}: {execution.fault}. A chapter has to run to its end "
            f"within {_LIMITS.notebook_seconds:g} s; make the cell lighter."
        )


def _require_alt_texts(name: str, notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or nbgrader.get("grade") or nbgrader.get("solution"):
            continue
        drawn = any(key.startswith("image/") for output in cell.outputs for key in output.get("data", {}))
        if drawn and not cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "").strip():
            raise BuildError(
                f"{name}: the figure of cell {cell.id!r} has no alternative text. Describe what is "
                'to be seen in the cell metadata: "mystnb": {"image": {"alt": "…"}}.'
            )
