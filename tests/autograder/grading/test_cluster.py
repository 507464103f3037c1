"""A Dask cluster on loopback: a scheduler and two workers as processes of their own."""

import os
import resource
import signal
import socket
import sys
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import dask
import pytest
from distributed import Client
from distributed.scheduler import KilledWorker

from autograder.errors import ClusterError, KernelError
from autograder.grading import cluster, worker_zygote
from autograder.grading.batch import environment, grade_batch
from autograder.grading.cell_log import CellLog
from autograder.grading.cluster import ClusterExecutor, connect, keeps_the_network_away
from autograder.grading.grade_submission import Settings
from autograder.grading.helper_archives import HelperArchives
from autograder.grading.remote_job import RemoteJob, make_remote_job, run_remote_job
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import find_submissions
from autograder.grading.worker import Job, run_job
from autograder.grading.worker_limits import can_limit
from autograder.grading.worker_zygote import WorkerZygote
from autograder.kernel.course_code import NO_CODE
from autograder.kernel.isolation import NONE, available
from autograder.kernel.limits import Limits
from tests.autograder.grading.test_batch import FULL, LIMITS, answered, hand_in, status
from tests.autograder.grading.test_batch import grade as grade_here
from tests.support.dask_processes import scheduler, worker
from tests.support.toy import NAME
from tests.support.waiting import until

pytestmark = [
    pytest.mark.xdist_group("cluster"),
    pytest.mark.skipif(sys.platform != "linux", reason="workers fork kernels"),
]
PATIENCE = 120
# The zip of no file at all: the toy course has no helper package.
NOTHING = b"PK\x05\x06" + 18 * b"\0"
HELPERS = HelperArchives(NOTHING, NOTHING)


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    """The address of a cluster of two workers."""
    root = tmp_path_factory.mktemp("cluster")
    with scheduler(root) as (_, url), worker(url, root / "one"), worker(url, root / "two"):
        wait_for_workers(url, 2)
        yield url


@pytest.fixture
def lonely(tmp_path):
    """A scheduler without workers: its process and its address."""
    with scheduler(tmp_path) as found:
        yield found


def wait_for_workers(url, number):
    with Client(url, timeout=PATIENCE, set_as_default=False) as client:
        client.wait_for_workers(number, timeout=PATIENCE)


def workers(seen):
    return seen.client.scheduler_info(n_workers=-1)["workers"]


def grade(submitted, out, source, url, during=lambda seen: None):
    """Grade on a cluster; ``during`` is called after each submission."""
    with connect(url) as seen, seen.executor(seen.isolation, HELPERS) as executor:
        made_with = environment(Settings(LIMITS), seen.isolation)
        found = find_submissions(submitted, [NAME])
        steps = {}
        for step in grade_batch(
            found, {NAME: source}, ResultsFolder(out), Settings(LIMITS), executor, made_with=made_with
        ):
            steps[step.result.student] = step
            during(seen)
    return steps


def timeless(result):
    return replace(result, seconds=0.0, tasks=tuple(replace(task, seconds=0.0) for task in result.tasks))


def a_job(toy_source, path):
    (submission,) = find_submissions(path, [NAME])
    return Job(submission, toy_source, Settings(LIMITS), environment(Settings(LIMITS), NONE), None)


@pytest.mark.slow
def test_results_are_those_of_a_local_run_and_stand_in_for_each_other(
    tmp_path, toy_source, toy_student, warm, two_workers
):
    wrong = answered(toy_student, double="def double(x):\n    return 2")
    hand_in(tmp_path / "in", ada=answered(toy_student), bob=wrong, eve=toy_student, torn='{"cells": [')
    (tmp_path / "in" / "link.ipynb").symlink_to(tmp_path / "in" / "ada" / NAME / f"{NAME}.ipynb")
    there = grade(tmp_path / "in", tmp_path / "there", toy_source, two_workers)
    here = grade_here(tmp_path / "in", tmp_path / "here", toy_source, warm)
    assert status(there["ada"]) == FULL
    assert {s: timeless(step.result) for s, step in there.items()} == {s: timeless(here[s].result) for s in here}
    again_here = grade_here(tmp_path / "in", tmp_path / "there", toy_source, warm)
    again_there = grade(tmp_path / "in", tmp_path / "here", toy_source, two_workers)
    graded = {"ada", "bob", "eve", "torn"}
    assert all(again_here[student].reused and again_there[student].reused for student in graded)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_costs_only_a_retry(tmp_path, toy_source, toy_student, two_workers):
    slow = answered(toy_student, double="import time\ntime.sleep(1)\ndef double(x):\n    return 2 * x")
    hand_in(tmp_path / "in", **{f"student-{number}": slow for number in range(6)})
    killed = []

    def kill_one_at_work(seen):
        if not killed:
            at_work = until(lambda: [name for name, keys in seen.client.processing().items() if keys])
            killed.append(workers(seen)[at_work[0]]["id"])
            pid = seen.client.run(os.getpid, workers=at_work[:1])[at_work[0]]
            os.kill(pid, signal.SIGKILL)

    steps = grade(tmp_path / "in", tmp_path / "out", toy_source, two_workers, kill_one_at_work)
    assert killed
    assert [status(step) for step in steps.values()] == [FULL] * 6
    assert {step.result.flags for step in steps.values()} == {()}


