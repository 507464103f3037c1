"""Every error that a user can cause, with one base class.

The text of each says what is wrong, what was expected and what to do; commands print it and exit with status 2.
"""


class AutograderError(Exception):
    """Raised for input that the autograder cannot work with."""


class CourseError(AutograderError):
    """Raised when a course folder, one of its notebooks or its settings is missing or malformed."""


class SubmissionError(AutograderError):
    """Raised when a path given for grading holds nothing that can be graded."""


class NotebookError(AutograderError):
    """Raised when a notebook file cannot be read, or is no assignment of this course."""


class ResultsError(AutograderError):
    """Raised when a results folder is missing, incomplete or of another version."""


class KernelError(AutograderError):
    """Raised when no kernel can be started at all, whatever the notebook."""


class BuildError(AutograderError):
    """Raised when the book or a bundle cannot be built."""
