"""The sample class earns the same on an idle machine and on a busy one, however many submissions run at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from authoring.sample_class import hand_in
from autograder.course import Course
from tests.conftest import ROOT
from tests.support.busy import busy_loops

LOOPS = 12


def graded(submitted: Path, out: Path, jobs: int) -> list[dict[str, Any]]:
    """The results of a run in a process of its own, without times."""
    command = [sys.executable, "-m", "autograder", "grade", str(submitted), "--course", str(ROOT), "--quiet"]
    limits = ["--jobs", str(jobs), "--timeout", "15"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([*command, *limits, "--out", str(out)], env=environment, check=False, stdout=subprocess.DEVNULL)
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]
    for result in results:
        for timed in (result, *result["tasks"]):
            del timed["seconds"]
    return results


@pytest.mark.thorough
def test_the_sample_class_earns_the_same_however_busy_the_machine_is(course: Course, tmp_path: Path) -> None:
    submitted = tmp_path / "submitted"
    hand_in(course, submitted)
    alone = graded(submitted, tmp_path / "alone", 2)
    assert len(alone) > 8
    for jobs in (1, 8):
        assert graded(submitted, tmp_path / f"jobs-{jobs}", jobs) == alone
    with busy_loops(LOOPS):
        for jobs in (2, 8):
            assert graded(submitted, tmp_path / f"busy-{jobs}", jobs) == alone
