"""Chapters whose references stay with the instructor: recorded values are right, and students do without the rest."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.notebook.book_edition import without_hidden_tests
from autograder.testing.record import declared, differences
from autograder.wrong_answers import load_wrong_answers
from tests.conftest import ROOT
from tests.support.inprocess import WRONG_ANSWERS, read_chapter
from tests.support.students_copy import solutions_of, some_answers, students_verdicts, verdicts

# Those of chapters, without what several chapters' references share.
_REFERENCES = {
    reference.rpartition(".")[0]: reference
    for reference in Course(ROOT).settings.references
    if reference != "workbook.reference"
}
_NUMBERS = {re.sub(r"\D", "", package): package for package in _REFERENCES}
PACKAGES = {
    path.stem: _NUMBERS[path.stem[:2]]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    if path.stem[:2] in _NUMBERS
}
"""The package of each chapter whose references students do not get."""
_QUICK = ("01_activation_derivatives", "05_numpy_convolution")
"""``make test`` looks at students' copies of these."""
_WRONG_ANSWERS = 5
"""So many of a chapter go through students' copies; all of them are judged elsewhere."""


def loaded(code: str) -> set[str]:
    """The modules that a new process has loaded after this code."""
    code = f"{code}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@cache
def modules(package: str) -> list[str]:
    """The modules of a chapter that hold its checks and what these use."""
    return sorted(name for name in loaded(f"import {package}.exercises") if name.startswith(f"{package}."))


def test_every_reference_that_stays_is_that_of_a_chapter() -> None:
    assert set(PACKAGES.values()) == set(_REFERENCES)


@pytest.mark.parametrize("chapter", PACKAGES)
def test_recorded_values_are_those_of_the_reference(chapter: str) -> None:
    names = modules(PACKAGES[chapter])
    assert differences(declared(names)) == [], f"run python -m autograder.testing.record {' '.join(names)}"


@pytest.mark.parametrize("chapter", PACKAGES)
def test_checks_load_neither_reference_nor_torch(chapter: str) -> None:
    package = PACKAGES[chapter]
    assert loaded(f"import {package}.exercises") & {"torch", _REFERENCES[package]} == set()


@pytest.mark.parametrize(
    "chapter", [name if name in _QUICK else pytest.param(name, marks=pytest.mark.slow) for name in PACKAGES]
)
def test_students_without_the_reference_get_the_same_verdicts(
    chapter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = some_answers(chapter, every=len(load_wrong_answers(WRONG_ANSWERS, chapter)) // _WRONG_ANSWERS)
    students = students_verdicts(chapter, wrong, tmp_path)
    assert list(tmp_path.joinpath(*PACKAGES[chapter].split(".")).glob("reference*")) == []
    visible = without_hidden_tests(read_chapter(chapter))
    monkeypatch.setattr("autograder.testing.answers.recorded_answers", lambda *_: None)
    assert students == verdicts(visible, solutions_of(chapter), wrong)
    assert set(students[0].values()) == {None}
    # Some wrong answers fail in hidden cases alone.
    assert sum(any(verdict.values()) for verdict in students[1:]) > _WRONG_ANSWERS // 2
