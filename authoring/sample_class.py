"""A class of students as an instructor meets them: good, wrong, careless and broken submissions."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.course import Course
from autograder.durations import Say, silent
from autograder.grading.source import prepare_sources
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.student_edition import student_edition
from autograder.wrong_answers import load_wrong_answers

WRITTEN = "The derivative tells how much the output changes when the input does; see the figure above."

FIRST, SECOND, FIFTH = "01_activation_derivatives", "02_xor_mlp", "05_numpy_convolution"
CHAPTERS = (FIRST, SECOND, FIFTH)
WRONG = (
    ("cleo", FIRST, "sigmoid: numerical-warning"),
    ("dan", FIRST, "tanh-derivative: input-taken-for-output"),
    ("eva", FIRST, "softmax: global-maximum"),
    ("fay", SECOND, "mlp: error-instead-of-delta"),
    ("gus", SECOND, "accuracy: broadcast-targets"),
    ("hal", FIFTH, "conv2d: kernel-flipped"),
)

Change = Callable[[NotebookNode], None]


@dataclass(frozen=True)
class SampleSubmission:
    """One submission of the sample class.

    Attributes:
        student, assignment: who handed in what.
        story: what is special about it, in a few words.
        path: the file.
    """

    student: str
    assignment: str
    story: str
    path: Path


def filled_in(source: NotebookNode, student: NotebookNode, wrong: dict[str, str] | None = None) -> NotebookNode:
    """The student edition with every exercise answered from the instructor's solutions.

    Args:
        source: the instructor notebook.
        student: its student edition.
        wrong: other answers, by grade id.
    """
    solutions = by_grade_id(source)
    result = copy.deepcopy(student)
    for cell in result.cells:
        about = cell_info(cell)
        if about.kind == "solution":
            author = solutions[str(about.grade_id)].source
            cell.source = (wrong or {}).get(str(about.grade_id), author)
        elif about.kind == "manual":
            cell.source = WRITTEN
    return result


def hand_in(course: Course, folder: Path, say: Say = silent) -> list[SampleSubmission]:
    """Write the sample class to ``folder`` in nbgrader's layout and return what was written.

    Args:
        say: is told how far it is.

    Raises:
        CourseError: if a chapter of the course cannot be read.
    """
    handed: list[SampleSubmission] = []
    sources = prepare_sources(course, CHAPTERS, say)
    editions = {name: (source, student_edition(source)) for name, source in sources.items()}

    def write(student: str, name: str, story: str, text: str) -> None:
        path = folder / student / name / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        handed.append(SampleSubmission(student, name, story, path))

    def answered(student: str, name: str, story: str, change: Change | None = None, wrong: str | None = None) -> None:
        source, empty = editions[name]
        notebook = filled_in(
            source, empty, _wrong_answer(course.wrong_answers, name, wrong) if wrong is not None else {}
        )
        if change is not None:
            change(notebook)
        write(student, name, story, nbformat.writes(notebook))

    for name in CHAPTERS:
        answered("ada", name, "everything right")
        write("ben", name, "untouched stubs", nbformat.writes(editions[name][1]))
    for student, name, wrong in WRONG:
        answered(student, name, wrong, wrong=wrong)
    for student, story, change in BROKEN:
        answered(student, FIRST, story, change)
    write("quinn", FIRST, "a truncated file", nbformat.writes(editions[FIRST][1])[:2000])
    return handed


def _wrong_answer(folder: Path | None, chapter: str, name: str) -> dict[str, str]:
    """The answer ``grade-id: mistake`` of a chapter."""
    answers = load_wrong_answers(folder, chapter) if folder is not None else []
    found = {a.grade_id: a.source for a in answers if f"{a.grade_id}: {a.mistake}" == name}
    if not found:
        raise ValueError(f"{chapter} has no wrong answer {name!r}; authoring/wrong_answers/ lists them.")
    return found


def _cell(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    return by_grade_id(notebook)[grade_id]


def _infinite_loop(notebook: NotebookNode) -> None:
    _cell(notebook, "softmax").source = "def softmax(x):\n    while True:\n        x = x - x.max()\n"


def _dead_kernel(notebook: NotebookNode) -> None:
    _cell(notebook, "softmax").source = "import os\n\n\ndef softmax(x):\n    os._exit(3)\n"


def _edited_locked_cell(notebook: NotebookNode) -> None:
    _cell(notebook, "test-sigmoid").source = "print('sigmoid: correct')"
    _cell(notebook, "sigmoid").source = "def sigmoid(x):\n    return x\n"


def _deleted_test(notebook: NotebookNode) -> None:
    notebook.cells.remove(_cell(notebook, "test-relu"))


def _duplicated_cell(notebook: NotebookNode) -> None:
    test = _cell(notebook, "test-relu")
    # As JupyterLab pastes a cell: with its metadata, under an id of its own.
    pasted = NotebookNode(copy.deepcopy(test), id="pasted")
    notebook.cells.insert(notebook.cells.index(test), pasted)


def _other_kernel(notebook: NotebookNode) -> None:
    notebook.metadata["kernelspec"] = {"name": "conda-env-ml-py", "display_name": "ML", "language": "python"}


def _asks_for_input(notebook: NotebookNode) -> None:
    _cell(notebook, "relu").source = 'slope = float(input("slope? "))\n\n\ndef relu(x):\n    return slope * x\n'


def _stray_cells(notebook: NotebookNode) -> None:
    notebook.cells.insert(2, new_code_cell("print('my notes')\nundefined_name"))


BROKEN: tuple[tuple[str, str, Change], ...] = (
    ("ines", "an infinite loop", _infinite_loop),
    ("jon", "a kernel that dies", _dead_kernel),
    ("kim", "an edited locked cell", _edited_locked_cell),
    ("lea", "a deleted test cell", _deleted_test),
    ("mia", "a duplicated cell", _duplicated_cell),
    ("noor", "another kernel's name", _other_kernel),
    ("omar", "input() in an answer", _asks_for_input),
    ("pia", "a scratch cell that fails", _stray_cells),
)
