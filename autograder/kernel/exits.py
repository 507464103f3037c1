"""What ``exit()`` and its relatives do in a kernel that grades: they end their cell, and nothing else.

ipykernel ends a tenth of a second later, somewhere in one of the next cells. Where depends on how busy the machine is,
and so would the score.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn


def exits_end_the_cell_only(shell: Any) -> None:
    """Make ``exit``, ``quit`` and IPython's own request to exit do what ``sys.exit()`` does.

    Args:
        shell: ipykernel's.
    """
    shell.ask_exit = _leave_the_cell
    # Whoever sets this flag without asking does not end the kernel, either.
    shell.unobserve_all("exit_now")


def go_on(start: Callable[[], object], loop: Callable[[], Any]) -> None:
    """Start a kernel, and go on with its event loop when that is stopped, or left by an exception.

    Args:
        start: begins; returns when the event loop has stopped.
        loop: tornado's event loop; asked for once it has begun.
    """
    with suppress(SystemExit, KeyboardInterrupt):
        start()
    while not loop().asyncio_loop.is_closed():
        with suppress(SystemExit, KeyboardInterrupt):
            loop().start()


def _leave_the_cell(*_: object, **__: object) -> NoReturn:
    raise SystemExit
