import pytest
from nbformat.v4 import new_code_cell

from autograder.notebook.cells import by_grade_id, cell_info, hidden_lines, without_mark_schemes
from tests.support.toy import TEST, meta, toy_notebook


@pytest.mark.parametrize(
    ("flags", "kind", "locked"),
    [
        ({"grade": True, "locked": True, "points": 3}, "test", True),
        ({"grade": True, "points": 3}, "test", True),
        ({"grade": True, "solution": True, "points": 3}, "manual", False),
        ({"solution": True, "locked": True}, "solution", False),
        ({"locked": True}, "given", True),
        ({}, "given", False),
        ({"task": True, "points": 3}, "task", False),
    ],
)
def test_flags_decide_what_a_cell_is_for(flags, kind, locked):
    about = cell_info(new_code_cell("", metadata=meta("x", **flags)))
    assert (about.kind, about.locked) == (kind, locked)


def test_a_cell_without_metadata_is_not_nbgraders():
    assert cell_info(new_code_cell("")).kind == "other"


def test_only_scored_cells_have_points():
    assert cell_info(new_code_cell("", metadata=meta("x", solution=True, points=5))).points == 0


def test_of_two_cells_with_one_grade_id_the_last_is_found():
    notebook = toy_notebook()
    notebook.cells.append(new_code_cell("again", metadata=meta("double", solution=True)))
    assert by_grade_id(notebook)["double"].source == "again"


def test_hidden_lines_are_those_between_the_markers():
    assert hidden_lines(TEST) == ["secret = 4711", 'assert double(secret) == 9422, "hidden value 9422"']


def test_a_mark_scheme_goes_and_the_model_answer_stays():
    text = "Because.\n\n=== BEGIN MARK SCHEME ===\n- 2 points: a reason\n=== END MARK SCHEME ===\nMore."
    assert without_mark_schemes(text) == "Because.\n\nMore."
    assert without_mark_schemes("Because.\n") == "Because.\n"
