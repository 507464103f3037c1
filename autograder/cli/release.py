"""``autograder release``: the student bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import CourseOption
from autograder.course import Course
from autograder.student_cli import app, console


@app.command()
def release(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters, by name or number; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; default: build/release/…")] = None,
    course: CourseOption = None,
) -> None:
    """Make the student bundle: notebooks without solutions or hidden tests, and the helper package."""
    from autograder.publishing.release import release as make_release

    made = make_release(Course.find(course), chapters or (), out)
    console.print(f"released {', '.join(made.chapters)}", soft_wrap=True)
    console.print(f"folder   {made.folder}\nzip      {made.archive}", soft_wrap=True)
