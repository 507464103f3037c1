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
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students: also write notebooks whose numbers are a student's own.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Make the student bundle: notebooks without solutions or hidden tests, and the helper package."""
    from autograder.publishing.personal import read_roster, release_to
    from autograder.publishing.release import release as make_release

    found = Course.find(course)
    students = read_roster(roster) if roster is not None else []
    made = make_release(found, chapters or (), out)
    console.print(f"released {', '.join(made.chapters)}", soft_wrap=True)
    console.print(f"folder   {made.folder}\nzip      {made.archive}", soft_wrap=True)
    if students:
        folder = made.folder.with_name(f"{made.folder.name}-personal")
        varying = release_to(found, made.chapters, students, folder)
        console.print(f"personal {folder}: {', '.join(varying)} for {len(students)} students", soft_wrap=True)