@pytest.mark.slow
@pytest.mark.skipif(not keeps_the_network_away(available()), reason="this machine has no network namespaces")
def test_a_students_code_reaches_neither_scheduler_nor_its_address(tmp_path, toy_source, toy_student, two_workers):
    host, port = two_workers.removeprefix("tcp://").split(":")
    connects = f"def double(x):\n    socket.create_connection(('{host}', {port}), 5)\n    return 2 * x"
    told = "def half(x):\n    return x / 2 if any('DASK' in name for name in os.environ) else 0"
    hand_in(tmp_path / "in", eve=answered(toy_student, f"import os, socket\n{connects}", told))
    with socket.create_connection((host, int(port)), 5):
        pass
    step = grade(tmp_path / "in", tmp_path / "out", toy_source, two_workers)["eve"]
    assert status(step)["test-double"][1] == status(step)["test-half"][1] == 0
    assert "OSError" in step.result.tasks[0].message or "refused" in step.result.tasks[0].message


def test_nobody_at_the_address_is_said_at_once(monkeypatch):
    monkeypatch.setattr(cluster, "_CONNECT_SECONDS", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ClusterError, match="no Dask scheduler answers"), connect(address):
            pass


@pytest.mark.parametrize("address", ["localhost", "tcp://host", "http://host:8786", ""])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ClusterError, match="Expected tcp://host:port"), connect(address):
        pass


def test_tls_without_a_certificate_says_which_settings_are_missing():
    with pytest.raises(ClusterError, match="TLS__CLIENT__CERT"), connect("tls://127.0.0.1:8786"):
        pass


def test_tls_with_a_file_that_is_not_there_names_it(tmp_path):
    missing = str(tmp_path / "none.pem")
    settings = {f"distributed.comm.tls.{name}": missing for name in ("ca-file", "client.cert", "client.key")}
    with dask.config.set(settings), pytest.raises(ClusterError, match="No such file"), connect("tls://127.0.0.1:8786"):
        pass


@pytest.mark.slow
def test_a_scheduler_without_workers_is_not_waited_for_for_ever(lonely, monkeypatch):
    monkeypatch.setattr(cluster, "_FIRST_WORKER_SECONDS", 1)
    with pytest.raises(ClusterError, match="no workers after 1 s"), connect(lonely[1]):
        pass


@pytest.mark.slow
def test_a_worker_with_several_threads_is_refused(lonely, tmp_path):
    with worker(lonely[1], tmp_path / "w", "--nthreads", "2", "--no-nanny"):
        wait_for_workers(lonely[1], 1)
        with pytest.raises(ClusterError, match="--nthreads 1"), connect(lonely[1]):
            pass


@pytest.mark.slow
@pytest.mark.parametrize(
    ("loss", "lonely_seconds", "words"),
    [("workers", 2.0, "had no workers"), ("scheduler", 600.0, "connection .* was lost")],
)
def test_losing_all_workers_or_the_scheduler_ends_the_batch(
    lonely, tmp_path, toy_source, toy_student, monkeypatch, loss, lonely_seconds, words
):
    monkeypatch.setattr(cluster, "_LONELY_SECONDS", lonely_seconds)
    hand_in(tmp_path / "in", ada=toy_student)
    process, url = lonely
    with (
        Client(url, set_as_default=False) as client,
        cluster.Cluster(client, 0, NONE).executor(NONE, HELPERS) as executor,
    ):
        future = executor.submit(run_job, a_job(toy_source, tmp_path / "in"))
        if loss == "scheduler":
            process.kill()
        with pytest.raises(ClusterError, match=words):
            future.result(timeout=PATIENCE)


