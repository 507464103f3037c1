"""What commands that read results share: scores that people gave in the gradebook are added on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.results import SubmissionResult
from autograder.student_cli import console

if TYPE_CHECKING:
    from autograder.reporting.gradebook.manual_scores import HandGraded


def default_gradebook_folder(results: Path) -> Path:
    """Where `autograder gradebook` writes unless told otherwise."""
    return results / "gradebook"


def with_hand_graded(
    batch: list[SubmissionResult], results: Path, gradebook: str | None
) -> tuple[list[SubmissionResult], HandGraded]:
    """The results of a folder with what people wrote into a gradebook; says on the terminal where that came from.

    Args:
        gradebook: a path or database URL; default: the one that `autograder gradebook` writes, if it is there.

    Raises:
        GradebookError: if the gradebook cannot be read or belongs to other results.
    """
    from autograder.reporting.gradebook.course_folder import DATABASE
    from autograder.reporting.gradebook.database import database_url, shown
    from autograder.reporting.gradebook.manual_scores import (
        HandGraded,
        read_hand_graded,
        require_some,
        with_manual_scores,
    )

    usual = default_gradebook_folder(results) / DATABASE
    if gradebook is None and not usual.is_file():
        return batch, HandGraded()
    place: str | Path = gradebook if gradebook is not None else usual
    graded = read_hand_graded(place)
    require_some(batch, graded, place)
    merged = with_manual_scores(batch, graded)
    count = sum(task.manual_points is not None for result in merged for task in result.tasks)
    console.print(f"{count} scores given by hand, from {shown(database_url(place))}", soft_wrap=True, markup=False)
    return merged, graded
