"""Above each exercise students read what it is worth; nothing is shown that nobody knows."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.authoring import faults
from autograder.notebook.exercise_labels import exercise_labels, with_exercise_labels
from tests.conftest import ROOT
from tests.support.toy import meta


def answer(name: str, **about: object) -> NotebookNode:
    metadata = {**meta(name, solution=True), **({"autograder": about} if about else {})}
    return new_code_cell("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", metadata=metadata)


def check(name: str, points: float) -> NotebookNode:
    return new_code_cell("pass", metadata=meta(name, grade=True, locked=True, points=points))


def chapter(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells))


def test_points_of_all_its_checks_are_an_exercises():
    labels = exercise_labels(
        chapter(
            answer("conv2d", difficulty=4), check("test-conv2d-1", 3), check("test-conv2d-2", 4.5),
            answer("relu", minutes=2.5, difficulty=1), check("test-relu", 1),
            answer("free"), answer("odd", difficulty=2),
        )
    )  # fmt: skip
    assert labels == {
        "conv2d": "7.5 points, difficulty 4 of 5",
        "relu": "1 point, difficulty 1 of 5, about 2.5 minutes",
        "free": "",
        "odd": "difficulty 2 of 5",
    }


def test_the_line_is_below_the_heading_at_the_end_of_the_text_or_on_its_own():
    before = chapter(
        new_markdown_cell("# Title\n\n## ReLU\n\nWrite it.\n"), answer("relu"), check("test-relu", 2),
        new_markdown_cell("Now its slope."), answer("slope"), check("test-slope", 3),
        answer("both"), check("test-both", 4),
    )  # fmt: skip
    after = with_exercise_labels(before)
    assert [cell.source for cell in after.cells if cell.cell_type == "markdown"] == [
        "# Title\n\n## ReLU\n\n**Exercise:** 2 points.\n\nWrite it.",
        "Now its slope.\n\n**Exercise:** 3 points.",
        "**Exercise:** 4 points.",
    ]
    assert [cell.source for cell in before.cells if cell.cell_type == "markdown"][1] == "Now its slope."
    nbformat.validate(after)


def test_no_answer_in_words_is_written_into():
    question = new_markdown_cell("Because.", metadata=meta("why", grade=True, solution=True, points=2))
    after = with_exercise_labels(chapter(question, answer("relu"), check("test-relu", 2)))
    assert [cell.source for cell in after.cells[:2]] == ["Because.", "**Exercise:** 2 points."]


@pytest.mark.parametrize(
    ("about", "fault"),
    [
        ({"difficulty": 6}, "has the difficulty 6"),
        ({"difficulty": 2.5}, "has the difficulty 2.5"),
        ({"difficulty": True}, "has the difficulty True"),
        ({"minutes": 0}, "takes 0 minutes"),
        ({"minutes": "ten"}, "takes 'ten' minutes"),
    ],
)
def test_what_cannot_be_meant_is_refused(about: dict[str, object], fault: str):
    [found] = faults(chapter(answer("relu", **about), check("test-relu", 2)))
    assert fault in found


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_every_exercise_of_the_course_says_how_hard_it_is(path):
    labels = exercise_labels(nbformat.read(path, as_version=4))
    assert labels
    assert [name for name, label in labels.items() if "difficulty" not in label] == []
