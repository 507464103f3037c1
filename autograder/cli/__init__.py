"""The ``autograder`` command: one module for each subcommand, which parses, calls the layers below and prints.

Exit status: 0 done; 1 done, but something could not be graded or a check failed; 2 wrong usage or bad input.
"""

from autograder.cli import (
    book,
    check,
    course_progress,
    demo,
    doctor,
    export,
    feedback,
    grade,
    gradebook,
    init,
    pack_gradescope,
    release,
    report,
    validate,
)
from autograder.cli.app import main

# Importing a command's module registers it.
__all__ = [
    "book",
    "check",
    "course_progress",
    "demo",
    "doctor",
    "export",
    "feedback",
    "grade",
    "gradebook",
    "init",
    "main",
    "pack_gradescope",
    "release",
    "report",
    "validate",
]
