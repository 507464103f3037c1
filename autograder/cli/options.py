"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def _folder(results: Path) -> Path:
    return results.parent if results.name == "results.json" and results.is_file() else results


ResultsArgument = Annotated[
    Path, typer.Argument(help="The folder that `autograder grade` wrote, or results.json in it.", callback=_folder)
]

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="The course folder; default: around the working one.")
]

LateOption = Annotated[
    str,
    typer.Option(
        metavar="POLICY", help="none, cutoff or per-day:FRACTION[:MAXIMUM] of the points earned; :grace=15min."
    ),
]

DueOption = Annotated[Path | None, typer.Option(metavar="CSV", help="Columns assignment, due; for extensions student.")]

TimesOption = Annotated[
    list[Path] | None,
    typer.Option(metavar="CSV", help="Columns student, assignment, submitted; or Moodle's worksheet. Repeatable."),
]

SubmittedOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The graded folder, for nbgrader's timestamp.txt files.")
]

GradebookOption = Annotated[
    str | None,
    typer.Option(
        "--gradebook",
        metavar="URL",
        help="Gradebook with scores given by hand: a path or database URL; default: RESULTS/gradebook, if it is there.",
    ),
]

RosterOption = Annotated[
    Path | None, typer.Option(metavar="CSV", help="What the learning platform exported, with names and IDs.")
]
