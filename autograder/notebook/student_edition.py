"""Make the student edition of an instructor notebook with nbgrader's own preprocessors."""

from __future__ import annotations

import copy

from nbformat import NotebookNode

from autograder.errors import CourseError

_GRADEBOOK_STEPS = ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata", "ComputeChecksums")


def student_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook that students get: no solution, no hidden test, no mark scheme, locked cells, checksums.

    The steps and their order are those of ``nbgrader generate_assignment``, without its database.

    Args:
        notebook: an instructor notebook whose AUTOTEST lines are instantiated already; it is left unchanged.

    Raises:
        CourseError: if a solution or hidden region is nested, unclosed or in a cell of the wrong kind, or if the
            nbgrader metadata is invalid.
    """
    return _after(
        notebook, *_GRADEBOOK_STEPS, "ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums", "CheckCellMetadata"
    )


def gradebook_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook whose cells nbgrader keeps in its gradebook: no solution, but with hidden tests and mark schemes.

    Takes and raises what :func:`student_edition` does.
    """
    return _after(notebook, *_GRADEBOOK_STEPS)


def _after(notebook: NotebookNode, *steps: str) -> NotebookNode:
    """The notebook after these preprocessors of nbgrader."""
    # Late, because importing nbgrader takes over a second and grading does not need it.
    from nbgrader import preprocessors

    result = copy.deepcopy(notebook)
    for step in steps:
        try:
            result, _ = getattr(preprocessors, step)().preprocess(result, {})
        except Exception as error:
            # nbgrader's preprocessors raise RuntimeError, ValueError and jsonschema's errors alike.
            raise CourseError(
                f"nbgrader's {step} refused this notebook: {str(error).rstrip('.')}. Fix it in notebooks/."
            ) from error
    return result
