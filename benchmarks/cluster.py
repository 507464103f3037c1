"""How the wall time of a large batch scales with the workers of a cluster: a simulation from measured times.

``python -m benchmarks.cluster [--submissions 10000]`` grades the sample class on a cluster of one worker here, and
measures what a cluster adds: starting a worker, carrying a result through the scheduler, and writing it. From these it
simulates batches, each submission's time drawn with replacement from those of the sample class, and rewrites
``cluster.md``.
"""

from __future__ import annotations

import argparse
import heapq
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from distributed import Client
from numpy.typing import NDArray

from authoring.sample_class import hand_in
from autograder.course import Course
from autograder.grading.batch import environment, grade_batch, load_sources
from autograder.grading.cluster import connect
from autograder.grading.grade_submission import GradedSubmission, Settings
from autograder.grading.helper_archives import packed_helpers
from autograder.grading.remote_job import make_remote_job
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import Job
from autograder.kernel.isolation import available
from autograder.kernel.limits import Limits
from benchmarks.table import keep, machine
from tests.support.dask_processes import scheduler, worker

WORKERS = (1, 2, 4, 8, 16, 32, 64)
AT_ONCE, ECHOES, REPEATS = 256, 300, 20


@dataclass(frozen=True)
class Costs:
    """What grading on a cluster takes besides the work itself, in seconds.

    Attributes:
        start: from starting a worker until its first kernel can be forked.
        pack: reading and packing one submission, on the machine that runs the batch.
        carry: one result's way through the scheduler, which does one thing at a time.
        write: writing one result, on the machine that runs the batch.
    """

    start: float
    pack: float
    carry: float
    write: float


def simulate(seconds: Sequence[float], workers: int, costs: Costs) -> float:
    """Wall seconds of a batch.

    The machine that runs the batch packs and writes one after the other and has at most ``AT_ONCE`` submissions under
    way; the scheduler handles one at a time; each worker grades one at a time.
    """
    free = [costs.start] * workers
    under_way: list[float] = []
    here = scheduled = 0.0
    for work in seconds:
        if len(under_way) == AT_ONCE:
            here = max(here, heapq.heappop(under_way)) + costs.write
        here += costs.pack
        scheduled = max(scheduled, here) + costs.carry
        done = max(scheduled, heapq.heappop(free)) + work
        heapq.heappush(free, done)
        heapq.heappush(under_way, done)
    while under_way:
        here = max(here, heapq.heappop(under_way)) + costs.write
    return here


def echo(graded: GradedSubmission) -> GradedSubmission:
    """Send a result there and back."""
    return graded


def measured(course: Course, place: Path) -> tuple[NDArray[np.float64], Costs]:
    """Seconds of each submission of the sample class on a worker, and what else a cluster takes."""
    hand_in(course, place / "submitted")
    found = find_submissions(place / "submitted", [chapter.name for chapter in course.chapters])
    sources = load_sources(course, sorted({str(submission.assignment) for submission in found}))
    settings, folder = Settings(Limits(cell_seconds=20.0)), ResultsFolder(place / "results")
    helpers = packed_helpers(course)
    with scheduler(place) as (_, url):
        began = time.monotonic()
        with (
            worker(url, place / "worker"),
            connect(url) as cluster,
            cluster.executor(cluster.isolation, helpers) as executor,
        ):
            made_with = environment(settings, cluster.isolation)
            steps = grade_batch(found, sources, folder, settings, executor, made_with=made_with)
            first = next(steps).result
            start = time.monotonic() - began - first.seconds
            results = [first, *(step.result for step in steps)]
            graded = [GradedSubmission(result, folder.read_notebook(result)) for result in results]
            carry = _carried(cluster.client, graded)
    jobs = [Job(s, sources[str(s.assignment)], settings, made_with, None) for s in found]
    pack_seconds = _each(lambda i: make_remote_job(jobs[i], cluster.isolation, helpers), len(jobs))
    write_seconds = _each(lambda i: folder.write(graded[i]), len(graded))
    return np.array([result.seconds for result in results]), Costs(start, pack_seconds, carry, write_seconds)


def _carried(client: Client, graded: list[GradedSubmission]) -> float:
    with client.get_executor(pure=False) as executor:
        list(executor.map(echo, graded))
        began = time.monotonic()
        list(executor.map(echo, [graded[i % len(graded)] for i in range(ECHOES)]))
        return (time.monotonic() - began) / ECHOES


def _each(work: object, count: int) -> float:
    assert callable(work)
    began = time.monotonic()
    for _ in range(REPEATS):
        for index in range(count):
            work(index)
    return (time.monotonic() - began) / (REPEATS * count)


def table(sample: NDArray[np.float64], costs: Costs, submissions: int) -> list[str]:
    """The rows of the table: wall time, submissions a minute, and how well the workers were used."""
    drawn = np.random.default_rng(0).choice(sample, size=submissions)
    rows = []
    for workers in WORKERS:
        wall = simulate(drawn.tolist(), workers, costs)
        used = drawn.sum() / (workers * wall)
        rows.append(f"| {workers} | {wall / 60:.0f} | {submissions / wall * 60:.0f} | {used:.0%} |")
    return rows


def main() -> None:
    """Measure, simulate and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--submissions", type=int, default=10_000)
    options = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory() as place:
        sample, costs = measured(Course.find(Path(__file__).parent), Path(place))
    least, middle, most = np.quantile(sample, (0, 0.5, 1))
    lines = [
        "# Grading on a cluster",
        "",
        f"**A simulation.** Nothing here ran on more than one machine. `python -m benchmarks.cluster --submissions "
        f"{options.submissions}` measured on {where}, isolation {available()}:",
        "",
        "| measured | |",
        "|---|--:|",
        f"| one submission on a worker: mean of the {len(sample)} of the sample class | {sample.mean():.2f} s |",
        f"| least, median, most of them | {least:.2f}, {middle:.2f}, {most:.2f} s |",
        f"| from starting a worker until its first kernel | {costs.start:.1f} s |",
        f"| packing a submission, on the machine that runs the batch | {costs.pack * 1e3:.1f} ms |",
        f"| writing a result, there | {costs.write * 1e3:.1f} ms |",
        f"| a result through scheduler, worker and back, on loopback | {costs.carry * 1e3:.1f} ms |",
        "",
        f"Each simulated batch has {options.submissions} submissions, whose times are drawn from the measured ones "
        "with replacement (seed 0). One process packs and writes, one scheduler does one thing at a time, each worker "
        "grades one submission at a time on a core of its own. The sample class has an infinite loop and other broken "
        "notebooks, more of them than a real class.",
        "",
        "| workers | wall time, minutes | submissions a minute | workers in use |",
        "|--:|--:|--:|--:|",
        *table(sample, costs, options.submissions),
        "",
        "Not in it: a network between machines, several workers that share the memory of one machine, workers that "
        "die, waiting in a queue for nodes.",
    ]
    keep(__file__, lines)


if __name__ == "__main__":
    main()
