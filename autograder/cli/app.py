"""What all commands share: the application, its console, and how a command ends."""

from __future__ import annotations

import signal
import sys
import traceback
from types import TracebackType
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from autograder.errors import AutograderError
from autograder.extras import missing_extras_named
from autograder.printable import printable

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Release, check, grade and publish courses of notebooks.",
)


class Terminal(Console):
    """What commands print to. Text goes through :func:`printable`; what must stay in one line does so before.

    Takes what :class:`rich.console.Console` takes.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, **options)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as a rich console does, without characters that could act on a terminal."""
        super().print(*(printable(o, lines=True) if isinstance(o, str) else o for o in objects), **options)


console = Terminal()

_COLOURS = {"passed": "green", "manual": "cyan", "ok": "green", "missing": "red", "note": "yellow"}


def main() -> None:
    """Run a command; an :class:`AutograderError` is printed without a traceback and exits with status 2.

    So is the lack of a package that an extra brings.
    A command that is asked to terminate ends in order, with status 143: what it has started and put down goes with it.
    """
    signal.signal(signal.SIGTERM, _terminate)
    sys.excepthook = _print_unexpected
    try:
        with missing_extras_named(sys.argv[1:]):
            app()
    except AutograderError as error:
        Terminal(stderr=True).print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(2)


def _print_unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    # A fault of the program's own. Its text may quote a student's.
    sys.stderr.write(printable("".join(traceback.format_exception(kind, error, trace)), lines=True))


def _terminate(number: int, _: object) -> None:
    sys.exit(128 + number)


def coloured(word: str, width: int = 0) -> str:
    """A status word with its colour, filled up to ``width`` characters."""
    return f"[{_COLOURS.get(word, 'yellow')}]{word.ljust(width)}[/]"
