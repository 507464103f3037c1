"""``autograder feedback``: a page for each submission."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.student_cli import app, console


@app.command()
def feedback(
    results: Annotated[Path, typer.Argument(help="The folder that `autograder grade` wrote.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the pages; default: RESULTS/feedback.")] = None,
) -> None:
    """Write one self-contained page for each submission. Hidden tests never appear in it."""
    from autograder.grading.store import ResultsFolder
    from autograder.reporting.feedback import write_feedback

    folder = ResultsFolder(results)
    batch = folder.read_batch()
    pages = write_feedback([(r, folder.read_notebook(r)) for r in batch], out or results / "feedback")
    console.print(f"{len(pages)} pages in {out or results / 'feedback'}", soft_wrap=True)
