"""What is imported once, before processes are forked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.course import Course
from autograder.grading.grade_submission import Settings, Source, untouched_experiments
from autograder.kernel.zygote_client import safe_before_fork
from autograder.notebook.imports import imported_modules


@dataclass(frozen=True)
class Preloads:
    """Modules to import before a fork.

    Attributes:
        workers: for the processes that run tests.
        kernels: for those that run notebooks.
    """

    workers: tuple[str, ...]
    kernels: tuple[str, ...]


def modules_to_preload(course: Course, sources: Iterable[Source], settings: Settings) -> Preloads:
    """What ``course.toml`` says, else what the chapters import and is safe before a fork.

    A course's own packages are held to be safe, and so is everything that it names itself. Kernels have no use for what
    only experiments import that are not to run, and every page in memory makes a fork slower; a student who has changed
    such an experiment imports it then.
    """
    if course.settings.preload:
        return Preloads(course.settings.preload, course.settings.preload)
    imported: dict[str, None] = {}
    running: dict[str, None] = {}
    for source in sources:
        skipped = () if settings.experiments else untouched_experiments(source.notebook, source.notebook)
        imported |= dict.fromkeys(imported_modules(source.notebook))
        running |= dict.fromkeys(imported_modules(source.notebook, skipped))
    helpers = course.settings.helpers
    return Preloads(*(tuple(safe_before_fork(tuple(names), helpers)) for names in (imported, running)))
