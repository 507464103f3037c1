"""Grade many submissions side by side; a single thread, the caller's, writes what they earned."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import dataclass, replace
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice

import nbformat

import autograder
from autograder.course import Course
from autograder.course_files import course_files
from autograder.digest import digest
from autograder.durations import Say, silent
from autograder.errors import KernelError, ResultsError
from autograder.grading.copies import number_copies
from autograder.grading.grade_submission import (
    GradedSubmission,
    Settings,
    Source,
    at_its_place,
    blank_result,
    identify,
    refused,
    submission_key,
)
from autograder.grading.job import Job
from autograder.grading.locked_cells import require_locked_cells
from autograder.grading.own_files import with_own_files
from autograder.grading.source import prepare_sources, read_source
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import Submission
from autograder.grading.term import kept_beside
from autograder.grading.worker import JobFailed, run_job
from autograder.grading.worker_pool import WorkerEnded
from autograder.helper_packages import course_digest
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.isolation import NONE, Isolation
from autograder.kernel.zygote_client import Address
from autograder.printable import printable
from autograder.results import SubmissionResult, TaskResult

_PINNED = ("numpy", "torch", "matplotlib", "ipykernel", "nbclient")
# Enough to keep a large cluster busy; few enough that their notebooks fit into memory.
_AT_ONCE = 256
_STOPPED = (
    "the process that runs the tests ended, and ended again when nothing else ran: most likely what the notebook "
    "returned takes too much memory or time. What was earned before stays."
)
_NOT_KEPT = "the executed notebook cannot be written"
_GRADER_FAILED = "the grader could not finish. This says nothing about the notebook, which must be graded again."


@dataclass(frozen=True)
class Progress:
    """One finished submission of a batch.

    Attributes:
        result: what it earned.
        reused: True where an earlier run's result still held.
        done, total: how far the batch is.
        failure: what went wrong in the grader itself, with a traceback; for its log, and nothing for students.
    """

    result: SubmissionResult
    reused: bool
    done: int
    total: int
    failure: str = ""


def identified(submissions: Sequence[Submission], course: Course) -> list[Submission]:
    """The submissions with the chapter that their content tells where their name tells none.

    It is known before any chapter is prepared, so that one file with an odd name does not have all of them prepared.

    Raises:
        CourseError: if a chapter has to be read for that and cannot be.
    """
    if all(submission.assignment is not None for submission in submissions):
        return list(submissions)
    sources = {c.name: Source(c.name, read_source(course, c.name), "") for c in course.chapters}
    return [identify(submission, sources) for submission in submissions]


def load_sources(course: Course, names: Sequence[str], say: Say = silent) -> dict[str, Source]:
    """The instructor's side of the named chapters; from now on this process can import the course's helper packages.

    Args:
        say: is told how far it is, where automatic tests have to be made first.
    """
    course.make_importable()
    code = course_digest(course)
    found = {}
    for name, notebook in prepare_sources(course, names, say).items():
        files = course_files(course, notebook)
        key = digest(nbformat.writes(notebook), code, *files.parts())
        found[name] = Source(name, notebook, key, course.settings.helpers, files)
    return found


def versions() -> dict[str, str]:
    """The versions of this process that a result depends on."""
    return {
        "autograder": autograder.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _PINNED if find_spec(name) is not None},
    }


def environment(settings: Settings, forked: Isolation | None) -> dict[str, str]:
    """What a result depends on besides submission and source: versions, settings, and where kernels come from.

    Args:
        forked: the isolation of kernels that are forked from a zygote; None where they are started from scratch.
    """
    isolation = NONE if forked is None else forked
    return {
        **versions(),
        **settings.described(),
        "follow_through": settings.follow_through_under(isolation),
        "kernels": "cold" if forked is None else "forked",
        "isolation": str(isolation),
    }


def grade_batch(
    submissions: Sequence[Submission],
    sources: Mapping[str, Source],
    folder: ResultsFolder,
    settings: Settings,
    executor: Executor,
    address: Address | None = None,
    made_with: Mapping[str, str] | None = None,
    without_notebook: Sequence[str] = (),
    code: CourseCode = NO_CODE,
) -> Iterator[Progress]:
    """Grade submissions through ``executor``, keep each result as soon as it is there, and yield it.

    A submission whose result in ``folder`` was made from the same content, source, environment and settings is
    not executed again. ``results.json`` is written at the end, also when the caller stops early: with these results and
    those of earlier runs that they do not replace (:func:`autograder.grading.term.kept_beside`).

    Args:
        address: of the zygote that forks kernels; default: each is started from scratch, without isolation.
        made_with: what results depend on, where ``executor`` brings zygotes of its own; default: :func:`environment`.
        without_notebook: folders that hold nothing to grade, for ``results.json``.
        code: what the course adds to kernels that are started from scratch.

    Raises:
        CourseError: if a locked cell of the author's fails; no submission is graded then.
        KernelError: if no kernel can be started on this machine; results written before stay.
    """
    made_with = made_with or environment(settings, None if address is None else address.isolation)
    finished: list[SubmissionResult] = []
    waiting: list[Job] = []

    def keep(result: SubmissionResult, reused: bool) -> Progress:
        finished.append(result)
        return Progress(result, reused, len(finished), len(submissions))

    try:
        packages = {"autograder", *(name for source in sources.values() for name in source.helpers)}
        theirs = with_own_files([identify(s, sources) for s in submissions], packages)
        for submission in number_copies(theirs, sources):
            source = sources.get(submission.assignment or "")
            if source is None:
                graded = _written(folder, _belongs_nowhere(submission, sources, made_with))
                yield keep(graded.result, reused=False)
                continue
            kept = folder.finished(submission.label, source.name, submission_key(submission, source, made_with))
            if kept is None:
                waiting.append(Job(submission, source, settings, made_with, address, code))
            else:
                yield keep(at_its_place(kept, submission), reused=True)
        require_locked_cells(executor, waiting)
        for future, job in _in_flight(executor, waiting):
            graded, failure = _outcome(future, job)
            graded = _written(folder, graded)
            yield replace(keep(graded.result, reused=False), failure=failure)
    except BrokenExecutor as error:
        # Nothing can be said about the submissions that wait; what is finished is kept.
        raise KernelError(f"a worker process ended: {error}. Run the command again; finished work is kept.") from error
    finally:
        folder.write_batch([*kept_beside(folder.earlier(), finished), *finished], without_notebook)


def _in_flight(executor: Executor, jobs: Iterable[Job]) -> Iterator[tuple[Future[GradedSubmission], Job]]:
    """Each job as it ends. Only some are handed to the executor at a time, and what has ended is not held on to."""
    waiting = iter(jobs)
    running: dict[Future[GradedSubmission], Job] = {}
    while True:
        running.update((executor.submit(run_job, job), job) for job in islice(waiting, _AT_ONCE - len(running)))
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            yield future, running.pop(future)


def _outcome(future: Future[GradedSubmission], job: Job) -> tuple[GradedSubmission, str]:
    """What a finished task returned; a fault of the grader's own costs one submission, never the batch, and is told."""
    try:
        return future.result(), ""
    except (KernelError, BrokenExecutor):
        raise
    except WorkerEnded as ended:
        return _stopped(blank_result(job.submission, job.source, job.environment), ended.earned), ""
    except Exception as error:
        blank = replace(blank_result(job.submission, job.source, job.environment), digest="")
        told = str(error) if isinstance(error, JobFailed) else "".join(traceback.format_exception(error))
        return refused(blank, "grader-failed", _GRADER_FAILED), printable(told, lines=True)


