"""The page that tells how to write a chapter works when it is followed."""

import re

import numpy as np
import pytest

from autograder.testing import CheckFailed
from tests.conftest import ROOT

PAGE = (ROOT / "book" / "write-a-chapter.md").read_text(encoding="utf-8")


def test_the_code_of_the_page_runs_from_top_to_bottom_and_its_check_names_mistakes():
    cells = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(cells) >= 6
    names: dict = {}
    for cell in cells:
        exec(compile(cell, "book/write-a-chapter.md", "exec"), names)
    check = names["leaky_relu"]
    check(lambda x, slope=0.01: np.where(x > 0, x, slope * x))
    for mistake, answer in {
        "sides-swapped": lambda x, slope=0.01: np.where(x < 0, x, slope * x),
        "slope-on-both-sides": lambda x, slope=0.01: slope * x,
    }.items():
        assert f'# %% grade_id="leaky-relu" mistake="{mistake}" fails=["test-leaky-relu"]' in PAGE
        with pytest.raises(CheckFailed) as failed:
            check(answer)
        assert failed.value.mistake == mistake
