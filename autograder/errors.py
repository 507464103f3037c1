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
    """Raised when a notebook file cannot be read, or is not an assignment of this course."""


class ResultsError(AutograderError):
    """Raised when a results folder is missing, incomplete or of another version."""


class GradebookError(AutograderError):
    """Raised when a gradebook cannot be opened or written, is of another version or belongs to another course."""


class ExportError(AutograderError):
    """Raised when exported grades cannot be written."""


class LateError(AutograderError):
    """Raised when a late policy, due dates or submission times cannot be read, or one of them is missing."""


class KernelError(AutograderError):
    """Raised when no kernel can be started at all, whatever the notebook."""


class ClusterError(KernelError):
    """Raised when a cluster cannot be reached, has no workers, or its workers differ from this machine."""


class BuildError(AutograderError):
    """Raised when the book or a bundle cannot be built."""


class ReportError(AutograderError):
    """Raised when feedback pages or a class report cannot be written."""
