"""An author's slips are named with their cell, before nbgrader refuses the notebook or releases too much."""

import nbformat
import pytest

from autograder.notebook.authoring import faults, warnings
from autograder.notebook.cells import by_grade_id
from tests.conftest import ROOT
from tests.support.toy import toy_notebook


def changed(cell, /, **metadata):
    notebook = toy_notebook()
    meta = by_grade_id(notebook)[cell].metadata.nbgrader
    for name, value in metadata.items():
        if value is None:
            del meta[name]
        else:
            meta[name] = value
    return notebook


def edited(grade_id, old, new):
    notebook = toy_notebook()
    cell = by_grade_id(notebook)[grade_id]
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    return notebook


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_nothing_is_wrong_with_the_chapters(path):
    notebook = nbformat.read(path, as_version=4)
    assert (faults(notebook), warnings(notebook)) == ((), ())


@pytest.mark.parametrize(
    ("grade_id", "old", "new", "words"),
    [
        ("test-double", "### END HIDDEN TESTS", "", "has BEGIN HIDDEN TESTS without END HIDDEN TESTS"),
        ("test-double", "BEGIN HIDDEN", "BEGIN HIDEN", "has END HIDDEN TESTS without BEGIN HIDDEN TESTS"),
        ("test-double", "secret = 4711", "### BEGIN HIDDEN TESTS", "has a second BEGIN HIDDEN TESTS"),
        ("double", "### END SOLUTION", "", "has BEGIN SOLUTION without END SOLUTION"),
        ("double", "BEGIN SOLUTION", "BEGIN", "has END SOLUTION without BEGIN SOLUTION"),
        ("written-why", "=== END MARK SCHEME ===", "", "has BEGIN MARK SCHEME without END MARK SCHEME"),
        ("setup", "import math", "### BEGIN SOLUTION\n### END SOLUTION", "is not marked as a solution"),
        ("half", "    return", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS\n", "is not marked as graded"),
        ("setup", "import", "# BEGIN MARK SCHEME\n# END MARK SCHEME", "is not an answer in words"),
    ],
)
def test_markers_that_do_not_fit_are_named_with_their_cell(grade_id, old, new, words):
    (fault,) = faults(edited(grade_id, old, new))
    assert fault.startswith(f"cell '{grade_id}' ") and words in fault


@pytest.mark.parametrize(
    ("grade_id", "metadata", "words"),
    [
        ("test-double", {"points": None}, "has no points"),
        ("test-double", {"points": -1}, "has -1 points"),
        ("test-double", {"points": "5"}, "has '5' points"),
        ("setup", {"locked": None}, "has None as 'locked'"),
        ("setup", {"locked": "yes"}, "has 'yes' as 'locked'"),
        ("setup", {"grade_id": "set up"}, "has the grade id 'set up'"),
        ("setup", {"schema_version": 4}, "Expected 1, 2 or 3"),
        ("setup", {"remove": True}, "has the field 'remove'"),
        ("setup", {"task": True, "points": 1}, "is a task of type code"),
        ("written-why", {"solution": False}, "is Markdown with only one of grade and solution"),
    ],
)
def test_metadata_that_nbgrader_refuses_is_named_with_its_cell(grade_id, metadata, words):
    found = faults(changed(grade_id, **metadata))
    assert found and found[0].startswith(f"cell '{metadata.get('grade_id') or grade_id}' ") and words in found[0]


def test_a_cell_without_a_name_is_told_by_its_number_and_first_line():
    assert faults(changed("setup", grade_id=None)) == (
        "cell 2, which begins with 'import math', has the grade id None. Expected letters from a to z, digits, - and "
        "_.",
    )


def test_two_cells_of_one_name_are_told_by_their_numbers():
    (fault,) = faults(changed("half", grade_id="double"))
    assert fault == "two cells have the grade id 'double': number 3 and 6. Give one of them another."


def test_older_metadata_may_lack_what_version_3_requires():
    assert faults(changed("setup", schema_version=1, task=None, locked=None, solution=None)) == ()


def test_points_must_add_up_to_what_the_course_says():
    assert faults(toy_notebook(), 100) == ("the points add up to 10; course.toml says 100.",)
    assert faults(changed("test-double", points=95), 100) == () == faults(toy_notebook())
    unscored = toy_notebook()
    unscored.cells = unscored.cells[:3]
    assert faults(unscored, 100) == ()
    assert len(faults(changed("test-double", points="many"), 100)) == 1


def test_a_solution_without_markers_is_worth_a_word():
    notebook = changed("test-double", points=95)
    by_grade_id(notebook)["half"].source = "def half(x):\n    return x / 2"
    (warning,) = warnings(notebook)
    assert warning.startswith("cell 'half' has no ### BEGIN SOLUTION")
