"""The recorded values are those of the reference, and students do without the reference and without torch."""

import subprocess
import sys

from autograder.notebook.book_edition import without_hidden_tests
from autograder.testing.record import declared, differences
from tests.conftest import ROOT
from tests.support.inprocess import read_chapter
from tests.support.students_copy import run_without, some_answers, students_verdicts, verdicts

CHAPTER = "02_xor_mlp"
MODULE = "workbook.chapter02.exercises"


def test_recorded_values_are_those_of_the_reference():
    assert differences(declared([MODULE])) == [], f"run python -m autograder.testing.record {MODULE}"


def test_exercises_and_figures_load_neither_reference_nor_torch():
    code = f"import sys, {MODULE}, workbook.chapter02.figures, workbook.gradcheck; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "workbook.chapter02.exercises" in done.stdout
    assert "'torch'" not in done.stdout and "workbook.chapter02.reference" not in done.stdout


def test_exercises_and_checks_run_where_there_is_no_torch(tmp_path):
    run_without(CHAPTER, tmp_path, "torch", "scipy", experiments=False)


def test_the_comparison_with_the_library_says_that_it_is_missing(tmp_path):
    comparison = [cell.source for cell in read_chapter(CHAPTER).cells if "import torch" in cell.source]
    (tmp_path / "torch.py").write_text("raise ImportError")
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(comparison)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "PyTorch is not installed here, so there is nothing to compare with.\n"


def test_students_without_the_reference_get_the_same_verdicts(tmp_path, monkeypatch):
    answers = some_answers(CHAPTER, every=12)
    students = students_verdicts(CHAPTER, answers, tmp_path)
    assert not (tmp_path / "workbook" / "chapter02" / "reference.py").exists()
    visible = without_hidden_tests(read_chapter(CHAPTER))
    monkeypatch.setattr("autograder.testing.answers.recorded_answers", lambda *_: None)
    assert students == [verdicts(visible, answer) for answer in answers]
    assert set(students[0].values()) == {None}
    assert all(any(verdict.values()) for verdict in students[1:])
