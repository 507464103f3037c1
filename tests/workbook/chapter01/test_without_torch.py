"""Chapter 01 needs no PyTorch: not in its exercises, its checks, its figures or its experiments."""

import subprocess
import sys

from tests.conftest import ROOT
from tests.support.students_copy import run_without


def test_figures_do_not_load_torch():
    code = "import sys, workbook.chapter01.figures, workbook.plot; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_every_cell_runs_where_there_is_no_torch(tmp_path):
    run_without("01_activation_derivatives", tmp_path, "torch", "scipy")
