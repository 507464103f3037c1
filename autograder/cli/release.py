"""``autograder release``: the student bundle, and after the deadline the solutions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import app, console
from autograder.cli.check import require_sound
from autograder.cli.options import CourseOption
from autograder.cli.progress import lines_to
from autograder.course import Course
from autograder.durations import counted
from autograder.errors import CourseError
from autograder.printable import printable


@app.command()
def release(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters, by name or number; default: all.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; default: build/release/…")] = None,
    roster: Annotated[
        Path | None, typer.Option(help="CSV of students: also write notebooks whose numbers are a student's own.")
    ] = None,
    solutions: Annotated[
        bool, typer.Option("--solutions", help="Instead, notebooks with solutions, for the day after the deadline.")
    ] = False,
    github: Annotated[
        bool, typer.Option("--github", help="Add a GitHub Actions workflow that validates, for students' repositories.")
    ] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="Release although a check finds faults.")] = False,
    course: CourseOption = None,
) -> None:
    """Make the student bundle: notebooks without solutions or hidden tests, and the helper packages.

    Every chapter is checked first, as `autograder check` does it. With --solutions, the notebooks of the named chapters
    have solutions and model answers, and neither hidden tests nor mark schemes.
    """
    found = Course.find(course)
    if solutions and github:
        raise CourseError("--github does not go with --solutions: solutions are nothing that a student validates.")
    if solutions:
        _release_solutions(found, chapters or (), out, roster, anyway)
    else:
        _release_bundle(found, chapters or (), out, roster, anyway, github)


def _release_bundle(
    found: Course, chapters: Sequence[str], out: Path | None, roster: Path | None, anyway: bool, github: bool
) -> None:
    from autograder.publishing.personal_release import read_roster, release_to, varying_chapters
    from autograder.publishing.release import release as make_release

    students = read_roster(roster) if roster is not None else []
    varying = varying_chapters(found, chapters) if students else []
    require_sound(found, chapters, anyway, "released")
    made = make_release(found, chapters, out, lines_to(console), github)
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


def _release_solutions(
    found: Course, chapters: Sequence[str], out: Path | None, roster: Path | None, anyway: bool
) -> None:
    from autograder.publishing.solution_release import release_solutions

    if roster is not None:
        raise CourseError("--roster does not go with --solutions: a solution edition is the same for everyone.")
    if chapters:
        # Whoever names none is told so before anything runs.
        require_sound(found, chapters, anyway, "released")
    for made in release_solutions(found, chapters, out, lines_to(console)):
        console.print(f"wrote    {escape(str(made.notebook))}", soft_wrap=True)
        answers = f"{counted(made.exercises, 'solution')} and {counted(made.answers, 'model answer')}"
        console.print(
            f"         {answers}; left out: hidden tests of {counted(made.hidden, 'cell')}, "
            f"{counted(made.schemes, 'mark scheme')}",
            soft_wrap=True,
        )
        for what, names in (
            ("files", made.files),
            ("not written, since hidden tests name them", made.kept_back),
            ("without a model answer", made.unanswered),
        ):
            if names:
                console.print(f"         {what}: {escape(printable(', '.join(names)))}", soft_wrap=True)
        if made.personal:
            console.print(
                "         its numbers differ from student to student; the solutions use those of nobody", soft_wrap=True
            )
