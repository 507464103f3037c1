"""Seconds of grading one submission, beside plain nbgrader on the same files in the same run.

``python -m benchmarks.grading [--submissions 12] [--chapter 01]`` hands in that many different right answers, grades
them with nbgrader's ``autograde`` and with this autograder (cold kernels, forked kernels, one at a time and one a
core), and rewrites ``grading.md``. Every program must give the same scores, or there is no table.
"""

from __future__ import annotations

import argparse
import copy
import os
import platform
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from autograder.course import Course
from autograder.grading.batch import default_jobs, grade_batch, load_sources
from autograder.grading.one import Source
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import Submission, find_submissions
from autograder.kernel.provisioner import COLD, Kernels, kernels
from autograder.kernel.limits import Limits
from autograder.samples.sample_class import filled_in
from tests.support.nbgrader_course import NbgraderCourse

TABLE = Path(__file__).with_suffix(".md")


def timed(work: Callable[[], dict[str, float]]) -> tuple[float, dict[str, float]]:
    """Wall seconds of a call, and the scores it returned."""
    began = time.monotonic()
    scores = work()
    return time.monotonic() - began, scores


def ours(submissions: list[Submission], source: Source, jobs: int, warm: bool) -> dict[str, float]:
    """Grade with this autograder, start of the warm process included; each student's score."""

    def graded(origin: Kernels) -> dict[str, float]:
        with tempfile.TemporaryDirectory() as out, ThreadPoolExecutor(jobs) as executor:
            folder = ResultsFolder(Path(out))
            steps = grade_batch(submissions, {source.name: source}, folder, Limits(), executor, origin)
            return {step.result.student: step.result.score for step in steps}

    if not warm:
        return graded(COLD)
    with kernels(Limits()) as forked:
        return graded(forked)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=12)
    parser.add_argument("--chapter", default="01")
    options = parser.parse_args()
    course = Course.find(Path(__file__).parent)
    name = course.chapter(options.chapter).name
    source = load_sources(course, [name])[name]
    with tempfile.TemporaryDirectory() as folder:
        reference = NbgraderCourse(Path(folder) / "nbgrader", course, name)
        solved = filled_in(source.notebook, reference.released())
        for number in range(options.submissions):
            mine = copy.deepcopy(solved)
            mine.cells[0].source += f"\n\nHanded in by student {number}."
            reference.hand_in(f"student-{number:03d}", mine)
        submissions = find_submissions(reference.root / "submitted", [name])
        runs = {"nbgrader autograde": timed(lambda: {s: sum(c.values()) for s, c in reference.scores().items()})}
        for jobs in (1, default_jobs()):
            for warm in (False, True):
                label = f"autograder, {'forked' if warm else 'cold'} kernels, {jobs} at a time"
                runs[label] = timed(lambda jobs=jobs, warm=warm: ours(submissions, source, jobs, warm))
    baseline, scores = runs["nbgrader autograde"]
    if any(found != scores for _, found in runs.values()):
        raise SystemExit(f"the programs disagree about scores: {[found for _, found in runs.values()]}")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    command = f"python -m benchmarks.grading --submissions {options.submissions} --chapter {options.chapter}"
    lines = [
        "# Time of grading",
        "",
        f"Made by `{command}` on {machine}, without isolation. Start-up counts. All gave the same scores.",
        "",
        f"| {name} | seconds a submission | times as fast as nbgrader |",
        "|---|--:|--:|",
        *(
            f"| {label} | {seconds / options.submissions:.2f} | {baseline / seconds:.1f} |"
            for label, (seconds, _) in runs.items()
        ),
        "",
    ]
    TABLE.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
