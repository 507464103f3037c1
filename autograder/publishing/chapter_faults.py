"""Why a run of a chapter is not fit to be printed."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.kernel.session import Execution
from autograder.notebook.cells import cell_info


@dataclass(frozen=True)
class ChapterFault:
    """Why a chapter has no outputs.

    Attributes:
        message: for the author: chapter, cell, what is wrong, what was expected and what to do.
        reason: for readers of the book: half a sentence that quotes nothing of the solutions.
        seconds: wall time of the run.
    """

    message: str
    reason: str
    seconds: float = 0.0


def fault_of_run(name: str, execution: Execution, limit: float, elapsed: float) -> ChapterFault | None:
    """What is wrong with a run, or None where it can be printed.

    Args:
        name: the chapter's name.
        execution: its run.
        limit: seconds that it was allowed.
        elapsed: seconds that it took, from the start of its kernel.
    """
    found = _cell_fault(name, execution, limit) or _early_end(name, execution, limit, elapsed)
    if found is None:
        found = _figure_fault(name, execution.notebook)
    return None if found is None else ChapterFault(*found, seconds=elapsed)


def _cell_fault(name: str, execution: Execution, limit: float) -> tuple[str, str] | None:
    """The first cell that reached the limit, or ended in an error that is not meant."""
    for index, cell in enumerate(execution.notebook.cells):
        # A cell that is interrupted ends in an error, too, which says nothing about it.
        if index in execution.timed_out:
            return _timeout(name, cell, limit)
        if cell.cell_type != "code" or "raises-exception" in cell.metadata.get("tags", []):
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return (
                    f"{name}: cell {cell.id!r} ended in {output.ename}: {output.evalue}. Every cell has "
                    "to run with the solutions; fix it, or tag it raises-exception if the error is meant.",
                    f"its cell {cell.id!r} ended in an error",
                )
    return None


def _early_end(name: str, execution: Execution, limit: float, elapsed: float) -> tuple[str, str] | None:
    if execution.fault is None:
        return None
    index = execution.fault_index
    cell = execution.notebook.cells[index] if index is not None else None
    if elapsed >= limit:
        return _timeout(name, cell, limit)
    return (
        f"{name}: the run ended at cell {cell.id if cell else 'unknown'!r}: {execution.fault}. "
        "A chapter has to run to its end; run the command again, and if it ends there again, make the cell lighter.",
        "its run ended early",
    )


def _timeout(name: str, cell: NotebookNode | None, limit: float) -> tuple[str, str]:
    return (
        f"{name}: timeout: the run reached the limit of {limit:g} s for one chapter in cell "
        f"{cell.id if cell else 'unknown'!r}. Expected the whole chapter to run within that; try again when the "
        "machine is less busy, or allow more with `autograder book --timeout SECONDS`.",
        f"its run reached the time limit of {limit:g} s",
    )


def _figure_fault(name: str, notebook: NotebookNode) -> tuple[str, str] | None:
    for cell in notebook.cells:
        about = cell_info(cell)
        if cell.cell_type != "code" or about.kind in ("test", "solution", "manual"):
            continue
        drawn = any(key.startswith("image/") for output in cell.outputs for key in output.get("data", {}))
        if drawn and not cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "").strip():
            return (
                f"{name}: the figure of cell {cell.id!r} has no alternative text. Describe what is "
                'to be seen in the cell metadata: "mystnb": {"image": {"alt": "…"}}.',
                f"its cell {cell.id!r} has a figure without a description",
            )
    return None
