"""How long each folder of tests takes.

``python -m benchmarks.tests`` runs the tests of a push, which are those of ``make test`` and ``make test-slow``, and
rewrites ``tests.md``; with ``--all`` it runs what ``make test-all`` runs. The unit of the last column is one submission
of chapter 01, graded by the command on the same machine just before, so that machines can be compared.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import nbformat

from authoring.sample_class import filled_in
from autograder.course import Course
from autograder.grading.source import prepare_source
from autograder.notebook.student_edition import student_edition
from benchmarks.table import keep, machine
from tests.machines import PARALLEL

ROOT = Path(__file__).resolve().parents[1]
CHAPTER = "01_activation_derivatives"
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "agg"}
SLOWEST = 20


def one_grading(folder: Path) -> float:
    """Wall seconds of grading one right submission of chapter 01, start-up included."""
    source = prepare_source(Course(ROOT), CHAPTER)
    notebook = folder / f"{CHAPTER}.ipynb"
    nbformat.write(filled_in(source, student_edition(source)), notebook)
    command = [sys.executable, "-m", "autograder", "grade", str(notebook), "--out", str(folder / "out"), "--quiet"]
    began = time.monotonic()
    subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def run_tests(report: Path, everything: bool) -> tuple[float, bool]:
    """Run the tests and have a report written; returns the wall seconds, and whether all passed."""
    chosen = [] if everything else ["-m", "not thorough"]
    command = [sys.executable, "-m", "pytest", "-q", *PARALLEL, f"--junitxml={report}"]
    began = time.monotonic()
    done = subprocess.run([*command, *chosen], cwd=ROOT, env=ENVIRONMENT, check=False)
    return time.monotonic() - began, done.returncode == 0


def folder_of(module: str) -> str:
    """The folder of tests that a test module is counted under: ``tests.autograder.kernel.test_x`` → its room."""
    parts = module.split(".")
    depth = 3 if parts[1] == "autograder" else 2
    return "/".join(parts[:depth] if len(parts) > depth else parts[:-1])


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="what `make test-all` runs")
    everything = parser.parse_args().all
    with tempfile.TemporaryDirectory() as folder:
        where, unit = machine(), one_grading(Path(folder))
        wall, passed = run_tests(Path(folder) / "report.xml", everything)
        cases = list(ET.parse(Path(folder) / "report.xml").iter("testcase"))
    seconds: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for case in cases:
        seconds[folder_of(case.attrib["classname"])] += float(case.attrib["time"])
        count[folder_of(case.attrib["classname"])] += 1
    slowest = sorted(cases, key=lambda case: -float(case.attrib["time"]))[:SLOWEST]
    those = "Those of `make test-all`" if everything else "Those of `make test` and `make test-slow` together"
    lines = [
        "# Time of the tests",
        "",
        f"Made by `python -m benchmarks.tests{' --all' if everything else ''}` on {where}. "
        f"{those} took {wall:.0f} s. Grading one submission of chapter 01 took {unit:.1f} s, the unit of the last "
        "column. Seconds are those of all test processes together; the first test of a group pays for what it shares.",
        "",
        "| folder | tests | seconds | times one grading |",
        "|---|--:|--:|--:|",
        *(f"| {name} | {count[name]} | {total:.0f} | {total / unit:.1f} |" for name, total in seconds.most_common()),
        f"| all | {sum(count.values())} | {sum(seconds.values()):.0f} | {sum(seconds.values()) / unit:.0f} |",
        "",
        f"The slowest {SLOWEST}:",
        "",
        "| test | seconds |",
        "|---|--:|",
        *(f"| `{c.attrib['classname']}` {c.attrib['name'][:90]} | {float(c.attrib['time']):.1f} |" for c in slowest),
    ]  # fmt: skip
    if not passed:
        print(*lines, sep="\n")
        raise SystemExit("some tests failed; their times, above, are not kept.")
    keep(__file__, lines)


if __name__ == "__main__":
    main()
