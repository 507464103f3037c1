"""The book editions: what a reader sees of a chapter, with the outputs of the instructor's run."""

from __future__ import annotations

import ast
import copy
import re

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.errors import BuildError
from autograder.notebook.cells import HIDDEN_BEGIN, cell_info, hidden_lines, visible_source
from autograder.notebook.exercise_labels import exercise_labels, exercise_of

# Where the stage keeps things, seen from a staged chapter.
DOWNLOADS = "../downloads"
FOR_STUDENTS = "../book/for-students.md"
_READABLE = 100
_LONG = 100  # cells: the page is then more than forty screens of a phone
_SEVERAL = 3  # imports that make a block
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


def book_edition(
    student: NotebookNode, executed: NotebookNode, name: str, bundle: str, links: str = ""
) -> NotebookNode:
    """The student edition with the outputs of the instructor's run, for the rendered book.

    Sources come from the student edition, outputs from ``executed``, matched by cell id. An exercise keeps
    its stub and shows no output; a check shows what it printed; an answer in words becomes a note. Tracebacks
    are cut to their last line and warnings lose their line of source, because both quote solutions.

    Args:
        student: the student edition; left unchanged.
        executed: the same chapter with solutions, executed after :func:`without_hidden_tests`; left
            unchanged.
        name: the chapter's name, for the download link under the title.
        bundle: name of the zip, without suffix, that has everything that the notebook needs.
        links: Markdown to follow these links.

    Raises:
        BuildError: if a code cell of ``student`` is missing in ``executed``, or if ``executed`` still holds
            hidden tests, so that their output could not be told from that of the visible check.
    """
    done = {cell.id: cell for cell in executed.cells if cell.cell_type == "code"}
    result = copy.deepcopy(student)
    marks = _marks(result)
    for cell in result.cells:
        kind = cell_info(cell).kind
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
            cell.source = _answer_note(cell_info(cell).points)
        _dress(cell, kind)
    return _with_parts(_with_marks(_with_download(result, name, _worth(student), f"{bundle}.zip", links), marks))


def instructor_book_edition(executed: NotebookNode, name: str) -> NotebookNode:
    """The executed instructor notebook for the book, with solutions folded and mark schemes set apart.

    Args:
        executed: an executed instructor notebook; left unchanged.
        name: the chapter's name, for the download link under the title.
    """
    result = copy.deepcopy(executed)
    marks = _marks(result)
    for cell in result.cells:
        kind = cell_info(cell).kind
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = _outputs(cell, printed_only=kind == "test")
            if kind == "solution":
                _tag(cell, "hide-input")
        else:
            cell.source = _MARK_SCHEME.sub(r"\n:::{admonition} Mark scheme\n:class: tip\n\g<text>:::\n", cell.source)
        _dress(cell, kind)
    return _with_parts(_with_marks(_with_download(result, name, _worth(executed)), marks))


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
    text = f"Write it in the notebook. It is read by a person{', ' + _counted(points, 'point') if points else ''}."
    return f":::{{admonition}} Your answer\n:class: note\n{text}\n:::"


def _dress(cell: NotebookNode, kind: str) -> None:
    """Drop what only nbgrader reads, and tag exercises and checks so that the style sheet can mark them."""
    for key in ("nbgrader", "deletable", "editable"):
        cell.metadata.pop(key, None)
    if cell.cell_type == "code" and kind in ("solution", "test"):
        _tag(cell, "exercise" if kind == "solution" else "check")
    if cell.cell_type == "code" and kind in ("given", "other") and _mostly_imports(cell.source):
        _tag(cell, "imports")
        _tag(cell, "hide-input")
    # Asserts that nbgrader wrote for an AUTOTEST line are long and not meant to be read.
    if kind == "test" and any(len(line) > _READABLE for line in cell.source.splitlines()):
        _tag(cell, "hide-input")


def _mostly_imports(source: str) -> bool:
    """True for a block of imports with little else: a reader of the book passes it over."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    imports = sum(isinstance(statement, ast.Import | ast.ImportFrom) for statement in statements)
    return imports >= _SEVERAL and imports > len(statements) - imports


def _tag(cell: NotebookNode, tag: str) -> None:
    tags = cell.metadata.setdefault("tags", [])
    if tag not in tags:
        tags.append(tag)


def _counted(number: float, noun: str) -> str:
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"


def _marks(notebook: NotebookNode) -> dict[str, tuple[str, str]]:
    """What to write above exercises and checks: for each cell id the kind of mark and its words.

    See :mod:`autograder.notebook.exercise_labels` for what is said of an exercise.
    """
    labels = exercise_labels(notebook)
    names = {i.grade_id for cell in notebook.cells if (i := cell_info(cell)).kind == "solution"}
    marks = {}
    for cell in notebook.cells:
        about = cell_info(cell)
        if cell.cell_type != "code" or about.grade_id is None:
            continue
        if about.kind == "solution":
            marks[cell.id] = ("exercise", ", ".join(filter(None, ("Exercise", labels[about.grade_id]))))
        elif about.kind == "test":
            alone = f"test-{exercise_of(about.grade_id)}" == about.grade_id and exercise_of(about.grade_id) in names
            told = alone or not about.points
            marks[cell.id] = ("check", "Check" if told else f"Check, {_counted(about.points, 'point')}")
    return marks


def _with_marks(notebook: NotebookNode, marks: dict[str, tuple[str, str]]) -> NotebookNode:
    """The notebook with a line of text before each marked cell; the style sheet puts it at the cell's edge."""
    cells = []
    for cell in notebook.cells:
        if cell.id in marks:
            kind, words = marks[cell.id]
            line = f"{{.cell-mark .{kind}}}\n{words}"
            cells.append(new_markdown_cell(line, id=f"mark-{cell.id}"[:64]))
        cells.append(cell)
    notebook.cells = cells
    return notebook


def _with_parts(notebook: NotebookNode) -> NotebookNode:
    """The notebook with a list of its sections after the opening, where it is long."""
    if len(notebook.cells) > _LONG:
        listed = "```{contents} The parts of this chapter\n:local:\n:depth: 1\n```"
        notebook.cells.insert(1, new_markdown_cell(listed, id="parts"))
    return notebook


def _worth(notebook: NotebookNode) -> str:
    """The points of a chapter, and for how many exercises and questions; empty where there are no points."""
    about = [cell_info(cell) for cell in notebook.cells]
    points = sum(i.points for i in about)
    exercises = sum(i.kind == "solution" for i in about)
    questions = sum(i.kind in ("manual", "task") for i in about)
    if not points:
        return ""
    parts = [_counted(number, noun) for number, noun in ((exercises, "exercise"), (questions, "question")) if number]
    return f"**Points:** {points:g} for {' and '.join(parts)}."


def _with_download(notebook: NotebookNode, name: str, worth: str, bundle: str = "", links: str = "") -> NotebookNode:
    for cell in notebook.cells:
        title, _, rest = cell.source.partition("\n")
        if cell.cell_type == "markdown" and title.startswith("# "):
            needed = f". To run it you need the bundle, {_download(bundle)}" if bundle else ""
            here = f"**Notebook:** {_download(f'{name}.ipynb')}{needed} ([how to run it]({FOR_STUDENTS}))."
            about = " ".join(filter(None, (here, links)))
            cell.source = "\n\n".join(filter(None, (title, about, worth, rest.strip("\n")))) + "\n"
            return notebook
    raise BuildError(f"{name}: no cell begins with a title. Expected a Markdown cell whose first line is '# Title'.")


def _download(file: str) -> str:
    return f"{{download}}`{file} <{DOWNLOADS}/{file}>`"
