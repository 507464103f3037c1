"""Whether results were made with these chapters."""

from __future__ import annotations

from collections.abc import Mapping

from nbformat import NotebookNode

from autograder.errors import ResultsError
from autograder.notebook.cells import cell_info
from autograder.results import SubmissionResult


def require_same_course(result: SubmissionResult, sources: Mapping[str, NotebookNode]) -> None:
    """Make sure that a result was made with these chapters; one that belongs to no chapter fits any course.

    Args:
        sources: the instructor notebook of each chapter.

    Raises:
        ResultsError: if its assignment is none of them, or has other scored cells or points.
    """
    if result.assignment == "unknown":
        return
    if result.assignment not in sources:
        raise ResultsError(
            f"these results have an assignment {result.assignment!r}, which is not a chapter of this course. "
            "Name the course they belong to with --course."
        )
    cells = map(cell_info, sources[result.assignment].cells)
    expected = {str(about.grade_id): about.points for about in cells if about.scored}
    found = {task.grade_id: task.max_points for task in result.tasks}
    if found != expected:
        different = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        raise ResultsError(
            f"{result.student!r} was graded with another version of {result.assignment}: "
            f"{', '.join(different[:5])} {'differs' if len(different) == 1 else 'differ'}. "
            "Run `autograder grade` again, or name the right course with --course."
        )
