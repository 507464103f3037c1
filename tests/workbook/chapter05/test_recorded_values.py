"""The recorded values are those of the reference, and students do without the reference."""

import json
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder.notebook.cells import by_grade_id
from autograder.notebook.student_edition import student_edition
from autograder.testing.record import declared, differences
from autograder.wrong_answers import load_wrong_answers
from tests.conftest import ROOT
from tests.support.inprocess import WRONG_ANSWERS, read_chapter, run_chapter

CHAPTER = "05_numpy_convolution"
MODULE = "workbook.chapter05.exercises"
WITHOUT_REFERENCE = """
import importlib.util, json, sys, nbformat
from tests.support.inprocess import run_chapter
from tests.workbook.chapter05.test_recorded_values import verdicts
assert importlib.util.find_spec("workbook.chapter05.reference") is None
notebook, answers = nbformat.read(sys.argv[1], 4), json.load(open(sys.argv[2]))
print(json.dumps([verdicts(run_chapter(notebook, answer)) for answer in answers]))
"""


def verdicts(outcome):
    """For each test what a student reads: nothing, or message, hint and mistake."""
    return {test: error and [error.message, error.hint, error.mistake] for test, error in outcome.items()}


def test_recorded_values_are_those_of_the_reference():
    assert differences(declared([MODULE])) == [], f"run python -m autograder.testing.record {MODULE}"


def test_exercises_load_neither_reference_nor_torch():
    code = f"import sys, {MODULE}; print({{'torch', 'workbook.chapter05.reference'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "set()\n", done.stderr


@pytest.fixture(scope="module")
def student_answers():
    """The student edition, and what students may write into it: the solutions, then with every fourth wrong answer."""
    source = read_chapter(CHAPTER)
    solutions = {name: cell.source for name, cell in by_grade_id(source).items() if "SOLUTION" in cell.source}
    wrong = [{**solutions, answer.grade_id: answer.source} for answer in load_wrong_answers(WRONG_ANSWERS, CHAPTER)]
    return student_edition(source), [solutions, *wrong[::4]]


def test_students_without_the_reference_get_the_same_verdicts(student_answers, tmp_path, monkeypatch):
    notebook, answers = student_answers
    shutil.copytree(ROOT / "workbook", tmp_path / "workbook", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "workbook" / "chapter05" / "reference.py").unlink()
    nbformat.write(notebook, tmp_path / "student.ipynb")
    (tmp_path / "answers.json").write_text(json.dumps(answers))
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_REFERENCE, "student.ipynb", "answers.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    monkeypatch.setattr("autograder.testing.exercise.recorded_answers", lambda *_: None)
    live = [verdicts(run_chapter(notebook, answer)) for answer in answers]
    assert json.loads(done.stdout) == live
    assert set(live[0].values()) == {None}
    # The others fail in hidden cases alone.
    assert sum(any(verdict.values()) for verdict in live[1:]) > len(live) / 2
