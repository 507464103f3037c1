"""Kernels import beforehand what the cells that run import, and workers what tests import as well."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course_settings import CourseSettings
from autograder.grading.grade_submission import Settings, Source
from autograder.grading.preloads import Preloads, modules_to_preload
from tests.support.toy import meta


class Course:
    settings = CourseSettings(helpers=("tools",))


@pytest.fixture
def source():
    notebook = new_notebook(
        cells=[
            new_code_cell("import numpy", metadata=meta("setup", locked=True)),
            new_code_cell("import torch, pandas"),
            new_code_cell("from tools import checks", metadata=meta("test", grade=True, locked=True, points=1)),
        ],
        metadata={"autograder": {"experiments": "independent"}},
    )
    return Source("chapter", notebook, "key")


def test_what_only_a_skipped_experiment_imports_is_left_to_whoever_changes_it(source):
    found = modules_to_preload(Course, [source], Settings())
    assert found == Preloads(("numpy", "torch", "tools", "tools.checks"), ("numpy", "tools", "tools.checks"))


@pytest.mark.parametrize("independent", [True, False])
def test_where_experiments_run_kernels_import_what_they_import(source, independent):
    if not independent:
        source.notebook.metadata.clear()
    found = modules_to_preload(Course, [source], Settings(experiments=independent))
    assert found.kernels == found.workers == ("numpy", "torch", "tools", "tools.checks")
