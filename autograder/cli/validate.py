"""``autograder validate``: what a student runs before handing in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from autograder.cli.app import app, coloured, console
from autograder.printable import printable
from autograder.results import TaskResult

if TYPE_CHECKING:
    from autograder.validation import BrokenCell, Validation

_WIDTH = len("not_reached")
_NAME_WIDTH = 32


@app.command()
def validate(
    notebook: Annotated[Path, typer.Argument(help="The notebook you want to hand in.")],
    timeout: Annotated[float, typer.Option(min=1.0, help="Seconds that one cell may compute.")] = 120.0,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out experiments that no check needs.")] = False,
) -> None:
    """Run a notebook in a fresh kernel and list its checks; exit with status 1 if one fails."""
    from autograder.kernel.limits import Limits
    from autograder.validation import validate_notebook

    outcome = validate_notebook(notebook, Limits(cell_seconds=timeout), quick=quick, tell=_tell)
    for grade_id in outcome.missing:
        _say("missing", grade_id, "This cell was handed out and is gone. Copy it from a fresh copy of the notebook.")
    for grade_id in outcome.changed:
        _say("changed", grade_id, "This cell was edited. The grader uses the original, so only that counts.")
    if outcome.fault:
        console.print(f"[red]The notebook did not run to its end:[/] {escape(outcome.fault)}.")
    hidden = "hidden cases included" if outcome.hidden else "hidden cases are tried when you hand in"
    tests = [task for task in outcome.tasks if task.status != "manual"]
    good = sum(task.status == "passed" for task in tests)
    console.print(f"{good} of {len(tests)} checks passed; {hidden}. {standing(outcome)}.", soft_wrap=True)
    raise typer.Exit(0 if outcome.passed else 1)


def standing(outcome: Validation) -> str:
    """Where a student is: "68 of 84 by the visible cases, 16 for answers in words; 3 checks missing"."""
    points = [f"{outcome.earned:g} of {outcome.possible:g} points by the visible cases"]
    points += [f"{outcome.in_words:g} for answers in words"] if outcome.in_words else []
    checks, others = outcome.gone.count, len(outcome.missing) - outcome.gone.count
    amiss = [f"{checks} {'check' if checks == 1 else 'checks'} missing"] if checks else []
    amiss += [f"{others} other {'cell' if others == 1 else 'cells'} missing"] if others else []
    amiss += [f"{len(outcome.changed)} changed and not counted"] if outcome.changed else []
    return "; ".join(filter(None, (", ".join(points), ", ".join(amiss))))


def _tell(found: TaskResult | BrokenCell) -> None:
    if not isinstance(found, TaskResult):
        _say("stopped", f"the cell that begins with {found.first_line!r}", found.error)
        return
    worth = (
        f"{found.points:g} of {found.max_points:g}" if found.status != "manual" else f"{found.max_points:g} in words"
    )
    name = found.grade_id.ljust(_NAME_WIDTH)
    _say(found.status, f"{name} {worth}", found.message, f"Likely cause: {found.hint}" if found.hint else "")


def _say(status: str, what: str, *lines: str) -> None:
    console.print(f"{coloured(status, _WIDTH)} {escape(printable(what))}", soft_wrap=True)
    for line in "\n".join(filter(None, lines)).splitlines():
        console.print(" " * _WIDTH, escape(line), soft_wrap=True)
