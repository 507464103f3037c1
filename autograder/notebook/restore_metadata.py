"""Give cells back the nbgrader metadata that a tool took off them, by the ids that they still have.

Some editors and converters keep a cell's id and drop the metadata that they do not know.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import by_grade_id, cell_info


@dataclass(frozen=True)
class Restored:
    """A submission whose cells have their metadata again.

    Attributes:
        notebook: the same object where nothing was missing.
        grade_ids: the cells that had none.
    """

    notebook: NotebookNode
    grade_ids: tuple[str, ...]


def restore_metadata(submission: NotebookNode, source: NotebookNode) -> Restored:
    """The submission with the source's metadata on each cell that has a source cell's id and no grade id.

    A cell that the submission has under its grade id already stays the only one.
    """
    known = {str(cell.id): cell for cell in source.cells if cell_info(cell).grade_id is not None and cell.get("id")}
    present = by_grade_id(submission)
    lacking = {
        index: known[str(cell.get("id"))]
        for index, cell in enumerate(submission.cells)
        if cell_info(cell).grade_id is None
        and str(cell.get("id")) in known
        and cell_info(known[str(cell.get("id"))]).grade_id not in present
    }
    if not lacking:
        return Restored(submission, ())
    notebook = copy.deepcopy(submission)
    for index, author in lacking.items():
        notebook.cells[index].metadata["nbgrader"] = copy.deepcopy(author.metadata["nbgrader"])
    return Restored(notebook, tuple(str(cell_info(author).grade_id) for author in lacking.values()))
