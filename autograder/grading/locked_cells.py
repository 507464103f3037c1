"""Run the author's locked cells once, before anyone is graded: one that fails would cost every student points."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import Executor

from autograder.errors import CourseError
from autograder.grading.cell_log import CellLog
from autograder.grading.job import Job
from autograder.grading.worker_limits import limit_processor_time
from autograder.grading.worker_pool import WorkerEnded
from autograder.notebook.personal_edition import personal_edition
from autograder.referee.examiner import Examiner
from autograder.referee.folder import referee_folder


def run_locked_cells(job: Job) -> None:
    """Execute, in this process, the author's locked cells that need nothing of a student's.

    The process ends when they have computed for as long as a whole notebook may.

    Raises:
        CourseError: if one fails.
    """
    limits = job.settings.limits
    if job.log is not None:
        # It says that the job has begun, in case it ends the process.
        CellLog(job.log, limits)
        limit_processor_time(limits.notebook_seconds * limits.threads)
    if job.settings.scoring == "referee":
        with referee_folder(job.source.files) as folder:
            Examiner(personal_edition(job.source.notebook, job.submission.student), folder).run_given()


def require_locked_cells(executor: Executor, jobs: Iterable[Job]) -> None:
    """Have the locked cells of each chapter run where its submissions will be graded.

    Raises:
        CourseError: if one fails, or does not end; it says which.
    """
    first = {job.source.name: job for job in reversed(list(jobs))}
    running = {name: executor.submit(run_locked_cells, job) for name, job in first.items()}
    seconds = sum(job.settings.limits.notebook_seconds * job.settings.limits.backstop for job in first.values())
    until = time.monotonic() + seconds
    for name, future in running.items():
        try:
            future.result(max(0.0, until - time.monotonic()))
        except TimeoutError:
            raise CourseError(
                f"{name}: its locked cells have not ended after {seconds:g} s. Do they wait for something? "
                "Nobody was graded."
            ) from None
        except CourseError as error:
            raise CourseError(
                f"{name}: {error} Nobody was graded. `autograder check` names every such cell."
            ) from error
        except WorkerEnded:
            raise CourseError(
                f"{name}: its locked cells end the process that runs them, most likely for the memory that they take, "
                f"or for more than {first[name].settings.limits.notebook_seconds:g} s of processor time. "
                "Nobody was graded."
            ) from None
        except Exception:
            # Not the cell's fault; what it is comes out with the first submission.
            continue
