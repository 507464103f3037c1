"""The commands that students have: ``validate`` and ``doctor``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.errors import AutograderError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Check, grade and render the notebooks of the workbook.",
)
console = Console(highlight=False)

_COLOURS = {"passed": "green", "manual": "cyan", "ok": "green", "missing": "red", "note": "yellow"}


def main() -> None:
    """Run a command; an :class:`AutograderError` is printed without a traceback and exits with status 2."""
    try:
        app()
    except AutograderError as error:
        Console(stderr=True, highlight=False).print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


def coloured(word: str) -> str:
    """A status word with its colour."""
    return f"[{_COLOURS.get(word, 'yellow')}]{word}[/]"


@app.command()
def validate(
    notebook: Annotated[Path, typer.Argument(help="The notebook you want to hand in.")],
    timeout: Annotated[float, typer.Option(help="Seconds that one cell may take.")] = 120.0,
) -> None:
    """Run a notebook in a fresh kernel and list its checks; exit with status 1 if one fails."""
    from autograder.kernel.limits import Limits
    from autograder.validation import validate_notebook

    outcome = validate_notebook(notebook, Limits(cell_seconds=timeout))
    for task in outcome.tasks:
        console.print(f"{coloured(task.status):22} {escape(task.grade_id)}")
        for line in (task.message, f"Likely cause: {task.hint}" if task.hint else ""):
            if line:
                console.print(f"       {escape(line)}", soft_wrap=True)
    for first_line, error in outcome.broken:
        console.print(f"{coloured('stopped'):22} the cell that begins with {escape(first_line)!r}")
        console.print(f"       {escape(error)}", soft_wrap=True)
    if outcome.fault:
        console.print(f"[red]The notebook did not run to its end:[/] {escape(outcome.fault)}.")
    tests = [task for task in outcome.tasks if task.status != "manual"]
    good = sum(task.status == "passed" for task in tests)
    console.print(f"{good} of {len(tests)} checks passed. Hidden cases are tried when you hand in.")
    raise typer.Exit(0 if outcome.passed else 1)


@app.command()
def doctor() -> None:
    """Show what this machine offers; exit with status 1 if something is missing."""
    from autograder.doctor import examine

    table = Table("", "", "", box=None, show_header=False)
    findings = list(examine())
    for finding in findings:
        table.add_row(escape(finding.topic), coloured(finding.state), escape(finding.detail))
    console.print(table)
    raise typer.Exit(1 if any(finding.state == "missing" for finding in findings) else 0)
