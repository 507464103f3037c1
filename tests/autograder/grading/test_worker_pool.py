"""Processes that end while they grade: each costs its own submission, and the others go on."""

import os
import sys
import time
from concurrent.futures import wait
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.grading.batch import grade_batch
from autograder.grading.cell_log import CellLog, read_log
from autograder.grading.grade_submission import GradedSubmission, Settings
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import run_job, worker_pool
from autograder.grading.worker_limits import limit_processor_time
from autograder.grading.worker_pool import WorkerEnded
from tests.autograder.grading.test_batch import FULL, LIMITS, answered, hand_in
from tests.support.graded import result
from tests.support.toy import NAME

pytestmark = pytest.mark.xdist_group("batch")

_CELL = new_code_cell("1", id="one", outputs=[new_output("stream", name="stdout", text="half a character: \udfff")])
SETTLED = GradedSubmission(
    result(flags=("timeout",)), new_notebook(cells=[_CELL]), {"test-double": ("a warning", "a mode")}
)


@dataclass(frozen=True)
class Errand:
    """What these tests send through a pool in place of a job."""

    what: str
    marker: Path
    log: Path | None = None


def do(errand):
    """What a worker does in these tests."""
    errand.log.touch()
    first = not errand.marker.exists()
    errand.marker.touch()
    if errand.what == "settles-and-dies":
        CellLog(errand.log, LIMITS).settled(SETTLED)
    if errand.what in ("dies", "settles-and-dies") or (errand.what == "dies-once" and first):
        os._exit(9)
    if errand.what == "computes":
        limit_processor_time(0.2)
        return 10 ** (10**9)
    if errand.what == "fills":
        return bytearray(5_000_000_000)
    if errand.what == "raises":
        raise ValueError("for a reason")
    time.sleep(0.05)
    return errand.what


def never(errand):
    """A worker that ends before it has looked at its job."""
    os._exit(9)


@pytest.fixture(scope="module")
def pool():
    with worker_pool(2) as pool:
        yield pool


def sent(pool, tmp_path, *whats):
    futures = [pool.submit(do, Errand(what, tmp_path / f"{number}")) for number, what in enumerate(whats)]
    wait(futures, 300)
    return futures


def test_a_process_that_ends_costs_its_own_job(pool, tmp_path):
    futures = sent(pool, tmp_path, "a", "dies", "b", "c", "dies", "d", "e")
    assert [isinstance(f.exception(), WorkerEnded) for f in futures] == [False, True, False, False, True, False, False]
    assert [f.result() for f in futures if f.exception() is None] == list("abcde")


def test_what_was_settled_when_a_process_ends_is_its_result(pool, tmp_path):
    """A process that ends while tests are examined again tells nobody, and costs nothing."""
    settled, dead = sent(pool, tmp_path, "settles-and-dies", "dies")
    assert settled.result() == SETTLED
    assert isinstance(dead.exception(), WorkerEnded)


def test_a_job_whose_process_ended_for_another_reason_is_tried_again(pool, tmp_path):
    assert [future.result() for future in sent(pool, tmp_path, "dies-once", "a", "dies-once")] == [
        "dies-once",
        "a",
        "dies-once",
    ]


def test_an_error_is_the_jobs_own(pool, tmp_path):
    failed, fine = sent(pool, tmp_path, "raises", "a")
    assert isinstance(failed.exception(), ValueError)
    assert fine.result() == "a"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits a process")
def test_a_worker_may_not_take_all_memory_or_compute_without_end(pool, tmp_path):
    full, endless, fine = sent(pool, tmp_path, "fills", "computes", "a")
    assert isinstance(full.exception(), MemoryError)
    assert isinstance(endless.exception(), WorkerEnded)
    assert fine.result() == "a"


def test_processes_that_do_not_even_begin_are_no_fault_of_the_job(pool, tmp_path):
    future = pool.submit(never, Errand("a", tmp_path / "x"))
    assert not isinstance(future.exception(60), WorkerEnded)
    assert sent(pool, tmp_path, "a")[0].result() == "a"


def test_who_stops_a_pool_does_not_wait_for_it(tmp_path):
    with worker_pool(1) as pool:
        futures = [pool.submit(do, Errand("a", tmp_path / str(number))) for number in range(200)]
        pool.stop()
    assert all(future.done() for future in futures)
    assert sum(future.cancelled() for future in futures) > 190


def test_a_log_that_ends_in_the_middle_of_a_line_counts_as_far_as_it_goes(tmp_path):
    path = tmp_path / "log"
    assert read_log(path) is None
    path.write_text('{"grade_id": "a", "points": 1.0, "max_points": 1.0, "status": "passed"}\n{"grade_id": "b", "poi')
    assert [task.grade_id for task in read_log(path)] == ["a"]


def dies_at_half(job):
    """Grade a submission and end before its last test is over, as if that had done it."""
    assert job.log is not None
    if job.submission.student != "eve":
        return run_job(job)
    run_job(job)
    first, *_ = job.log.read_text().splitlines(keepends=True)
    job.log.write_text(first)
    os._exit(9)


def test_what_was_earned_before_the_process_ended_stays(tmp_path, toy_source, toy_student, warm, monkeypatch):
    monkeypatch.setattr("autograder.grading.batch.run_job", dies_at_half)
    hand_in(tmp_path / "in", **{student: answered(toy_student) for student in ("ada", "eve", "zoe")})

    def graded():
        found, folder = find_submissions(tmp_path / "in", [NAME]), ResultsFolder(tmp_path / "out")
        with worker_pool(2) as pool:
            steps = list(grade_batch(found, {NAME: toy_source}, folder, Settings(LIMITS), pool, warm))
        return {step.result.student: step for step in steps}

    steps = graded()
    result = steps["eve"].result
    assert [(task.status, task.points) for task in result.tasks] == [("passed", 5.0), *[("not_reached", 0.0)] * 2]
    assert result.flags == ("stopped-the-tests",) and "ended again" in result.fault
    for student in ("ada", "zoe"):
        assert {t.grade_id: (t.status, t.points) for t in steps[student].result.tasks} == FULL
    again = graded()
    assert all(step.reused for step in again.values())
    assert again["eve"].result == replace(result)
