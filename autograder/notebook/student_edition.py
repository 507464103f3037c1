"""Make what students get of an instructor notebook, before and after the deadline, with nbgrader's preprocessors."""

from __future__ import annotations

import copy
import re
from urllib.parse import unquote

from nbformat import NotebookNode

from autograder.errors import CourseError
from autograder.notebook.cells import SOLUTION_BEGIN, SOLUTION_END, without_mark_schemes

# Of an answer's cell and of a notebook, metadata that show how a cell looks and say nothing of what was in it.
_KEPT_OF_ANSWERS = frozenset(
    {"nbgrader", "tags", "editable", "deletable", "slideshow", "jupyter", "collapsed", "scrolled", "trusted", "mystnb",
     "format", "id", "hideCode", "hidePrompt"}
)  # fmt: skip
_KEPT_OF_NOTEBOOKS = frozenset(
    {"kernelspec", "language_info", "authors", "title", "autograder", "celltoolbar", "toc", "rise", "colab", "jupytext",
     "mystnb", "orig_nbformat", "nbgrader"}
)  # fmt: skip
_ATTACHED = re.compile(r"attachment:([^)\s\"'>]+)")
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
    edition = _after(
        notebook, *_GRADEBOOK_STEPS, "ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums", "CheckCellMetadata"
    )
    _forget_the_authors_run(edition)
    return edition


def gradebook_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook whose cells nbgrader keeps in its gradebook: no solution, but with hidden tests and mark schemes.

    Takes and raises what :func:`student_edition` does.
    """
    return _after(notebook, *_GRADEBOOK_STEPS)


def solution_edition(notebook: NotebookNode) -> NotebookNode:
    """The notebook with solutions and model answers, for students to compare with after the deadline.

    Hidden tests and mark schemes are left out, as are the markers. Nothing is executed. Cells keep nbgrader's metadata.

    Takes and raises what :func:`student_edition` does.
    """
    edition = _after(notebook, "ClearOutput", "ClearHiddenTests")
    for cell in edition.cells:
        # nbgrader's own step takes mark schemes from tasks only.
        lines = without_mark_schemes(cell.source).splitlines()
        kept = [line for line in lines if SOLUTION_BEGIN not in line and SOLUTION_END not in line]
        cell.source = "\n".join(kept).strip("\n")
    _forget_the_authors_run(edition)
    return edition


def _forget_the_authors_run(edition: NotebookNode) -> None:
    """Take away what nbgrader leaves of a model answer: pictures, notes of tools, the state of widgets."""
    for key in set(edition.metadata) - _KEPT_OF_NOTEBOOKS:
        del edition.metadata[key]
    for cell in edition.cells:
        shown = {unquote(name) for name in _ATTACHED.findall(cell.source)}
        kept = {name: data for name, data in cell.get("attachments", {}).items() if name in shown}
        if "attachments" in cell:
            cell.attachments = kept
            if not kept:
                del cell["attachments"]
        meta = cell.metadata.get("nbgrader", {})
        if meta.get("solution") or meta.get("task"):
            for key in set(cell.metadata) - _KEPT_OF_ANSWERS:
                del cell.metadata[key]


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
