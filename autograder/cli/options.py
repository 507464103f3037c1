"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="The course folder; default: around the working one.")
]

GradebookOption = Annotated[
    str | None,
    typer.Option(
        "--gradebook",
        metavar="URL",
        help="Gradebook with scores given by hand: a path or database URL; default: RESULTS/gradebook, if it is there.",
    ),
]
