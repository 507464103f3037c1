"""Several files that one student handed in for one assignment: which counts, and what the others are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Protocol

from nbformat import NotebookNode

from autograder.grading.name_parts import composed
from autograder.grading.naming_rules import FOLDERS
from autograder.grading.submissions import Submission, read_notebook
from autograder.grading.thin_answers import is_unwritten
from autograder.grading.times_told import time_told
from autograder.notebook.cells import by_grade_id, cell_info
from autograder.notebook.exercise_labels import LABEL
from autograder.notebook.released_cells import is_added
from autograder.notebook.restore_metadata import restore_metadata
from autograder.notebook.stray_answers import is_empty

_COUNTED = re.compile(r"\((\d+)\)$")
_LATER_IS_COUNTED = {rule.name for rule in FOLDERS if rule.last_copy}


class Released(Protocol):
    """A chapter's source; only its notebook is looked at."""

    @property
    def notebook(self) -> NotebookNode:
        """Of the instructor."""
        ...


def number_copies(found: Sequence[Submission], sources: Mapping[str, Released] | None = None) -> list[Submission]:
    """Tell apart several files of one student for one assignment; no label is another student's name.

    The first, which exports count, is one in which something is written, then the one that was handed in last, as far
    as a platform's names tell, then one whose name ends as it should, not ``01_toy-old.ipynb``.

    Args:
        sources: of the chapters; without them no file is opened.
    """
    taken = {(submission.student, submission.assignment) for submission in found}
    several = Counter((submission.student, submission.assignment) for submission in found)
    count: dict[tuple[str, str | None], int] = {}

    def order(submission: Submission) -> tuple[bool, float, int, bool]:
        source = (sources or {}).get(submission.assignment or "")
        alone = several[submission.student, submission.assignment] == 1
        empty = source is not None and not alone and is_untouched(submission, source)
        return (empty, -_handed_in(submission), -_counted(submission), _is_renamed(submission))

    result = []
    for submission in sorted(found, key=order):
        key = (submission.student, submission.assignment)
        numbered = replace(submission, copy=count.get(key, 0) + 1)
        while numbered.copy > 1 and (numbered.label, numbered.assignment) in taken:
            numbered = replace(numbered, copy=numbered.copy + 1)
        count[key] = numbered.copy
        result.append(numbered)
    return result


def handed_in(
    found: Sequence[Submission], sources: Mapping[str, Released]
) -> tuple[list[Submission], list[Submission]]:
    """The files that were handed in, and those that everyone has from the start and in which nothing is written.

    Of the latter only those of students who handed in no other file for the chapter.
    """
    begun, untouched = list[Submission](), list[Submission]()
    for submission in found:
        source = sources.get(submission.assignment or "") if submission.prefilled else None
        (untouched if source is not None and is_untouched(submission, source) else begun).append(submission)
    others = {(submission.student, submission.assignment) for submission in begun}
    return begun, [file for file in untouched if (file.student, file.assignment) not in others]


def is_untouched(submission: Submission, source: Released) -> bool:
    """True where a file is the chapter as it was released: no answer is begun, no text changed, no cell added.

    A file that cannot be read is touched: what is wrong with it has to be said.
    """
    try:
        mine = restore_metadata(read_notebook(submission.path), source.notebook).notebook
    except Exception:
        return False
    names, given = by_grade_id(source.notebook), {cell.id: cell for cell in source.notebook.cells}
    answers = [cell for cell in mine.cells if cell_info(cell).grade_id in names and not cell_info(cell).locked]
    others = [cell for cell in mine.cells if cell_info(cell).grade_id is None and str(cell.source).strip()]
    return bool(answers) and all(map(_is_blank, answers)) and all(_is_given(cell, given) for cell in others)


def _is_blank(cell: NotebookNode) -> bool:
    return is_empty(cell) or (cell.cell_type == "code" and is_unwritten(cell.source))


def _is_given(cell: NotebookNode, given: Mapping[str, NotebookNode]) -> bool:
    """True for a cell of the author's; texts are compared but for the line that a release adds, code runs unchanged."""
    if is_added(str(cell.get("id", ""))):
        return True
    theirs = given.get(cell.get("id", ""))
    return theirs is not None and (cell.cell_type == "code" or _lines(cell) == _lines(theirs))


def _lines(cell: NotebookNode) -> list[str]:
    lines = [line.strip() for line in str(cell.source).splitlines()]
    return [line for line in lines if line and not line.startswith(LABEL)]


def _handed_in(submission: Submission) -> float:
    time = time_told(submission.file)
    return 0.0 if time is None else (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _counted(submission: Submission) -> int:
    counted = _COUNTED.search(submission.path.stem) if submission.platform in _LATER_IS_COUNTED else None
    return int(counted[1]) if counted else 0


def _is_renamed(submission: Submission) -> bool:
    return not composed(submission.path.stem).endswith(submission.assignment or "")
