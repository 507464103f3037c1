"""Text that was handed out is never taken for a student's answer, though it differs from the author's source."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.course import Course
from autograder.grading.source import read_source
from autograder.grading.submissions import read_notebook
from autograder.notebook.reconcile import reconcile
from autograder.notebook.student_edition import student_edition
from autograder.publishing.release import as_handed_out
from tests.conftest import ROOT

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("chapter", NAMES)
def test_a_notebook_that_comes_back_as_it_went_out_has_no_answer(course: Course, tmp_path: Path, chapter: str):
    source = read_source(course, chapter)
    nbformat.write(as_handed_out(course, student_edition(source), chapter), tmp_path / "mine.ipynb")
    flags = reconcile(read_notebook(tmp_path / "mine.ipynb"), source).flags
    assert [flag for flag in flags if flag.startswith("answer-moved")] == []
