"""Grade many submissions side by side; a single thread, the caller's, writes what they earned."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, replace
from importlib.metadata import version

import nbformat

import autograder
from autograder.course import Course
from autograder.digest import digest, workbook_digest
from autograder.errors import KernelError
from autograder.grading.one import Graded, Settings, Source, blank_result, identify, refused, submission_key
from autograder.grading.source import prepare_source
from autograder.grading.store import ResultsFolder
from autograder.grading.submissions import Submission, number_copies
from autograder.grading.worker import Job, run_job
from autograder.kernel.isolation import NONE
from autograder.kernel.warm import Address
from autograder.results import SubmissionResult

_PINNED = ("numpy", "torch", "matplotlib", "ipykernel", "nbclient")


@dataclass(frozen=True)
class Progress:
    """One finished submission of a batch.

    Attributes:
        result: what it earned.
        reused: True where an earlier run's result still held.
        done, total: how far the batch is.
    """

    result: SubmissionResult
    reused: bool
    done: int
    total: int


def load_sources(course: Course, names: Sequence[str]) -> dict[str, Source]:
    """The instructor's side of the named chapters."""
    sources = {}
    for name in names:
        notebook = prepare_source(course, name)
        sources[name] = Source(name, notebook, digest(nbformat.writes(notebook), workbook_digest()))
    return sources


def environment(settings: Settings, address: Address | None) -> dict[str, str]:
    """What a result depends on besides submission and source: versions, settings, and where kernels come from."""
    return {
        "autograder": autograder.__version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _PINNED},
        **settings.described(),
        "kernels": "cold" if address is None else "forked",
        "isolation": str(NONE if address is None else address.isolation),
    }


def grade_batch(
    submissions: Sequence[Submission],
    sources: Mapping[str, Source],
    folder: ResultsFolder,
    settings: Settings,
    executor: Executor,
    address: Address | None = None,
) -> Iterator[Progress]:
    """Grade submissions through ``executor``, keep each result as soon as it is there, and yield it.

    A submission whose result in ``folder`` was made from the same content, source, environment and settings is
    not executed again. ``results.json`` is written at the end, also when the caller stops early.

    Args:
        address: of the zygote that forks kernels; default: each is started from scratch, without isolation.

    Raises:
        KernelError: if no kernel can be started on this machine; results written before stay.
    """
    made_with = environment(settings, address)
    finished: list[SubmissionResult] = []
    waiting: list[tuple[Submission, Source]] = []

    def keep(result: SubmissionResult, reused: bool) -> Progress:
        finished.append(result)
        return Progress(result, reused, len(finished), len(submissions))

    try:
        for submission in number_copies([identify(s, sources) for s in submissions]):
            source = sources.get(submission.assignment or "")
            if source is None:
                graded = _belongs_nowhere(submission, sources, made_with)
                folder.write(graded)
                yield keep(graded.result, reused=False)
                continue
            kept = folder.finished(submission.label, source.name, submission_key(submission, source, made_with))
            if kept is None:
                waiting.append((submission, source))
            else:
                yield keep(kept, reused=True)
        running = {
            executor.submit(run_job, Job(submission, source, settings, made_with, address)): (submission, source)
            for submission, source in waiting
        }
        for future in as_completed(running):
            graded = _outcome(future, *running[future], made_with)
            folder.write(graded)
            yield keep(graded.result, reused=False)
    finally:
        folder.write_batch(finished)


def default_jobs() -> int:
    """One kernel for each core this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _outcome(future: Future[Graded], submission: Submission, source: Source, made_with: Mapping[str, str]) -> Graded:
    """What a finished task returned; a fault of the grader's own costs one submission, never the batch."""
    try:
        return future.result()
    except KernelError:
        raise
    except BrokenExecutor as error:
        # Nothing can be said about the submissions that wait; what is finished is kept.
        raise KernelError(f"a worker process ended: {error}. Run the command again; finished work is kept.") from error
    except Exception as error:
        blank = replace(blank_result(submission, source, made_with), digest="")
        return refused(blank, "grader-failed", f"the grader failed here: {type(error).__name__}: {error}")


def _belongs_nowhere(submission: Submission, sources: Mapping[str, Source], made_with: Mapping[str, str]) -> Graded:
    fault = (
        f"{submission.file} belongs to no chapter that is being graded. Expected a file named after one of "
        f"{', '.join(sources)}, or one with that chapter's cells."
    )
    return refused(blank_result(submission, None, made_with), "unknown-assignment", fault)
