"""Run the author's locked cells once, before anyone is graded: one that fails would cost every student points."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor

from autograder.errors import CourseError
from autograder.grading.job import Job
from autograder.grading.worker_pool import WorkerEnded
from autograder.notebook.personal_edition import personal_edition
from autograder.referee.examiner import Examiner
from autograder.referee.folder import referee_folder


def run_locked_cells(job: Job) -> None:
    """Execute, in this process, the author's locked cells that need nothing of a student's.

    Raises:
        CourseError: if one fails.
    """
    if job.settings.scoring == "referee":
        with referee_folder(job.source.files) as folder:
            Examiner(personal_edition(job.source.notebook, job.submission.student), folder).run_given()


def require_locked_cells(executor: Executor, jobs: Iterable[Job]) -> None:
    """Have the locked cells of each chapter run where its submissions will be graded.

    Raises:
        CourseError: if one fails; it says which.
    """
    first = {job.source.name: job for job in reversed(list(jobs))}
    running = {name: executor.submit(run_locked_cells, job) for name, job in first.items()}
    for name, future in running.items():
        try:
            future.result()
        except CourseError as error:
            raise CourseError(
                f"{name}: {error} Nobody was graded. `autograder check` names every such cell."
            ) from error
        except WorkerEnded:
            raise CourseError(
                f"{name}: its locked cells end the process that runs them, most likely for the memory that they take. "
                "Nobody was graded."
            ) from None
        except Exception:
            # Not the cell's fault; what it is comes out with the first submission.
            continue
