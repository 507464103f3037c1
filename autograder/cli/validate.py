"""``autograder validate``: what a student runs before handing in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from autograder.cli.app import app, coloured, console
from autograder.printable import printable

_WIDTH = len("not_reached")


@app.command()
def validate(
    notebook: Annotated[Path, typer.Argument(help="The notebook you want to hand in.")],
    timeout: Annotated[float, typer.Option(min=1.0, help="Seconds that one cell may compute.")] = 120.0,
) -> None:
    """Run a notebook in a fresh kernel and list its checks; exit with status 1 if one fails."""
    from autograder.kernel.limits import Limits
    from autograder.validation import validate_notebook

    outcome = validate_notebook(notebook, Limits(cell_seconds=timeout))
    # What stopped comes first: checks further down fail for it.
    for first_line, error in outcome.broken:
        _say("stopped", f"the cell that begins with {first_line!r}", error)
    for task in outcome.tasks:
        _say(task.status, task.grade_id, task.message, f"Likely cause: {task.hint}" if task.hint else "")
    for grade_id in outcome.missing:
        _say("missing", grade_id, "This cell was handed out and is gone. Copy it from a fresh copy of the notebook.")
    for grade_id in outcome.changed:
        _say("changed", grade_id, "This cell was edited. The grader uses the original, so only that counts.")
    if outcome.fault:
        console.print(f"[red]The notebook did not run to its end:[/] {escape(outcome.fault)}.")
    tests = [task for task in outcome.tasks if task.status != "manual"]
    good = sum(task.status == "passed" for task in tests)
    hidden = "hidden cases included" if outcome.hidden else "hidden cases are tried when you hand in"
    console.print(f"{good} of {len(tests)} checks passed; {hidden}.")
    raise typer.Exit(0 if outcome.passed else 1)


def _say(status: str, what: str, *lines: str) -> None:
    console.print(f"{coloured(status, _WIDTH)} {escape(printable(what))}", soft_wrap=True)
    for line in "\n".join(filter(None, lines)).splitlines():
        console.print(" " * _WIDTH, escape(line), soft_wrap=True)