def _stopped(blank: SubmissionResult, earned: tuple[TaskResult, ...]) -> GradedSubmission:
    """The result of a submission that has ended the process that graded it."""
    found = {task.grade_id: task for task in earned}
    tasks = tuple(
        found.get(task.grade_id, replace(task, message="Not reached: the tests could not go on."))
        for task in blank.tasks
    )
    flags = (*blank.flags, "stopped-the-tests")
    return GradedSubmission(replace(blank, tasks=tasks, flags=flags, fault=_STOPPED), None)


def _written(folder: ResultsFolder, graded: GradedSubmission) -> GradedSubmission:
    """Keep a result; where its notebook cannot be written, without it, which costs no point and is said.

    Raises:
        ResultsError: if the disk is full or cannot be written.
    """
    try:
        folder.write(graded)
    except ResultsError:
        raise
    except Exception as error:
        result = graded.result
        fault = result.fault or f"{_NOT_KEPT} ({type(error).__name__})"
        graded = GradedSubmission(replace(result, flags=(*result.flags, "notebook-not-kept"), fault=fault), None)
        folder.write(graded)
    return graded


def _belongs_nowhere(
    submission: Submission, sources: Mapping[str, Source], made_with: Mapping[str, str]
) -> GradedSubmission:
    named = f"named after one of {', '.join(sources)}" if sources else "named after a chapter of this course"
    fault = (
        f"{printable(submission.file)} belongs to no chapter that is being graded. Expected a file {named}, or one "
        "with that chapter's cells."
    )
    return refused(blank_result(submission, None, made_with), "unknown-assignment", fault)
