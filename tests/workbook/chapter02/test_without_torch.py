"""Chapter 02 needs PyTorch for one comparison only."""

import subprocess
import sys

from tests.conftest import ROOT
from tests.support.inprocess import read_chapter
from tests.support.students_copy import run_without

CHAPTER = "02_xor_mlp"


def test_figures_do_not_load_torch():
    code = "import sys, workbook.chapter02.figures, workbook.gradcheck; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_exercises_and_checks_run_where_there_is_no_torch(tmp_path):
    run_without(CHAPTER, tmp_path, "torch", "scipy", experiments=False)


def test_the_comparison_with_the_library_says_that_it_is_missing(tmp_path):
    comparison = [cell.source for cell in read_chapter(CHAPTER).cells if "import torch" in cell.source]
    (tmp_path / "torch.py").write_text("raise ImportError")
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(comparison)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "PyTorch is not installed here, so there is nothing to compare with.\n"
