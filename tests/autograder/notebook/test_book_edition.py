import copy
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.errors import BuildError
from autograder.notebook.book_edition import book_edition, instructor_book_edition, without_hidden_tests
from autograder.notebook.student_edition import student_edition

NAME, BUNDLE = "01_toy", "toys"
SECRETS = ("x + x", "SECRET", "added to itself", "two points")


def _nbgrader(grade_id, **flags):
    return {
        "nbgrader": {
            "grade_id": grade_id, "schema_version": 3,
            "grade": False, "locked": False, "solution": False, "task": False, **flags,
        }
    }  # fmt: skip


def _cell(grade_id, source, new=new_code_cell, **flags):
    return new(source, id=grade_id, metadata=_nbgrader(grade_id, **flags))


@pytest.fixture
def instructor():
    """A chapter with one cell of each kind."""
    return new_notebook(
        cells=[
            new_markdown_cell("# Toy\n\nText.", id="title"),
            _cell("setup", "import numpy as np", locked=True),
            _cell(
                "double", "def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION",
                solution=True,
            ),
            _cell(
                "test-double",
                'assert double(1) == 2\nprint("double: correct")\n'
                '### BEGIN HIDDEN TESTS\nprint("SECRET")\n### END HIDDEN TESTS\nprint("end")',
                grade=True, locked=True, points=3,
            ),
            new_code_cell("double(2)", id="look", metadata={"tags": ["hide-input"]}),
            new_code_cell('double(None)', id="wrong", metadata={"tags": ["raises-exception"]}),
            _cell(
                "written-why",
                "It is added to itself.\n\n=== BEGIN MARK SCHEME ===\n- two points\n=== END MARK SCHEME ===",
                new_markdown_cell, grade=True, solution=True, points=2,
            ),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )  # fmt: skip


@pytest.fixture
def executed(instructor):
    """The chapter after a run without hidden tests."""
    run = without_hidden_tests(instructor)
    cells = {cell.id: cell for cell in run.cells}
    cells["double"].outputs = [new_output("stream", text="traced\n")]
    cells["test-double"].outputs = [
        new_output("stream", text="double: correct\nend\n"),
        new_output("display_data", data={"image/png": "AAAA"}),
    ]
    cells["look"].outputs = [
        new_output("execute_result", data={"text/plain": "4"}, execution_count=7),
        new_output(
            "stream", name="stderr", text="/tmp/ipykernel_9/12.py:3: RuntimeWarning: overflow\n  return x + x\n"
        ),
    ]
    cells["wrong"].outputs = [
        new_output("error", ename="TypeError", evalue="no sum", traceback=["Traceback", "----> 2 return x + x"])
    ]
    return run


@pytest.fixture
def book(instructor, executed):
    return book_edition(student_edition(instructor), executed, NAME, BUNDLE)


def _cells(notebook):
    return {cell.id: cell for cell in notebook.cells}


def test_sources_are_those_of_the_student_edition(instructor, book):
    student = _cells(student_edition(instructor))
    for cell in book.cells:
        if cell.cell_type == "code":
            assert cell.source == student[cell.id].source


def test_nothing_that_only_instructors_may_see_is_left(book):
    for secret in SECRETS:
        assert secret not in str(book)


def test_an_exercise_shows_its_stub_without_outputs(book):
    cell = _cells(book)["double"]
    assert "raise NotImplementedError()" in cell.source
    assert cell.outputs == []


def test_code_that_a_person_grades_shows_no_outputs(instructor, executed):
    for notebook in (instructor, executed):
        _cells(notebook)["double"].metadata["nbgrader"].update(grade=True, points=1)
    book = book_edition(student_edition(instructor), executed, NAME, BUNDLE)
    assert _cells(book)["double"].outputs == []


def test_a_check_shows_what_it_printed_and_nothing_else(book):
    outputs = _cells(book)["test-double"].outputs
    assert [output.text for output in outputs] == ["double: correct\nend\n"]


def test_an_experiment_keeps_its_outputs_and_tags(book):
    cell = _cells(book)["look"]
    assert cell.outputs[0].data == {"text/plain": "4"}
    assert cell.metadata.tags == ["hide-input"]


def test_a_warning_loses_its_path_and_its_line_of_source(book):
    assert _cells(book)["look"].outputs[1].text == "RuntimeWarning: overflow\n"


def test_a_traceback_is_cut_to_its_last_line(book):
    assert _cells(book)["wrong"].outputs[0].traceback == ["TypeError: no sum"]


def test_a_failed_check_keeps_its_message(instructor, executed):
    lines = ["Check failed", "  mean_square(x): the value is 1", "  Likely cause: the mean was squared."]
    _cells(executed)["wrong"].outputs = [new_output("error", ename="CheckFailed", evalue="…", traceback=lines)]
    book = book_edition(student_edition(instructor), executed, NAME, BUNDLE)
    assert _cells(book)["wrong"].outputs[0].traceback == lines


def test_an_answer_in_words_becomes_a_note_with_its_points(book):
    assert re.search(r"\{admonition\} Your answer.*2 points", _cells(book)["written-why"].source, re.DOTALL)


def test_the_title_is_followed_by_a_download_link(book):
    lines = book.cells[0].source.splitlines()
    assert lines[0] == "# Toy"
    assert "{download}`01_toy.ipynb <../downloads/01_toy.ipynb>`" in lines[2]
    assert "Text." in lines


def test_metadata_that_only_nbgrader_reads_is_gone(book):
    keys = {key for cell in book.cells for key in cell.metadata}
    assert keys == {"tags"}


def test_an_exercise_shows_the_points_of_its_check(book):
    marks = {cell.id: cell.source for cell in book.cells if cell.id.startswith("mark-")}
    assert marks == {
        "mark-double": "{.cell-mark .exercise}\nExercise, 3 points",
        "mark-test-double": "{.cell-mark .check}\nCheck",
    }


def test_a_mark_stands_before_the_cell_that_it_marks(book):
    ids = [cell.id for cell in book.cells]
    assert ids[ids.index("double") - 1] == "mark-double"
    assert ids[ids.index("test-double") - 1] == "mark-test-double"


def test_of_several_checks_of_an_exercise_each_shows_its_own_points(instructor, executed):
    for notebook in (instructor, executed):
        for number, points in ((1, 1), (2, 4)):
            name = f"test-double-{number}"
            notebook.cells.append(_cell(name, "print()", grade=True, locked=True, points=points))
        notebook.cells = [cell for cell in notebook.cells if cell.id != "test-double"]
    marks = _cells(book_edition(student_edition(instructor), executed, NAME, BUNDLE))
    assert "Exercise, 5 points" in marks["mark-double"].source
    assert "\nCheck, 1 point" in marks["mark-test-double-1"].source
    assert "\nCheck, 4 points" in marks["mark-test-double-2"].source


def test_an_exercise_without_points_is_marked_without_them(instructor, executed):
    for notebook in (instructor, executed):
        _cells(notebook)["test-double"].metadata["nbgrader"]["points"] = 0
    mark = _cells(book_edition(student_edition(instructor), executed, NAME, BUNDLE))["mark-double"]
    assert mark.source == "{.cell-mark .exercise}\nExercise"


def test_the_opening_says_what_the_chapter_is_worth(book):
    assert "**Points:** 5 for 1 exercise and 1 question." in book.cells[0].source


def test_the_opening_offers_the_notebook_and_the_bundle_that_it_runs_in(book):
    opening = book.cells[0].source
    assert (
        "**Notebook:** {download}`01_toy.ipynb <../downloads/01_toy.ipynb>`. To run it you need the bundle," in opening
    )
    assert "{download}`toys.zip <../downloads/toys.zip>` ([how to run it](../book/for-students.md))." in opening


def test_a_long_chapter_lists_its_parts_after_the_opening(instructor, executed):
    for notebook in (instructor, executed):
        notebook.cells += [new_markdown_cell("Text.", id=f"text-{n}") for n in range(100)]
    assert "{contents}" in book_edition(student_edition(instructor), executed, NAME, BUNDLE).cells[1].source


def test_a_short_chapter_lists_no_parts(book):
    assert "parts" not in _cells(book)


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("import a\nimport b\nfrom c import d\n\nuse(d)", True),
        ("import a\nprint(a)\nprint(a)", False),
        ("import a\nimport b", False),
        ("%matplotlib inline\nimport a\nimport b\nimport c", False),
    ],
)
def test_a_block_of_imports_is_folded(instructor, executed, source, folded):
    for notebook in (instructor, executed):
        _cells(notebook)["look"].source = source
        _cells(notebook)["look"].metadata.tags = []
    tags = _cells(book_edition(student_edition(instructor), executed, NAME, BUNDLE))["look"].metadata.get("tags", [])
    assert ("imports" in tags and "hide-input" in tags) is folded


