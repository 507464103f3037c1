"""Chapter 03 needs no PyTorch in its exercises and checks."""

from tests.support.students_copy import run_without


def test_exercises_and_checks_run_where_there_is_no_torch(tmp_path):
    run_without("03_digits_mlp", tmp_path, "torch", "torchvision", experiments=False)
