"""What a worker process does: grade one submission, with kernels from a zygote that all workers of a batch share."""

from __future__ import annotations

import functools
import multiprocessing
import os
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection
from pathlib import Path
from typing import Any

from autograder.errors import AutograderError
from autograder.grading.cell_log import CellLog
from autograder.grading.grade_submission import GradedSubmission, grade_submission
from autograder.grading.job import Job
from autograder.grading.worker_limits import limit_memory
from autograder.grading.worker_pool import WorkerPool
from autograder.import_path import SAFE_PATH, without_working_folder
from autograder.kernel import zygote_connections
from autograder.kernel.provisioner import Kernels, cold, forked_from
from autograder.kernel.zygote_client import LIBRARIES, Address, can_fork


class JobFailed(Exception):
    """Raised when the grader itself fails; the text is the traceback, since not every exception can travel."""


def run_job(job: Job) -> GradedSubmission:
    """Grade one submission in this process.

    Raises:
        AutograderError: if no kernel can be started, or the chapter's own cells fail.
        JobFailed: if the grader does.
    """
    kernels = cold(job.code) if job.address is None else _kernels(job.address)
    log = None if job.log is None else CellLog(job.log, job.settings.limits)
    try:
        return grade_submission(job.submission, job.source, job.settings, job.environment, kernels, log)
    except AutograderError:
        raise
    except (Exception, BaseExceptionGroup) as error:
        raise JobFailed("".join(traceback.format_exception(error))) from None


@functools.cache
def _kernels(address: Address) -> Kernels:
    """One connection for each process and zygote."""
    return forked_from(address)


def worker_pool(jobs: int, modules: Sequence[str] = LIBRARIES) -> WorkerPool:
    """Processes that grade ``jobs`` submissions at a time; see :func:`worker_processes`."""
    return WorkerPool(jobs, worker_processes(modules))


def worker_processes(modules: Sequence[str]) -> Callable[[], ProcessPoolExecutor]:
    """A function that makes an executor of one process, as often as it is called.

    The processes hold hidden tests and expected values; no student's code runs in them. Where possible they are forked
    from one process that has imported what they need; it begins with that at once, while the caller goes on.

    Args:
        modules: what the test cells import, all safe before a fork; the first call in a process decides.
    """
    method = "forkserver" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["autograder.grading.worker", *modules])
        from multiprocessing import forkserver

        with _import_path_in_environment(), without_working_folder():
            forkserver.ensure_running()
        _hide(forkserver._forkserver)
    return lambda: ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=_ways())


def _ways() -> tuple[socket.socket, ...]:
    """What a worker inherits to get connections to zygotes, where there are any."""
    return (zygote_connections.for_workers(),) if can_fork() else ()


def _hide(server: Any) -> None:
    """Take the path of the fork server's socket away: it runs whatever somebody who finds it sends.

    Until Python 3.14 it asks nobody who they are. This process goes on to reach it by the socket's number here.
    """
    path = getattr(server, "_forkserver_address", None)
    if isinstance(path, str) and not path.startswith("/proc/"):
        server._forkserver_address = f"/proc/self/fd/{os.open(path, os.O_PATH | os.O_CLOEXEC)}"
        Path(path).unlink()


@contextmanager
def _import_path_in_environment() -> Iterator[None]:
    """Let a fresh Python process find what this one finds: a fork server is not told where to look for modules."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        yield
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before


def _begin(*ways: socket.socket) -> None:
    """Take no more memory than a worker may, and do not outlive the grader: killed, it cannot tell any more."""
    limit_memory()
    os.environ.pop(SAFE_PATH, None)
    for way in ways:
        zygote_connections.ask_owner_through(way)
    grader = multiprocessing.parent_process()
    if grader is not None:
        threading.Thread(target=_end_with, args=(grader.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
