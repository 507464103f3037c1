"""An answer that asks the course's own right values is noticed; honest ones are not."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.notebook.reference_use import answers_with_references
from tests.conftest import ROOT
from tests.support.inprocess import read_chapter
from tests.support.toy import meta

HELPERS = ["workbook"]
SETUP = """import numpy as np
from workbook.chapter01 import exercises as check
from workbook.chapter01 import reference as references
from workbook.chapter01.reference import activations as oracle
from workbook.chapter01.reference.activations import expected_value"""


def flagged(answer, setup=SETUP):
    cells = [
        new_code_cell(setup, metadata=meta("setup", locked=True)),
        new_code_cell(answer, metadata=meta("relu", solution=True)),
        new_code_cell("oracle.vector_only()", metadata=meta("test-relu", grade=True, locked=True, points=1)),
    ]
    return answers_with_references(new_notebook(cells=cells), HELPERS) == ("relu",)


@pytest.mark.parametrize(
    "answer",
    [
        "def relu(x): return oracle.expected_value('relu', x)",
        "def relu(x):\n    return expected_value('relu', x)",
        "relu = oracle.relu",
        "def relu(x): return references.activations.expected_value('relu', x)",
        "from workbook.chapter01.reference import activations as mine\ndef relu(x): return mine.relu(x)",
        "def relu(x):\n    import workbook.chapter01.reference.activations as a\n    return a.relu(x)",
        "import workbook.chapter01.reference.activations\nrelu = workbook.chapter01.reference.activations.relu",
        "import importlib\nrelu = importlib.import_module('workbook.chapter01.reference.activations').relu",
        "def relu(x): return check.reference(x)",
    ],
)
def test_an_answer_that_asks_the_reference_is_named(answer):
    assert flagged(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "def relu(x): return np.maximum(x, 0)",
        "def relu(x):\n    return np.maximum(x, 0)\n\ncheck.relu(relu)",
        "def relu(x):\n    oracle = np.maximum(x, 0)\n    return oracle",
        "def relu(oracle): return np.maximum(oracle, 0)",
        "# the oracle says: expected_value\ndef relu(x): return 'an oracle'",
        "%%time\ndef relu(x): return oracle.relu(x)",
        "def relu(x:",
        "",
    ],
)
def test_an_answer_of_its_own_is_not(answer):
    assert not flagged(answer)


@pytest.mark.parametrize("name", sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_no_solution_of_the_course_borrows(name):
    assert answers_with_references(read_chapter(name), HELPERS) == ()


@pytest.mark.parametrize(
    "answer", ["x = " + "-" * 90_000 + "oracle", "x = a" + ".a" * 1500, "x = " + "f(" * 90 + "1" + ")" * 90]
)
def test_code_nested_to_any_depth_is_borne(answer):
    assert not flagged(answer)
