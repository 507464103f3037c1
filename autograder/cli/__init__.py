"""The ``autograder`` command: one module for each subcommand, which parses, calls the layers below and prints.

Exit status: 0 done; 1 done, but something could not be graded or a check failed; 2 wrong usage or bad input.
"""

from autograder.cli import book, demo, export, feedback, grade, gradebook, release, report
from autograder.student_cli import main

# Importing a command's module registers it.
__all__ = ["book", "demo", "export", "feedback", "grade", "gradebook", "main", "release", "report"]
