"""Cells that lost their metadata and still have their ids."""

import copy

from nbformat.v4 import new_code_cell

from autograder.notebook.cells import by_grade_id
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
