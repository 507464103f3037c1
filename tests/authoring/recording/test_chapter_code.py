"""The key of a chapter's code changes where a training can change, and nowhere else."""

from __future__ import annotations

import pytest

from authoring.recording.chapter_code import cell_sources, code_digest
from authoring.recording.experiment import experiment, experiment_names, is_stepwise

CELLS = [
    "import numpy as np\nfrom torch import nn",
    'SIZES = [3, 4]\n\n\ndef build(name):\n    """Make it."""\n    # the listing\n    return layer(SIZES[0])',
    "def layer(size):\n    return nn.Linear(size, 1)",
    "def unrelated():\n    return 1",
]


def changed(old, new):
    assert sum(old in cell for cell in CELLS) == 1
    return [cell.replace(old, new) for cell in CELLS]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""Make it."""', '"""Make one of them.\n\n    At length."""'),
        ("    # the listing\n", ""),
        ("SIZES = [3, 4]\n\n\n", "SIZES = [3, 4]\n"),
        ("return 1", "return 2"),
        ("import numpy as np\n", ""),
    ],
)
def test_what_changes_no_training_changes_no_key(old, new):
    assert code_digest(changed(old, new), ["build"]) == code_digest(CELLS, ["build"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[3, 4]", "[3, 5]"),
        ("SIZES[0]", "SIZES[1]"),
        ("nn.Linear(size, 1)", "nn.Linear(size, 2)"),
        ("from torch import nn", "from torch import nn as nn"),
        ("def layer", "@np.vectorize\ndef layer"),
    ],
)
def test_what_can_change_a_training_changes_the_key(old, new):
    assert code_digest(changed(old, new), ["build"]) != code_digest(CELLS, ["build"])


def test_the_order_of_cells_and_names_does_not_count():
    assert code_digest(CELLS[::-1], ["layer", "build"]) == code_digest(CELLS, ["build", "layer"])


def test_a_name_that_is_not_defined_is_an_error():
    with pytest.raises(KeyError, match="bulid"):
        code_digest(CELLS, ["bulid"])


@pytest.mark.parametrize("name", experiment_names())
def test_an_experiment_has_one_of_two_forms_and_its_chapter_defines_what_it_uses(course, name):
    module = experiment(name)
    if is_stepwise(module):
        assert len(code_digest(cell_sources(course, module.CHAPTER).values(), module.USES)) == 64
    else:
        assert callable(module.data) and callable(module.run)
