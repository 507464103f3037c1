"""The commands that students have: ``validate`` and ``doctor``."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.course import Course
from autograder.errors import AutograderError
from autograder.extras import missing_extras_named

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Release, check, grade and publish courses of notebooks.",
)
console = Console(highlight=False)

_COLOURS = {"passed": "green", "manual": "cyan", "ok": "green", "missing": "red", "note": "yellow"}
_WIDTH = len("not_reached")


def main() -> None:
    """Run a command; an :class:`AutograderError` is printed without a traceback and exits with status 2.

    So is the lack of a package that an extra brings.
    A command that is asked to terminate ends in order, with status 143: what it has started and put down goes with it.
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with missing_extras_named(sys.argv[1:]):
            app()
    except AutograderError as error:
        Console(stderr=True, highlight=False).print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


def _terminate(number: int, _: object) -> None:
    sys.exit(128 + number)


def coloured(word: str, width: int = 0) -> str:
    """A status word with its colour, filled up to ``width`` characters."""
    return f"[{_COLOURS.get(word, 'yellow')}]{word.ljust(width)}[/]"


@app.command()
def validate(
    notebook: Annotated[Path, typer.Argument(help="The notebook you want to hand in.")],
    timeout: Annotated[float, typer.Option(min=1.0, help="Seconds that one cell may take.")] = 120.0,
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
    console.print(f"{coloured(status, _WIDTH)} {escape(what)}", soft_wrap=True)
    for line in "\n".join(filter(None, lines)).splitlines():
        console.print(" " * _WIDTH, escape(line), soft_wrap=True)


@app.command()
def doctor() -> None:
    """Show what this machine offers; exit with status 1 if something is missing."""
    from autograder.doctor import examine

    table = Table("", "", "", box=None, show_header=False)
    findings = list(examine(Course.around(Path.cwd())))
    for finding in findings:
        table.add_row(escape(finding.topic), coloured(finding.state), escape(finding.detail))
    console.print(table)
    raise typer.Exit(1 if any(finding.state == "missing" for finding in findings) else 0)
