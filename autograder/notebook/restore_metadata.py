"""Give cells back the nbgrader metadata that a tool took off them.

Some editors and converters keep a cell's id and drop the metadata that they do not know: then the id tells the cell.
Where a notebook has lost both everywhere, the text of a locked cell does, and of an answer the functions and classes
that it defines.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.notebook.cells import by_grade_id, cell_info, visible_source

_DEFINES = re.compile(r"^(?:async +def|def|class) +(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Restoration:
    """A submission whose cells have their metadata again.

    Attributes:
        notebook: the same object where nothing was missing.
        grade_ids: the cells that had none.
        whole: True where no cell of the source had any left.
    """

    notebook: NotebookNode
    grade_ids: tuple[str, ...]
    whole: bool = False

    @property
    def flags(self) -> tuple[str, ...]:
        """One flag for a notebook that had lost everything, else one for each cell."""
        kind = "metadata-restored"
        return (kind,) if self.whole else tuple(f"{kind}:{grade_id}" for grade_id in self.grade_ids)


def restore_metadata(submission: NotebookNode, source: NotebookNode) -> Restoration:
    """The submission with the source's metadata on each cell that has a source cell's id, or text, and no grade id.

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
    if not lacking and not present:
        lacking = _by_text(submission, source)
    if not lacking:
        return Restoration(submission, ())
    notebook = copy.deepcopy(submission)
    for index, author in lacking.items():
        notebook.cells[index].metadata["nbgrader"] = copy.deepcopy(author.metadata["nbgrader"])
    grade_ids = tuple(str(cell_info(author).grade_id) for author in lacking.values())
    return Restoration(notebook, grade_ids, not present.keys() & by_grade_id(source).keys())


def _by_text(submission: NotebookNode, source: NotebookNode) -> dict[int, NotebookNode]:
    """The source's cell for each cell of a submission that has neither metadata nor ids, as far as texts tell.

    Of several answers with the same definitions the last counts.
    """
    locked: dict[tuple[str, str], list[NotebookNode]] = {}
    answers: dict[frozenset[str], NotebookNode] = {}
    for author in source.cells:
        about, names = cell_info(author), frozenset(_DEFINES.findall(author.source))
        if about.locked and (text := visible_source(author.source)):
            locked.setdefault((author.cell_type, text), []).append(author)
        elif about.kind == "solution" and names:
            answers[names] = author
    wanted = sum(map(len, locked.values()))
    found: dict[int, NotebookNode] = {}
    answered: dict[frozenset[str], int] = {}
    for index, cell in enumerate(submission.cells):
        same = locked.get((cell.cell_type, cell.source.strip()))
        if same:
            found[index] = same.pop(0)
            continue
        mine = frozenset(_DEFINES.findall(cell.source)) if cell.cell_type == "code" else frozenset()
        answered.update({names: index for names in answers if names <= mine})
    if 2 * len(found) < max(wanted, 1):
        # It may be any notebook that begins with the same imports and uses the same names.
        return {}
    return found | {index: answers[names] for names, index in answered.items()}
