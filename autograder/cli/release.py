"""``autograder release``: the student bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import app, console
from autograder.cli.check import checked, show
from autograder.cli.options import CourseOption
from autograder.cli.progress import lines_to
from autograder.course import Course
from autograder.errors import CourseError
from autograder.printable import printable


@app.command()
def release(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters, by name or number; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; default: build/release/…")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students: also write notebooks whose numbers are a student's own.")
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Release although a check finds faults.")] = False,
    course: CourseOption = None,
) -> None:
    """Make the student bundle: notebooks without solutions or hidden tests, and the helper packages.

    Every chapter is checked first, as `autograder check` does it.
    """
    from autograder.publishing.personal_release import read_roster, release_to, varying_chapters
    from autograder.publishing.release import release as make_release

    found = Course.find(course)
    students = read_roster(roster) if roster is not None else []
    varying = varying_chapters(found, chapters or ()) if students else []
    faulty = [chapter for chapter in checked(found, chapters or (), None, console) if chapter.faults]
    for chapter in faulty:
        show(chapter, console)
    if faulty and not anyway:
        raise CourseError(
            "nothing was released: these cells would cost honest students points. Fix them, or release with --anyway."
        )
    made = make_release(found, chapters or (), out, lines_to(console))
    for warning in made.warnings:
        console.print(f"[yellow]warning[/]: {escape(warning)}", soft_wrap=True)
    console.print(f"released {', '.join(made.chapters)}", soft_wrap=True)
    if made.files:
        console.print(f"files    {escape(printable(', '.join(made.files)))}", soft_wrap=True)
    console.print(f"folder   {made.folder}\nzip      {made.archive}", soft_wrap=True)
    if students:
        folder = made.folder.with_name(f"{made.folder.name}-personal")
        release_to(found, varying, students, folder)
        who = f"{len(students)} students, the first is {escape(students[0])}"
        console.print(f"personal {folder}: {', '.join(varying)} for {who}", soft_wrap=True)
