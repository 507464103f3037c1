"""A cell that lacks a package takes with it what builds on it, and nothing else."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.notebook.skipped_cells import SkippedCell, skipped_cells
from tests.support.toy import meta


def notebook(**sources):
    cells = [
        new_code_cell(source, id=name, metadata=meta(name, grade=True, locked=True) if name.startswith("test") else {})
        for name, source in sources.items()
    ]
    return new_notebook(cells=[new_markdown_cell("# Toy"), *cells])


def test_nothing_is_skipped_where_nothing_is_missing():
    assert skipped_cells(notebook(setup="import numpy as np", test="np.ones(3)"), {}) == {}


def test_what_uses_a_name_of_a_skipped_cell_is_skipped_too_and_says_why():
    cells = notebook(
        setup="import numpy as np",
        compare="import torch\nrow = torch.ones(3)",
        draw="double = row * 2",
        more="print(double)",
        test="np.ones(3)",
    )
    found = skipped_cells(cells, {"compare": "torch"})
    assert found == {name: SkippedCell(name, "torch", False) for name in ("compare", "draw", "more")}


def test_a_name_that_another_cell_above_defines_as_well_is_there():
    cells = notebook(
        setup="row = [1]",
        compare="import torch\nrow = rows = torch.ones(3)",
        test="print(row)",
        early="print(rows)",
        again="rows = 2",
        late="print(rows)",
    )
    assert list(skipped_cells(cells, {"compare": "torch"})) == ["compare", "early"]


def test_a_check_that_cannot_run_is_needed():
    cells = notebook(setup="import torch\nimport check", test="check(half)")
    found = skipped_cells(cells, {"setup": "torch"})
    assert (found["setup"].needed, found["test"]) == (False, SkippedCell("test", "torch", True))
