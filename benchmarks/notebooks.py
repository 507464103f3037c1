"""How long each instructor notebook takes from start to end, and where the time goes.

``python -m benchmarks.notebooks`` executes every chapter once, one after the other, and rewrites ``notebooks.md``.
The unit of the last column is the time that an empty notebook takes on the same machine in the same run.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.grading.source import author_code, read_source
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.limits import Limits
from autograder.kernel.session import Execution, execute
from benchmarks.table import keep, machine


def timed(notebook: NotebookNode, code: CourseCode = NO_CODE) -> tuple[float, Execution]:
    """Wall seconds of executing a notebook in a kernel of its own, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        execution = execute(notebook, Path(folder), Limits(threads=2), code.environment())
        return time.monotonic() - began, execution


def row(name: str, notebook: NotebookNode, code: CourseCode, empty: float) -> str:
    """One line of the table."""
    seconds, execution = timed(notebook, code)
    if execution.fault:
        raise SystemExit(f"{name} did not run to its end: {execution.fault}")
    slowest = max(execution.seconds, key=lambda index: execution.seconds[index])
    where = f"`{notebook.cells[slowest].id}` ({execution.seconds[slowest]:.1f} s)"
    return f"| {name} | {len(execution.seconds)} | {seconds:.1f} | {seconds / empty:.1f} | {where} |"


def main() -> None:
    """Measure every chapter and write the table."""
    course = Course.find(Path(__file__).parent)
    empty, _ = timed(new_notebook(cells=[new_code_cell("pass")]))
    where = machine()
    lines = [
        "# Run time of the instructor notebooks",
        "",
        f"Made by `python -m benchmarks.notebooks` on {where}; an empty notebook took {empty:.1f} s.",
        "",
        "| chapter | code cells | seconds | times an empty notebook | slowest cell |",
        "|---|--:|--:|--:|---|",
        *(
            row(chapter.name, read_source(course, chapter.name), author_code(course), empty)
            for chapter in course.chapters
        ),
    ]
    keep(__file__, lines)


if __name__ == "__main__":
    main()
