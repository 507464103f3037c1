"""``autograder init``: a course to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.app import app, console


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must be empty or not there yet.")],
) -> None:
    """Make a course with one working chapter, a check, a wrong answer and a data file."""
    from autograder.new_course import make_course

    for path in make_course(folder):
        console.print(f"wrote {path}", markup=False, soft_wrap=True)
    console.print(f"Go on in {folder}: autograder check, then autograder release.", markup=False, soft_wrap=True)
