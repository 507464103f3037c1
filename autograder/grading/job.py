"""One submission on its way to whoever grades it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.grading.grade_submission import Settings, Source
from autograder.grading.submissions import Submission
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.zygote_client import Address


@dataclass(frozen=True)
class Job:
    """One submission on its way to a worker; plain data only, so that any executor can carry it.

    Attributes:
        submission, source, settings, environment: see :func:`grade_submission`.
        address: of the zygote; None where kernels are started from scratch.
        code: what the course adds to kernels that are started from scratch; a zygote has it already.
        log: where the worker notes what the submission has earned so far; None where nobody will read it.
    """

    submission: Submission
    source: Source
    settings: Settings
    environment: Mapping[str, str]
    address: Address | None
    code: CourseCode = NO_CODE
    log: Path | None = None
