"""The book editions: what a reader sees of a chapter, with the outputs of the instructor's run."""

from __future__ import annotations

import copy
import re

from nbformat import NotebookNode

from autograder.errors import BuildError
from autograder.notebook.cells import HIDDEN_BEGIN, hidden_lines, info, visible_source

# Where the stage keeps things, seen from a staged chapter.
DOWNLOADS = "../downloads"
FOR_STUDENTS = "../book/for-students.md"
_READABLE = 100
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# "/tmp/ipykernel_12/34.py:5: RuntimeWarning: …" and the line of source that Python prints below it.
_WARNING = re.compile(r"^\S+\.py:\d+: (?P<text>\w+: .*)\n(?:[ \t]+.*\n?)?", re.MULTILINE)
_MARK_SCHEME = re.compile(r"^=== BEGIN MARK SCHEME ===\n(?P<text>.*?)^=== END MARK SCHEME ===\n?", re.M | re.S)


def without_hidden_tests(notebook: NotebookNode) -> NotebookNode:
    """A copy of an instructor notebook that keeps its solutions and loses its hidden tests.

    Executed, it gives the outputs that a reader may see: nothing that a hidden test prints is among them.
    """
    result = copy.deepcopy(notebook)
    for cell in result.cells:
        if HIDDEN_BEGIN in cell.source:
            cell.source = visible_source(cell.source)
    return result


def book_edition(student: NotebookNode, executed: NotebookNode, name: str) -> NotebookNode:
    """The student edition with the outputs of the instructor's run, for the rendered book.

    Sources come from the student edition, outputs from ``executed``, matched by cell id. An exercise keeps
    its stub and shows no output; a check shows what it printed; an answer in words becomes a note. Tracebacks
    are cut to their last line and warnings lose their line of source, because both quote solutions.

    Args:
        student: the student edition; left unchanged.
        executed: the same chapter with solutions, executed after :func:`without_hidden_tests`; left
            unchanged.
        name: the chapter's name, for the download link under the title.

    Raises:
        BuildError: if a code cell of ``student`` is missing in ``executed``, or if ``executed`` still holds
            hidden tests, so that their output could not be told from that of the visible check.
    """
    done = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
    result = copy.deepcopy(student)
    for cell in result.cells:
        kind = info(cell).kind
        if cell.cell_type == "code":
            run = done.get(cell.id)
            if run is None:
                raise BuildError(
                    f"{name}: cell {cell.id!r} is not in the executed notebook. Expected a run of the same "
                    "chapter; delete build/executed and build again."
                )
            if hidden_lines(run.source):
                raise BuildError(
                    f"{name}: cell {cell.id!r} was executed with its hidden tests, whose output must not be "
                    "shown. Execute without_hidden_tests(notebook) instead."
                )
            cell.execution_count = None
            answered = kind in ("solution", "manual", "task")
            cell.outputs = [] if answered else _outputs(run, printed_only=kind == "test")
        elif kind in ("manual", "task"):
            cell.source = _answer_note(info(cell).points)
        _dress(cell, kind)
    return _with_download(result, name)


def instructor_book_edition(executed: NotebookNode, name: str) -> NotebookNode:
    """The executed instructor notebook for the book, with solutions folded and mark schemes set apart.

    Args:
        executed: an executed instructor notebook; left unchanged.
        name: the chapter's name, for the download link under the title.
    """
    result = copy.deepcopy(executed)
    for cell in result.cells:
        kind = info(cell).kind
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = _outputs(cell, printed_only=kind == "test")
            if kind == "solution":
                _tag(cell, "hide-input")
        else:
            cell.source = _MARK_SCHEME.sub(r"\n:::{admonition} Mark scheme\n:class: tip\n\g<text>:::\n", cell.source)
        _dress(cell, kind)
    return _with_download(result, name)


def _outputs(run: NotebookNode, printed_only: bool) -> list[NotebookNode]:
    outputs = []
    for output in copy.deepcopy(run.outputs):
        if output.output_type == "error":
            output.traceback = _without_frames(output)
        elif output.output_type == "stream":
            output.text = _WARNING.sub(r"\g<text>\n", output.text) if output.name == "stderr" else output.text
        elif printed_only:
            continue
        output.pop("execution_count", None)
        if output.output_type == "execute_result":
            output.execution_count = None
        outputs.append(output)
    return outputs


def _without_frames(error: NotebookNode) -> list[str]:
    """What may be shown of a traceback: all of a failed check, which has no frames, else the last line."""
    lines = [_ANSI.sub("", line) for line in error.traceback]
    if lines and lines[0].startswith("Check failed"):
        return lines
    return [f"{error.ename}: {error.evalue}" if error.evalue else error.ename]


def _answer_note(points: float) -> str:
    worth = f", {points:g} {'point' if points == 1 else 'points'}" if points else ""
    text = f"Write it in the notebook. It is read by a person{worth}."
    return f":::{{admonition}} Your answer\n:class: note\n{text}\n:::"


def _dress(cell: NotebookNode, kind: str) -> None:
    """Drop what only nbgrader reads, and tag exercises and checks so that the style sheet can mark them."""
    for key in ("nbgrader", "deletable", "editable"):
        cell.metadata.pop(key, None)
    if cell.cell_type == "code" and kind in ("solution", "test"):
        _tag(cell, "exercise" if kind == "solution" else "check")
    # Asserts that nbgrader wrote for an AUTOTEST line are long and not meant to be read.
    if kind == "test" and any(len(line) > _READABLE for line in cell.source.splitlines()):
        _tag(cell, "hide-input")


def _tag(cell: NotebookNode, tag: str) -> None:
    tags = cell.metadata.setdefault("tags", [])
    if tag not in tags:
        tags.append(tag)


def _with_download(notebook: NotebookNode, name: str) -> NotebookNode:
    for cell in notebook.cells:
        title, _, rest = cell.source.partition("\n")
        if cell.cell_type == "markdown" and title.startswith("# "):
            link = f"{{download}}`{name}.ipynb <{DOWNLOADS}/{name}.ipynb>`"
            cell.source = f"{title}\n\n**Notebook:** {link} ([how to run it]({FOR_STUDENTS})).\n{rest}"
            return notebook
    raise BuildError(f"{name}: no cell begins with a title. Expected a Markdown cell whose first line is '# Title'.")
