"""``autograder progress``: where a student is, over all notebooks of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder.cli.app import app, console
from autograder.printable import printable

if TYPE_CHECKING:
    from autograder.course_standing import NotebookStanding


@app.command()
def progress(
    folder: Annotated[Path, typer.Argument(help="The folder that holds your notebooks.")] = Path(),
    timeout: Annotated[float, typer.Option(min=1.0, help="Seconds that one cell may take.")] = 120.0,
) -> None:
    """Run every notebook of a folder without its experiments, and list the points by the visible cases.

    Exits with status 1 if a notebook cannot be run to its end.
    """
    from autograder.course_standing import course_standing
    from autograder.kernel.limits import Limits

    found = []
    for standing in course_standing(folder, Limits(cell_seconds=timeout)):
        found.append(standing)
        console.print(f"{escape(printable(standing.name)).ljust(32)} {escape(_row(standing))}", soft_wrap=True)
    earned, possible = sum(each.earned for each in found), sum(each.possible for each in found)
    console.print(
        f"{earned:g} of {possible:g} points by the visible cases, {sum(each.in_words for each in found):g} for answers "
        "in words. Hidden cases are tried when you hand in.",
        soft_wrap=True,
    )
    raise typer.Exit(1 if any(each.fault for each in found) else 0)


def _row(standing: NotebookStanding) -> str:
    parts = [f"{standing.earned:g} of {standing.possible:g}"]
    parts += [f"{standing.in_words:g} in words"] if standing.in_words else []
    if standing.fault:
        parts.append(printable(standing.fault))
    elif standing.outcome is None:
        parts.append("not begun")
    elif standing.outcome.missing or standing.outcome.changed:
        parts.append("some cells are missing or changed: autograder validate names them")
    return ", ".join(parts)
