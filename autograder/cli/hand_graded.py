"""What commands that read results share: scores that people gave in the gradebook are added on the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from autograder.cli.app import Terminal, console
from autograder.errors import GradebookError
from autograder.printable import printable
from autograder.results import SubmissionResult

if TYPE_CHECKING:
    from autograder.reporting.gradebook.hand_grades import HandGrades


def default_gradebook_folder(results: Path) -> Path:
    """Where `autograder gradebook` writes unless told otherwise."""
    return results / "gradebook"


def with_hand_graded(
    batch: list[SubmissionResult], results: Path, gradebook: str | None, terminal: Terminal = console
) -> tuple[list[SubmissionResult], HandGrades]:
    """The results of a folder with what people wrote into a gradebook; says on the terminal where that came from.

    Args:
        gradebook: a path or database URL; default: the one that `autograder gradebook` writes, if it is there.
        terminal: what it says is printed there.

    Raises:
        GradebookError: if the gradebook cannot be read or belongs to other results.
    """
    from autograder.reporting.gradebook.course_folder import DATABASE
    from autograder.reporting.gradebook.hand_grades import HandGrades, with_manual_scores

    usual = default_gradebook_folder(results) / DATABASE
    if gradebook is None and not usual.is_file():
        return batch, HandGrades()
    from autograder.reporting.gradebook.database import database_url, printable_url
    from autograder.reporting.gradebook.manual_scores import read_hand_graded, require_some

    place: str | Path = gradebook if gradebook is not None else usual
    graded = read_hand_graded(place)
    require_some(batch, graded, place)
    merged = with_manual_scores(batch, graded)
    count = sum(task.manual_points is not None for result in merged for task in result.tasks)
    url = database_url(place)
    terminal.print(
        f"{count} {'score' if count == 1 else 'scores'} given by hand, from {printable_url(url)}",
        soft_wrap=True,
        markup=False,
    )
    _tell_stale(merged, terminal)
    if url.get_backend_name() == "sqlite" and url.database:
        _tell_outrun(merged, results, Path(url.database).parent, terminal)
    return merged, graded


def after_grading(batch: list[SubmissionResult], results: Path, terminal: Terminal) -> list[SubmissionResult]:
    """Results just made, with what people have given in the folder's gradebook, if it knows their assignment.

    Where a gradebook cannot be read, a message says so, and what waits for a person is shown as waiting.
    """
    from autograder.reporting.gradebook.course_folder import DATABASE

    place = default_gradebook_folder(results) / DATABASE
    if not place.is_file():
        return batch
    from autograder.reporting.gradebook.manual_scores import read_hand_graded

    try:
        if not {result.assignment for result in batch} & read_hand_graded(place).answers.keys():
            return batch
        return with_hand_graded(batch, results, None, terminal)[0]
    except GradebookError as error:
        terminal.print(f"[yellow]scores given by hand are not shown[/]: {escape(str(error))}", soft_wrap=True)
        return batch


def _tell_stale(merged: list[SubmissionResult], terminal: Terminal) -> None:
    stale = [(result, name) for result in merged for name in result.stale]
    if stale:
        message = f"[yellow]{_marks(len(stale))} given for an earlier answer[/]; look again in formgrader:"
        terminal.print(message, soft_wrap=True)
    for result, name in stale:
        terminal.print(printable(f"  {result.student} {result.assignment} {name}"), soft_wrap=True, markup=False)


def _tell_outrun(merged: list[SubmissionResult], results: Path, gradebook: Path, terminal: Terminal) -> None:
    """Name the hand-graded submissions that were executed again after the gradebook's folder was written."""
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.gradebook.course_folder import nbgrader_id, notebook_path

    folder, outrun = ResultsFolder(results), []
    for result in merged:
        if any(task.manual_points is not None for task in result.tasks):
            new = folder.notebook_path(result.student, result.assignment)
            known = notebook_path(gradebook, nbgrader_id(result.student), result.assignment)
            if new.is_file() and known.is_file() and new.stat().st_mtime > known.stat().st_mtime:
                outrun.append(result)
    if outrun:
        message = "[yellow]Graded again after a person gave marks[/]; run `autograder gradebook` to compare:"
        terminal.print(message, soft_wrap=True)
    for result in outrun:
        terminal.print(printable(f"  {result.student} {result.assignment}"), soft_wrap=True, markup=False)


def _marks(count: int) -> str:
    return "1 mark was" if count == 1 else f"{count} marks were"
