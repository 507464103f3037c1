"""A job on its way to a worker that shares no disk with this machine, and what the worker does with it."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.digest import grader_digest
from autograder.errors import ClusterError, KernelError
from autograder.grading.batch import versions
from autograder.grading.grade_submission import GradedSubmission
from autograder.grading.helper_archives import HelperArchives, unpacked
from autograder.grading.job import Job
from autograder.grading.submissions import read_content
from autograder.grading.worker_limits import limited
from autograder.grading.worker_zygote import worker_zygote
from autograder.kernel.isolation import Isolation
from autograder.kernel.zygote_client import Address


@dataclass(frozen=True)
class RemoteJob:
    """A job with the content of its submission, so that the file itself need not be there.

    Attributes:
        job: its submission's path is a mere name.
        content: of the submitted file.
        isolation: what must be in force while the student's code runs.
        code: the digest that the worker's autograder must have.
        helpers: the course's helper packages.
    """

    job: Job
    content: bytes
    isolation: Isolation
    code: str
    helpers: HelperArchives


def make_remote_job(job: Job, isolation: Isolation, helpers: HelperArchives) -> RemoteJob:
    """A job as it travels.

    Raises:
        NotebookError: if the submitted file cannot be read.
    """
    content = read_content(job.submission.path)
    # A path of this machine means nothing elsewhere; its last part is what messages quote.
    submission = replace(job.submission, path=Path(job.submission.path.name))
    return RemoteJob(replace(job, submission=submission), content, isolation, grader_digest(), helpers)


def run_remote_job(function: Callable[[Job], GradedSubmission], remote_job: RemoteJob) -> GradedSubmission:
    """Call ``function`` with the job, on a worker, with the submission in a temporary file.

    Raises:
        KernelError: if no kernel can be started here.
        ClusterError: if this worker differs from the machine that packed the remote_job.
    """
    who = f"a worker on {socket.gethostname()}"
    # A worker that has joined since the batch began has not been looked at.
    if remote_job.code != grader_digest() or versions().items() - remote_job.job.environment.items():
        raise ClusterError(f"{who} has other versions than the machine that runs the batch. Install the same on both.")
    with tempfile.TemporaryDirectory(prefix="handed-in-") as folder:
        path = Path(folder) / remote_job.job.submission.path
        path.write_bytes(remote_job.content)
        job = replace(remote_job.job, submission=replace(remote_job.job.submission, path=path))
        try:
            limits = job.settings.limits
            code = replace(job.code, folder=unpacked(remote_job.helpers))
            # With a log, each cell's check has the limits that it has on the grader's own machine.
            job = replace(job, code=code, log=Path(folder) / "cells")

            def grade(address: Address | None) -> GradedSubmission:
                with limited():
                    return function(replace(job, address=address))

            return worker_zygote().use(remote_job.isolation, limits, code, grade)
        except KernelError as error:
            raise KernelError(f"on {who}: {error}") from None
