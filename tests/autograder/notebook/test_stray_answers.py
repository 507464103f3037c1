"""Answers in words that students wrote elsewhere than in their cell."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.cells import by_grade_id
from autograder.notebook.reconcile import reconcile
from tests.support.toy import meta

ANSWER = meta("why", grade=True, solution=True, points=2)
LOCKED = meta("question", locked=True)


def source():
    return new_notebook(
        cells=[
            new_markdown_cell("# Toy"),
            new_code_cell("import math", metadata=meta("setup", locked=True)),
            new_markdown_cell("## Why is it doubled?"),
            new_markdown_cell("Explain.", metadata=LOCKED),
            new_markdown_cell("Because it is added to itself.", metadata=ANSWER),
            new_markdown_cell("## The end"),
            new_code_cell("1 + 1"),
        ]
    )


def placeholder(text="YOUR ANSWER HERE"):
    return new_markdown_cell(text, metadata=ANSWER)


def graded(*behind_setup):
    """Flags and the answer of a submission with these cells between the given ones."""
    given = source().cells
    done = reconcile(new_notebook(cells=[*given[:4], *behind_setup, *given[5:]]), source())
    return done.flags, by_grade_id(done.notebook)["why"], done.notebook


MINE = "Since x + x is 2x."


@pytest.mark.parametrize(
    "cells",
    [
        [placeholder(), new_markdown_cell(MINE)],
        [placeholder(""), new_markdown_cell(MINE)],
        [new_markdown_cell(MINE), placeholder()],
        [placeholder(), new_code_cell("# Since x + x\n# is 2x.")],
        [placeholder(), new_code_cell(f'"""{MINE}"""')],
        [placeholder(), new_code_cell("Since it is added to itself, really.")],
        [placeholder(), new_markdown_cell(MINE, metadata=meta("of-another-notebook", solution=True))],
    ],
    ids=["below", "below an empty one", "above", "comment", "string", "prose in code", "unknown cell"],
)
def test_a_text_near_an_empty_answer_is_the_answer(cells):
    flags, answer, notebook = graded(*cells)
    assert "answer-moved:why" in flags and answer.source.startswith("Since ")
    assert sum("Since" in cell.source for cell in notebook.cells) == 1


def test_a_recreated_cell_is_the_answer():
    flags, answer, _ = graded(new_markdown_cell(MINE))
    assert flags == ("missing-cell:why", "answer-moved:why") and answer.source == MINE


def test_an_answer_written_into_the_locked_question_is_read():
    given = source().cells
    given[3].source += "\n\n" + MINE
    done = reconcile(new_notebook(cells=[*given[:4], placeholder(), *given[5:]]), source())
    assert done.flags == ("edited-locked-cell:question", "answer-moved:why")
    assert MINE in by_grade_id(done.notebook)["why"].source
    assert by_grade_id(done.notebook)["question"].source == "Explain."


def test_an_answer_written_into_an_open_question_is_read():
    given = source().cells
    given[2].source += "\n\n" + MINE
    done = reconcile(new_notebook(cells=[*given[:3], placeholder(), *given[5:]]), source())
    assert MINE in by_grade_id(done.notebook)["why"].source


def test_several_texts_are_one_answer_with_all_pictures():
    first, second = (
        new_markdown_cell(f"See ![x](attachment:x.png) {number}", attachments={"x.png": {"image/png": content}})
        for number, content in ((1, "aGk="), (2, "aG8="))
    )
    _, answer, _ = graded(placeholder(), first, second)
    assert answer.source == "See ![x](attachment:x.png) 1\n\nSee ![x](attachment:2-x.png) 2"
    assert answer.attachments == {"x.png": {"image/png": "aGk="}, "2-x.png": {"image/png": "aG8="}}


@pytest.mark.parametrize(
    "cells",
    [
        [placeholder()],
        [placeholder(), new_code_cell("x = 1  # mine")],
        [placeholder(), new_code_cell("%matplotlib inline")],
        [placeholder(), new_markdown_cell("## The end  ")],
        [placeholder(), new_markdown_cell('<img src="https://colab.research.google.com/assets/colab-badge.svg"/>')],
    ],
    ids=["nothing", "code", "magic", "the author's text", "Colab's badge"],
)
def test_what_is_no_text_of_the_students_leaves_an_empty_answer_empty(cells):
    flags, answer, _ = graded(*cells)
    assert answer.source == "YOUR ANSWER HERE" and flags == ()


def test_notes_beside_a_written_answer_stay_where_they_are():
    flags, answer, notebook = graded(placeholder("Because."), new_markdown_cell(MINE))
    assert answer.source == "Because." and flags == ()
    assert any(cell.source == MINE for cell in notebook.cells)


def test_a_model_answer_that_a_student_wrote_too_is_read():
    _, answer, _ = graded(placeholder(), new_markdown_cell("Because it is added to itself."))
    assert answer.source == "Because it is added to itself."


def test_conflict_markers_in_an_answer_are_named():
    merged = "<<<<<<< HEAD\nmine\n=======\nyours\n>>>>>>> partner"
    flags, _, _ = graded(placeholder(merged))
    assert flags == ("conflict-markers:why",)
    assert graded(placeholder("Title\n======="))[0] == ()
