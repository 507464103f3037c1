"""Locked cells run once before anyone is graded, and whatever they do, the command ends with a sentence."""

import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import CourseError
from autograder.grading.grade_submission import Settings, Source
from autograder.grading.job import Job
from autograder.grading.locked_cells import require_locked_cells
from autograder.grading.submissions import Submission
from autograder.grading.worker import worker_pool
from autograder.kernel.limits import Limits
from tests.support.toy import meta


@pytest.fixture(scope="module")
def pool():
    with worker_pool(1) as pool:
        yield pool


def job(text, **limits):
    cell = new_code_cell(text, metadata=meta("given", locked=True))
    source = Source("stats", new_notebook(cells=[cell]), "key")
    return Job(Submission("ada", "stats", Path("ada.ipynb"), "ada.ipynb"), source, Settings(Limits(**limits)), {}, None)


def test_cells_that_run_are_no_hindrance(pool):
    require_locked_cells(pool, [job("import math")])


def test_a_cell_that_fails_is_named(pool):
    with pytest.raises(CourseError, match=r"stats: the locked cell .given. fails with ZeroDivisionError.*Nobody was"):
        require_locked_cells(pool, [job("1 / 0")])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process")
@pytest.mark.parametrize("text", ["import os; os._exit(1)", "while True: pass"], ids=["exits", "computes"])
def test_cells_that_end_their_process_are_named(pool, text):
    with pytest.raises(CourseError, match=r"stats: its locked cells end the process.*more than 0\.2 s of processor"):
        require_locked_cells(pool, [job(text, notebook_seconds=0.2, backstop=1000)])


def test_cells_that_wait_for_ever_are_named():
    with worker_pool(1) as pool:
        try:
            with pytest.raises(CourseError, match="stats: its locked cells have not ended after"):
                require_locked_cells(pool, [job("import time; time.sleep(600)", notebook_seconds=0.5, backstop=1)])
        finally:
            pool.stop()
