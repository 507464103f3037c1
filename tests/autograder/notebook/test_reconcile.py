import copy

import pytest
from nbformat import from_dict
from nbformat.v4 import new_code_cell

from autograder.notebook.cells import by_grade_id, cell_info, visible_source
from autograder.notebook.reconcile import reconcile
from tests.support.toy import meta


@pytest.fixture
def handed_in(toy_student):
    return copy.deepcopy(toy_student)


def flags_and_cells(handed_in, toy_source):
    done = reconcile(handed_in, toy_source.notebook)
    return done.flags, by_grade_id(done.notebook)


def test_an_honest_submission_gets_no_flag_and_its_hidden_tests(handed_in, toy_source):
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ()
    assert "4711" in cells["test-double"].source


def test_answers_are_kept_as_handed_in(handed_in, toy_source):
    by_grade_id(handed_in)["double"].source = "def double(x): return x + x"
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ()
    assert cells["double"].source == "def double(x): return x + x"


def test_an_edited_test_is_restored_and_flagged(handed_in, toy_source):
    by_grade_id(handed_in)["test-double"].source = "pass"
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ("edited-locked-cell:test-double",)
    assert cells["test-double"].source == by_grade_id(toy_source.notebook)["test-double"].source


def test_an_edited_given_cell_is_restored_and_flagged(handed_in, toy_source):
    by_grade_id(handed_in)["setup"].source = "import os"
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ("edited-locked-cell:setup",)
    assert cells["setup"].source == "import math"


def test_changed_points_are_restored_and_flagged(handed_in, toy_source):
    by_grade_id(handed_in)["test-double"].metadata.nbgrader.points = 500
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ("points-changed:test-double",)
    assert cell_info(cells["test-double"]).points == 5


def test_a_test_made_a_solution_cell_is_still_a_test(handed_in, toy_source):
    by_grade_id(handed_in)["test-double"].metadata.nbgrader.update(solution=True, locked=False)
    by_grade_id(handed_in)["test-double"].source = "pass"
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert "edited-locked-cell:test-double" in flags
    assert cell_info(cells["test-double"]).kind == "test"


def test_a_missing_test_is_put_back_behind_its_exercise(handed_in, toy_source):
    handed_in.cells.remove(by_grade_id(handed_in)["test-double"])
    done = reconcile(handed_in, toy_source.notebook)
    assert done.flags == ("missing-cell:test-double",)
    ids = [cell_info(cell).grade_id for cell in done.notebook.cells]
    assert ids.index("test-double") == ids.index("double") + 1


def test_a_missing_answer_is_never_filled_from_the_solution(handed_in, toy_source):
    handed_in.cells.remove(by_grade_id(handed_in)["double"])
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ("missing-cell:double",)
    assert cells["double"].source == ""


def test_of_duplicated_cells_the_last_one_counts(handed_in, toy_source):
    double = by_grade_id(handed_in)["double"]
    double.source = "first"
    later = copy.deepcopy(double)
    later.source = "second"
    handed_in.cells.insert(3, later)
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ("duplicate-cell:double",)
    assert cells["double"].source == "second"


def test_duplicated_cells_get_ids_of_their_own(handed_in, toy_source):
    handed_in.cells.append(copy.deepcopy(handed_in.cells[0]))
    ids = [cell["id"] for cell in reconcile(handed_in, toy_source.notebook).notebook.cells]
    assert len(set(ids)) == len(ids)


def test_a_cell_turned_into_markdown_becomes_code_again(handed_in, toy_source):
    double = by_grade_id(handed_in)["double"]
    double.cell_type = "markdown"
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ("cell-type-changed:double",)
    assert cells["double"].cell_type == "code"


def test_cells_of_another_assignment_lose_their_metadata(handed_in, toy_source):
    handed_in.cells.append(new_code_cell("1", metadata=meta("elsewhere", grade=True, points=50)))
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags == ("unknown-cell:elsewhere",)
    assert "elsewhere" not in cells


def test_another_order_is_flagged(handed_in, toy_source):
    handed_in.cells.reverse()
    assert reconcile(handed_in, toy_source.notebook).flags == ("reordered-cells",)


def test_another_language_is_flagged_and_replaced(handed_in, toy_source):
    handed_in.metadata.kernelspec = {"name": "ir", "language": "R"}
    done = reconcile(handed_in, toy_source.notebook)
    assert done.flags == ("kernel-changed:r",)
    assert done.notebook.metadata.kernelspec.name == "python3"


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "conda-env-dl-py", "language": "python"}},
        {"kernelspec": {"name": "venv"}, "language_info": {"name": "python"}},
        {"kernelspec": {"name": "conda-root-py"}},
        {},
    ],
    ids=str,
)
def test_a_kernel_of_the_same_language_is_not_flagged(handed_in, toy_source, metadata):
    handed_in.metadata = from_dict(metadata)
    assert reconcile(handed_in, toy_source.notebook).flags == ()


def test_a_duplicate_without_an_answer_does_not_count(handed_in, toy_source):
    double = by_grade_id(handed_in)["double"]
    handed_in.cells.append(copy.deepcopy(double))
    handed_in.cells.append(copy.deepcopy(double))
    double.source, handed_in.cells[-1].source = "def double(x): return x + x", ""
    flags, cells = flags_and_cells(handed_in, toy_source)
    assert flags.count("duplicate-cell:double") == 2
    assert cells["double"].source == "def double(x): return x + x"


def test_blanks_line_ends_and_composed_letters_are_not_edits(handed_in):
    source = copy.deepcopy(handed_in)
    by_grade_id(source)["setup"].source = "# Z\u00fcrich\nimport math\n\nx = 1"
    by_grade_id(handed_in)["setup"].source = "# Zu\u0308rich  \r\nimport math\t\r\n\r\nx = 1\r\n"
    assert reconcile(handed_in, source).flags == ()


def test_inputs_are_left_unchanged(handed_in, toy_source):
    by_grade_id(handed_in)["test-double"].source = "pass"
    before = copy.deepcopy(handed_in)
    reconcile(handed_in, toy_source.notebook)
    assert handed_in == before


def test_the_released_text_of_a_locked_cell_is_what_nbgrader_releases(toy_source, toy_student):
    for grade_id in ("test-double", "test-half", "setup"):
        released = visible_source(by_grade_id(toy_source.notebook)[grade_id].source)
        assert released == by_grade_id(toy_student)[grade_id].source.strip()
