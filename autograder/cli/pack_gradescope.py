"""``autograder pack-gradescope``: a chapter as Gradescope's custom autograder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import app, console
from autograder.cli.check import require_sound
from autograder.cli.options import CourseOption
from autograder.cli.progress import lines_to
from autograder.course import Course
from autograder.printable import printable


@app.command()
def pack_gradescope(
    chapter: Annotated[str, typer.Argument(help="The chapter, by name or number.")],
    out: Annotated[Path | None, typer.Option(help="Zip to write; default: build/gradescope/CHAPTER.zip")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Pack although a check finds faults.")] = False,
    course: CourseOption = None,
) -> None:
    """Pack a chapter as the zip that a programming assignment of Gradescope takes as its autograder.

    It holds the solutions and hidden tests, so it is for Gradescope alone. The chapter is checked first, as
    `autograder check` does it.
    """
    from autograder.publishing.gradescope_pack import pack_gradescope as make_pack

    found = Course.find(course)
    name = found.chapter(chapter).name
    require_sound(found, [name], anyway, "packed")
    made = make_pack(found, name, out or found.build / "gradescope" / f"{name}.zip", lines_to(console))
    console.print(f"packed   {made.chapter}: {escape(printable(', '.join(made.files)))}", soft_wrap=True)
    console.print(f"zip      {made.archive}", soft_wrap=True)
