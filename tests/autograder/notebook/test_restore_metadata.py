"""Cells that lost their metadata and still have their ids."""

import copy

from nbformat.v4 import new_code_cell, new_notebook

from autograder.notebook.cells import by_grade_id, visible_source
from autograder.notebook.restore_metadata import restore_metadata
from tests.support.toy import toy_notebook


def stripped():
    notebook = toy_notebook()
    for cell in notebook.cells:
        cell.metadata = type(cell.metadata)()
    return notebook


def test_metadata_come_back_by_the_ids_of_cells():
    restored = restore_metadata(stripped(), toy_notebook())
    assert restored.grade_ids == ("setup", "double", "test-double", "half", "test-half", "written-why")
    assert list(by_grade_id(restored.notebook)) == list(by_grade_id(toy_notebook()))
    assert restored.flags == ("metadata-restored",)


def test_single_cells_are_flagged_by_name():
    notebook = toy_notebook()
    notebook.cells[2].metadata = type(notebook.cells[2].metadata)()
    assert restore_metadata(notebook, toy_notebook()).flags == ("metadata-restored:double",)


def test_a_cell_under_another_id_is_not_touched():
    notebook = stripped()
    notebook.cells[2].id = "other"
    assert "double" not in restore_metadata(notebook, toy_notebook()).grade_ids


def test_a_grade_id_that_is_there_stays_the_only_one():
    notebook = toy_notebook()
    notebook.cells.append(copy.deepcopy(notebook.cells[2]))
    notebook.cells[2].metadata = type(notebook.cells[2].metadata)()
    restored = restore_metadata(notebook, toy_notebook())
    assert restored.notebook is notebook and restored.grade_ids == ()


def test_an_untouched_notebook_stays_the_same_object():
    notebook = toy_notebook()
    notebook.cells.append(new_code_cell("mine", id="mine"))
    assert restore_metadata(notebook, toy_notebook()).notebook is notebook


def bare(*extra):
    """A submission that a converter left with texts alone."""
    notebook = student_version()
    notebook.cells[4:4] = [new_code_cell(text) for text in extra]
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = type(cell.metadata)(), f"c{number}"
    return notebook


def student_version():
    notebook = toy_notebook()
    for cell in notebook.cells:
        cell.source = visible_source(cell.source).replace("    return 2 * x", "    return x + x")
    return notebook


def test_without_ids_locked_texts_and_definitions_tell_the_cells():
    restored = restore_metadata(bare(), toy_notebook())
    assert restored.grade_ids == ("setup", "test-double", "test-half", "double", "half")
    assert "x + x" in by_grade_id(restored.notebook)["double"].source


def test_of_answers_with_the_same_definitions_the_last_counts():
    restored = restore_metadata(bare("import os\ndef double(x):\n    return 3"), toy_notebook())
    assert "return 3" in by_grade_id(restored.notebook)["double"].source


def test_a_notebook_that_only_uses_the_same_names_is_not_taken_for_a_submission():
    texts = ("import math", "def double(x):\n    return x")
    other = new_notebook(cells=[new_code_cell(text, id=f"x{number}") for number, text in enumerate(texts)])
    assert restore_metadata(other, toy_notebook()).grade_ids == ()
