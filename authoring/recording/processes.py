"""Train several seeds at once, each in one process or more, so that they use all cores."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from authoring.recording.experiment import Scale, experiment, is_stepwise
from autograder.errors import AutograderError

WRONG_USE = 2


@dataclass(frozen=True)
class Job:
    """What one process does: it trains runs of a seed that no other process has.

    Attributes:
        course: the course's folder.
        path: the seed's folder.
        until: seconds since the epoch at which no further epoch of training begins, or None.
        threads: for PyTorch.
    """

    course: Path
    name: str
    scale: Scale
    seed: int
    path: Path
    until: float | None
    threads: int


def train_seeds(jobs: Sequence[Job], at_once: int) -> dict[int, int]:
    """Do each job in a process, ``at_once`` at a time, in their order.

    A process that dies takes no other with it. All are ended if this one is interrupted.

    Returns:
        the exit status for each seed of which a process was started: 0 where nothing went wrong in any, negative for a
        signal.
    """
    # Not forked: a process that has computed with several threads cannot be.
    context = multiprocessing.get_context("spawn")
    waiting, running = list(jobs), list[tuple[int, BaseProcess]]()
    ended: dict[int, int] = {}
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                job = waiting.pop(0)
                if _out_of_time(job):
                    continue  # loading its data would be for nothing
                running.append((job.seed, context.Process(target=train_job, args=(job,), daemon=True)))
                running[-1][1].start()
            if not running:
                break
            multiprocessing.connection.wait([process.sentinel for _, process in running])
            for seed, process in list(running):
                if not process.is_alive():
                    process.join()
                    ended[seed] = ended.get(seed) or process.exitcode or 0
                    running.remove((seed, process))
    finally:
        for _, process in running:
            process.terminate()
            process.join()
    return ended


def train_job(job: Job) -> None:
    """What the process of one seed does; it leaves with status 2 where the user has to do something."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this ends it
    os.environ.setdefault("MPLBACKEND", "agg")
    os.environ["WORKBOOK_PROGRESS"] = "0"  # bars of several processes would overwrite each other
    # On an accelerator, without this, matrix products need not give the same twice.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    try:
        # A plan has its own sizes, and needs of the chapter's data the loader only.
        os.environ["WORKBOOK_SCALE"] = "quick" if is_stepwise(experiment(job.name)) else job.scale
        _train(job)
    except AutograderError as error:
        print(f"{job.name}, seed {job.seed}: {error}", file=sys.stderr)
        sys.exit(WRONG_USE)


def _out_of_time(job: Job) -> bool:
    return job.until is not None and time.time() >= job.until


def _train(job: Job) -> None:
    from authoring.recording.train_seed import train_seed
    from autograder.course import Course

    parent = multiprocessing.parent_process()

    def stop() -> bool:
        return _out_of_time(job) or (parent is not None and not parent.is_alive())

    train_seed(Course(job.course), job.name, job.scale, job.seed, job.path, stop, job.threads)
