"""``autograder doctor``: what this machine offers."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from autograder.cli.app import app, coloured, console


@app.command()
def doctor() -> None:
    """Show what this machine offers; exit with status 1 if something is missing."""
    from autograder.course import Course
    from autograder.doctor import examine

    table = Table("", "", "", box=None, show_header=False)
    findings = list(examine(Course.around(Path.cwd())))
    for finding in findings:
        table.add_row(escape(finding.topic), coloured(finding.state), escape(finding.detail))
    console.print(table)
    raise typer.Exit(1 if any(finding.state == "missing" for finding in findings) else 0)
