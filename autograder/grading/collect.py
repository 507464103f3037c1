"""All that is in a folder of submissions: what is graded, what is not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.grading.handed_in_zips import unpack_zips
from autograder.grading.submissions import Submission, find_submissions, passed_over, without_notebook


@dataclass(frozen=True)
class Collected:
    """What a folder holds.

    Attributes:
        submissions: the notebooks, those in zips of students among them.
        passed_over: other files that someone may have handed in, by their paths in the folder, with why they are not
            graded where more is known than their names tell.
        without_notebook: folders in which there is nothing to grade.
    """

    submissions: list[Submission]
    passed_over: Mapping[str, str]
    without_notebook: tuple[str, ...]


def collect(root: Path, chapters: Sequence[str], names: Mapping[str, str] | None, unpacked: Path) -> Collected:
    """Find what was handed in below a folder, or a single notebook.

    Args:
        chapters, names: as for :func:`autograder.grading.submissions.find_submissions`.
        unpacked: an empty folder, for what is in zips.

    Raises:
        SubmissionError: if nothing is found.
    """
    try:
        found = find_submissions(root, chapters, names)
    except SubmissionError:
        if not root.is_dir():
            raise
        found = []
    others = passed_over(root, found)
    zips = unpack_zips((root / name for name in others if name.lower().endswith(".zip")), unpacked)
    if zips.notebooks or not found:
        found = find_submissions(root, chapters, names, zips.notebooks)
    reasons = {path.relative_to(root).as_posix(): why for path, why in zips.refused.items()}
    left = {name: reasons.get(name, "") for name in others if root / name not in zips.notebooks}
    return Collected(found, left, without_notebook(root, zips.notebooks))
