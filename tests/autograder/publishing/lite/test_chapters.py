"""Which chapters are offered in the browser, and what their notebooks say there."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from autograder.publishing.lite.chapters import browser_chapters
from tests.support.toy import meta

CHECK = meta("test-half", grade=True, locked=True, points=5)


def chapter(setup, experiment="print(1)"):
    cells = [
        new_markdown_cell("# Toy", id="title"),
        new_code_cell(setup, id="setup"),
        new_code_cell("print(numpy.ones(3))", id="test-half", metadata=CHECK),
        new_code_cell(experiment, id="compare"),
        new_code_cell("print(2)", id="last"),
    ]
    return new_notebook(cells=cells)


@pytest.fixture
def offered(tmp_path):
    def offer(**chapters):
        return browser_chapters(Course(tmp_path), chapters, lambda module: module == "numpy")

    return offer


def test_a_chapter_whose_checks_can_run_is_offered_and_says_where_it_runs(offered):
    found = offered(toy=chapter("import numpy"))
    (notebook,) = found.notebooks.values()
    assert [cell.id for cell in notebook.cells] == ["title", "in-your-browser", "setup", "test-half", "compare", "last"]
    assert "File → Download" in notebook.cells[1].source
    assert (found.modules, found.skipped, found.left_out) == ({"numpy"}, {"toy": 0}, {})


def test_an_experiment_that_cannot_run_becomes_text_and_what_follows_stays_code(offered):
    found = offered(toy=chapter("import numpy", "import torch\nprint(torch.ones(3))"))
    *_, compare, last = found.notebooks["toy"].cells
    assert (compare.cell_type, last.cell_type, found.skipped) == ("markdown", "code", {"toy": 1})
    assert "This code needs torch" in compare.source
    assert "print(torch.ones(3))" in compare.source


def test_a_chapter_whose_checks_cannot_run_is_left_out_and_the_reason_named(offered):
    found = offered(toy=chapter("import numpy, torch"), other=chapter("import numpy"))
    assert list(found.notebooks) == ["other"]
    assert found.left_out == {"toy": "its cell 'test-half' needs torch"}


def test_what_a_function_may_import_is_told(offered, tmp_path):
    (tmp_path / "course.toml").write_text('helpers = ["kit"]\n')
    (tmp_path / "kit.py").write_text("def draw():\n    import skimage, numpy\n")
    found = offered(toy=chapter("import kit, numpy"))
    assert (found.modules, found.perhaps) == ({"numpy"}, {"skimage"})