def test_a_worker_with_other_files_or_versions_refuses_the_job(tmp_path, toy_source, toy_student):
    hand_in(tmp_path / "in", ada=toy_student)
    remote_job = make_remote_job(a_job(toy_source, tmp_path / "in"), NONE, HELPERS)
    other = replace(remote_job.job, environment={**remote_job.job.environment, "torch": "0.1"})
    for changed in (replace(remote_job, code="x"), replace(remote_job, job=other)):
        with pytest.raises(ClusterError, match="other versions"):
            run_remote_job(run_job, changed)


def test_a_parcel_holds_the_submission_and_no_path_of_this_machine(tmp_path, toy_source, toy_student):
    hand_in(tmp_path / "in", ada=toy_student)
    job = a_job(toy_source, tmp_path / "in")
    remote_job = make_remote_job(job, NONE, HELPERS)
    assert isinstance(remote_job, RemoteJob)
    assert remote_job.content == job.submission.path.read_bytes()
    assert remote_job.job.submission.path == Path(f"{NAME}.ipynb")


@pytest.mark.slow
@pytest.mark.skipif(not can_limit(), reason="a process is limited on Linux only")
def test_a_worker_is_limited_while_it_grades(tmp_path, toy_source, toy_student):
    hand_in(tmp_path / "in", ada=toy_student)
    before = resource.getrlimit(resource.RLIMIT_AS)

    def grade(job):
        CellLog(job.log, job.settings.limits)
        return resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0]

    memory, processor = run_remote_job(grade, make_remote_job(a_job(toy_source, tmp_path / "in"), NONE, HELPERS))
    assert 0 < memory < 200 * 10**9 and 0 < processor < 24 * 3600
    assert resource.getrlimit(resource.RLIMIT_AS) == before


class DeadlyCluster(Executor):
    """An executor all of whose workers die of the job."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        future.set_exception(KilledWorker("task", None, 3))
        return future


def test_a_submission_on_which_workers_die_costs_only_itself(tmp_path, toy_source, toy_student):
    hand_in(tmp_path / "in", ada=toy_student)
    executor = ClusterExecutor(DeadlyCluster(), NONE, HELPERS)
    found = find_submissions(tmp_path / "in", [NAME])
    (step,) = grade_batch(found, {NAME: toy_source}, ResultsFolder(tmp_path / "out"), Settings(LIMITS), executor)
    assert step.result.flags == ("grader-failed",)
    assert "each of 4 workers that tried it ended" in step.failure


@pytest.fixture
def zygotes(monkeypatch):
    """Stand-ins for zygotes, numbered, and which of them have ended."""
    started, ended = [], []

    @contextmanager
    def stand_in(limits, isolation, code):
        started.append((limits.threads, isolation))
        number = len(started)
        yield number
        ended.append(number)

    monkeypatch.setattr(worker_zygote, "zygote_where_possible", stand_in)
    return started, ended


def test_a_worker_keeps_its_zygote_until_something_else_is_asked_for(zygotes):
    started, ended = zygotes
    kept = WorkerZygote()
    assert [kept.use(NONE, Limits(), NO_CODE, lambda address: address) for _ in range(3)] == [1, 1, 1]
    assert kept.use(NONE, Limits(cell_seconds=1), NO_CODE, lambda address: address) == 1
    assert kept.use(NONE, Limits(threads=2), NO_CODE, lambda address: address) == 2
    assert kept.use(NONE, Limits(threads=2, memory_bytes=1), NO_CODE, lambda address: address) == 3
    kept.close()
    assert (len(started), ended) == (3, [1, 2, 3])


def test_a_zygote_that_is_gone_is_replaced_once(zygotes):
    def gone(address):
        raise KernelError(f"zygote {address} is gone")

    kept = WorkerZygote()
    first_is_gone = iter([gone, lambda address: address])
    assert kept.use(NONE, Limits(), NO_CODE, lambda address: next(first_is_gone)(address)) == 2
    with pytest.raises(KernelError, match="zygote 3"):
        kept.use(NONE, Limits(), NO_CODE, gone)
    assert zygotes[1] == [1, 2]
