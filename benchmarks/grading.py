"""Seconds of grading one submission, beside plain nbgrader on the same files in the same run.

``python -m benchmarks.grading [--chapters 01=40,08=6]`` hands in that many different right answers to each chapter,
grades them with nbgrader's ``autograde`` and with this autograder, isolated as far as the machine can, and rewrites
``grading.md``. Every program must give the same scores, or there is no table.

``--flat 20,400`` measures our own cost for each of these numbers of submissions of the first of the chapters instead,
and the grader's memory.
"""

from __future__ import annotations

import argparse
import copy
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from authoring.sample_class import filled_in
from autograder.cores import available_cores
from autograder.course import Course
from autograder.grading.batch import grade_batch, load_sources
from autograder.grading.grade_submission import Settings, Source
from autograder.grading.preloads import modules_to_preload
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import Submission, find_submissions
from autograder.grading.worker import worker_pool
from autograder.helper_packages import kernel_copies
from autograder.kernel.course_code import CourseCode
from autograder.kernel.isolation import NONE, Isolation, available
from autograder.kernel.zygote_client import zygote_where_possible
from benchmarks.table import keep, machine
from tests.support.nbgrader_course import NbgraderCourse

Grade = Callable[[Sequence[Submission]], dict[str, float]]


def timed(work: Callable[[], dict[str, float]]) -> tuple[float, dict[str, float]]:
    """Wall seconds of a call, and the scores it returned."""
    began = time.monotonic()
    scores = work()
    return time.monotonic() - began, scores


@contextmanager
def workforce(source: Source, settings: Settings, jobs: int, isolation: Isolation) -> Iterator[Grade]:
    """Start what ``autograder grade`` starts; gives a function from submissions to each student's score."""
    course = Course.find(Path(__file__).parent)
    modules = modules_to_preload(course, [source], settings)
    with (
        tempfile.TemporaryDirectory() as out,
        kernel_copies(course) as helpers,
        worker_pool(jobs, modules.workers) as executor,
        zygote_where_possible(
            settings.limits, isolation, modules.kernels, CourseCode(helpers, course.settings.startup)
        ) as address,
    ):
        folder = ResultsFolder(Path(out))

        def grade(submissions: Sequence[Submission]) -> dict[str, float]:
            steps = grade_batch(submissions, {source.name: source}, folder, settings, executor, address)
            return {step.result.student: step.result.score for step in steps}

        yield grade


def ours(
    submissions: list[Submission], source: Source, jobs: int, isolation: Isolation, experiments: bool = False
) -> dict[str, float]:
    """Grade with this autograder, start of all processes included; each student's score."""
    with workforce(source, Settings(experiments=experiments), jobs, isolation) as grade:
        return grade(submissions)


def hand_in(reference: NbgraderCourse, source: Source, count: int) -> list[Submission]:
    """As many different right answers."""
    solved = filled_in(source.notebook, reference.released())
    for number in range(count):
        mine = copy.deepcopy(solved)
        mine.cells[0].source += f"\n\nHanded in by student {number}."
        reference.hand_in(f"student-{number:03d}", mine)
    return find_submissions(reference.root / "submitted", [source.name])


def compared(course: Course, chapter: str, count: int) -> list[str]:
    """The rows of one chapter."""
    name = course.chapter(chapter).name
    source = load_sources(course, [name])[name]
    jobs, isolation = available_cores(), available()
    with tempfile.TemporaryDirectory() as folder:
        reference = NbgraderCourse(Path(folder) / "nbgrader", course, name)
        submissions = hand_in(reference, source, count)
        runs = {
            "nbgrader autograde": timed(lambda: {s: sum(c.values()) for s, c in reference.scores().items()}),
            "isolated": timed(lambda: ours(submissions, source, jobs, isolation)),
            "isolated, one at a time": timed(lambda: ours(submissions, source, 1, isolation)),
            "isolated, experiments too": timed(lambda: ours(submissions, source, jobs, isolation, True)),
            "not isolated": timed(lambda: ours(submissions, source, jobs, NONE)),
        }
    baseline, scores = runs["nbgrader autograde"]
    if any(found != scores for _, found in runs.values()):
        raise SystemExit(f"the programs disagree about scores: {[found for _, found in runs.values()]}")
    return [
        f"| {name} | {count} | {label} | {seconds / count:.2f} | {baseline / seconds:.1f} |"
        for label, (seconds, _) in runs.items()
    ]


def flat(course: Course, chapter: str, counts: list[int]) -> None:
    """Print what one submission costs in small and in large batches."""
    name = course.chapter(chapter).name
    source = load_sources(course, [name])[name]
    with tempfile.TemporaryDirectory() as folder:
        reference = NbgraderCourse(Path(folder) / "nbgrader", course, name)
        submissions = hand_in(reference, source, max(counts))
        for count in counts:
            began = time.monotonic()
            with workforce(source, Settings(), available_cores(), available()) as grade:
                started, before = time.monotonic(), psutil.cpu_times()
                grade(submissions[:count])
                done, after = time.monotonic(), psutil.cpu_times()
            ended = time.monotonic()
            memory, largest = (
                resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
            used = after.user + after.system - before.user - before.system
            # On a virtual machine others take their share of the processor, and wall time says little then.
            stolen = (after.steal - before.steal) / (done - started) / (os.cpu_count() or 1)
            print(
                f"{count} submissions: {started - began + ended - done:.1f} s to start and end, "
                f"{(done - started) / count:.3f} s each, {(ended - began) / count:.3f} s with start and end; "
                f"processors {used / count:.3f} s each, {stolen:.0%} of their time taken by other machines; "
                f"most memory: grader {memory:.0f} MB, largest of its processes {largest:.0f} MB",
                flush=True,
            )


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--chapters", default="01=40,08=6")
    parser.add_argument("--flat", default="")
    options = parser.parse_args()
    where, course = machine(), Course.find(Path(__file__).parent)
    chapters = {chapter: int(count) for chapter, count in (word.split("=") for word in options.chapters.split(","))}
    if options.flat:
        flat(course, next(iter(chapters)), [int(count) for count in options.flat.split(",")])
        return
    rows = [row for chapter, count in chapters.items() for row in compared(course, chapter, count)]
    lines = [
        "# Time of grading",
        "",
        f"Made by `python -m benchmarks.grading --chapters {options.chapters}` on {where}. {available_cores()} "
        f"submissions at a time unless said otherwise; starting up counts. Isolation: {available()}. All gave the same "
        "scores.",
        "",
        "| chapter | submissions | | seconds a submission | times as fast as nbgrader |",
        "|---|--:|---|--:|--:|",
        *rows,
    ]
    keep(__file__, lines)


if __name__ == "__main__":
    main()
