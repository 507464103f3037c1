"""What Python keeps once for each process, such as loggers, a test cell shares with a student's kernel all the same."""

from __future__ import annotations

import random

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.batch import environment
from autograder.grading.grade_submission import Settings, Source, grade_submission
from autograder.grading.submissions import Submission
from autograder.kernel.limits import Limits
from tests.support.idioms import read_idioms
from tests.support.toy import KERNELSPEC, meta

ANSWERS, CASES = read_idioms("idioms.txt")
SHARED = {
    "basics": ("stdout", "input", "seeds", "the same seed again", "warnings"),
    "drawing": (
        "axes that a function returns", "the current figure", "a figure of the test's", "half of a figure",
    ),
    "algebra": ("expressions",),
    "logs": (
        "logs of one logger", "all logs", "no logs", "a handler", "a spy on a logger", "warnings as errors",
    ),
}  # fmt: skip


@pytest.mark.parametrize("answer", SHARED)
def test_a_right_answer_passes_in_a_kernel(tmp_path, answer):
    about = {"grade": True, "locked": True, "points": 1}
    cells = [new_code_cell(ANSWERS[answer], id="answer", metadata=meta("answer", solution=True))]
    for at, case in enumerate(SHARED[answer]):
        cells.append(new_code_cell(CASES[case][1], id=f"test-{at}", metadata=meta(f"test-{at}", **about)))
    notebook = new_notebook(cells=cells, metadata={"kernelspec": dict(KERNELSPEC)})
    path = tmp_path / "01_idioms.ipynb"
    nbformat.write(notebook, path)
    # As the test of another student, graded before in this process, may have left it.
    random.seed(3)
    settings = Settings(Limits(cell_seconds=60, notebook_seconds=120))
    submission, source = Submission("ada", "01_idioms", path, path.name), Source("01_idioms", notebook, "")
    tasks = grade_submission(submission, source, settings, environment(settings, None)).result.tasks
    failed = {case: task.message for case, task in zip(SHARED[answer], tasks, strict=True) if task.points < 1}
    assert failed == {}
