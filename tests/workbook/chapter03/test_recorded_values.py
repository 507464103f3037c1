"""The recorded values are those of the reference, and students do without the reference."""

import subprocess
import sys

from autograder.notebook.book_edition import without_hidden_tests
from autograder.testing.record import declared, differences
from tests.conftest import ROOT
from tests.support.inprocess import read_chapter
from tests.support.students_copy import run_without, some_answers, students_verdicts, verdicts

CHAPTER = "03_digits_mlp"
MODULES = [f"workbook.chapter03.{name}" for name in ("exercises", "feed_forward_checks", "back_prop_checks")]


def test_recorded_values_are_those_of_the_reference():
    assert differences(declared(MODULES)) == [], f"run python -m autograder.testing.record {' '.join(MODULES)}"


def test_exercises_load_neither_reference_nor_torch():
    code = f"import sys, {MODULES[0]}; print({{'torch', 'workbook.chapter03.reference'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "set()\n", done.stderr


def test_students_without_the_reference_get_the_same_verdicts(tmp_path, monkeypatch):
    answers = some_answers(CHAPTER, every=6)
    students = students_verdicts(CHAPTER, answers, tmp_path)
    assert not (tmp_path / "workbook" / "chapter03" / "reference").exists()
    visible = without_hidden_tests(read_chapter(CHAPTER))
    monkeypatch.setattr("autograder.testing.answers.recorded_answers", lambda *_: None)
    assert students == [verdicts(visible, answer) for answer in answers]
    assert set(students[0].values()) == {None}
    assert all(any(verdict.values()) for verdict in students[1:])


def test_every_check_runs_without_torch(tmp_path):
    run_without(CHAPTER, tmp_path, "torch", "torchvision", experiments=False)