def test_links_follow_the_download(instructor, executed):
    book = book_edition(student_edition(instructor), executed, NAME, BUNDLE, "[Elsewhere](https://example.org).")
    assert "for-students.md)). [Elsewhere](https://example.org).\n" in book.cells[0].source


def test_exercises_and_checks_are_tagged(book):
    tags = {cell.id: cell.metadata.get("tags", []) for cell in book.cells}
    assert tags["double"] == ["exercise"]
    assert tags["test-double"] == ["check"]
    assert tags["setup"] == []


def test_a_check_with_lines_too_long_to_read_is_folded(instructor, executed):
    long = "\nassert " + " and ".join(["double(1) == 2"] * 8)
    for notebook in (instructor, executed):
        _cells(notebook)["test-double"].source = "print()" + long
    assert (
        "hide-input"
        in _cells(book_edition(student_edition(instructor), executed, NAME, BUNDLE))["test-double"].metadata.tags
    )


def test_the_arguments_are_left_unchanged(instructor, executed):
    student = student_edition(instructor)
    before = copy.deepcopy((student, executed))
    book_edition(student, executed, NAME, BUNDLE)
    instructor_book_edition(executed, NAME)
    assert (student, executed) == before


def test_a_run_with_hidden_tests_is_refused(instructor):
    with pytest.raises(BuildError, match=r"01_toy: cell 'test-double' was executed with its hidden tests"):
        book_edition(student_edition(instructor), instructor, NAME, BUNDLE)


def test_a_run_of_another_notebook_is_refused(instructor):
    with pytest.raises(BuildError, match="cell 'setup' is not in the executed notebook"):
        book_edition(student_edition(instructor), new_notebook(), NAME, BUNDLE)


def test_a_chapter_without_a_title_is_refused(instructor, executed):
    instructor.cells[0].source = "Text."
    with pytest.raises(BuildError, match="no cell begins with a title"):
        book_edition(student_edition(instructor), executed, NAME, BUNDLE)


def test_without_hidden_tests_keeps_solutions_and_what_follows_a_hidden_part(instructor):
    cells = _cells(without_hidden_tests(instructor))
    assert "return x + x" in cells["double"].source
    assert cells["test-double"].source == 'assert double(1) == 2\nprint("double: correct")\nprint("end")'


def test_the_instructor_edition_folds_solutions_and_sets_mark_schemes_apart(executed):
    cells = _cells(instructor_book_edition(executed, NAME))
    assert "return x + x" in cells["double"].source
    assert "hide-input" in cells["double"].metadata.tags
    assert ":::{admonition} Mark scheme" in cells["written-why"].source
    assert "=== BEGIN" not in cells["written-why"].source
