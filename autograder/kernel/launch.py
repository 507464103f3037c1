"""Become a kernel: ``python -P -m autograder.kernel.launch -f CONNECTION_FILE [--referee-socket=NUMBER]``.

``NUMBER`` is that of an inherited socket over which the grader's requests come.
"""

from __future__ import annotations

import importlib
import os
import socket
import sys
import traceback
from collections.abc import Sequence

from autograder.kernel.course_code import STARTUP
from autograder.kernel.exits import exits_end_the_cell_only, go_on
from autograder.kernel.shell_commands import commands_need_no_terminal

REFEREE_SOCKET = "--referee-socket="


def become_kernel(arguments: Sequence[str], referee_socket: socket.socket | None = None) -> None:
    """Turn this process into an ipykernel. It serves until whoever has started it ends it.

    Args:
        arguments: of ipykernel.
        referee_socket: where the grader's requests come from, if it has any.
    """
    from ipykernel.kernelapp import IPKernelApp

    class Application(IPKernelApp):
        def log_connection_info(self) -> None:
            """Say nothing: nobody is to connect but the grader."""

    app = Application.instance()
    app.initialize(list(arguments))  # type: ignore[no-untyped-call]
    if referee_socket is not None:
        from autograder.kernel.service import install

        install(app.kernel, referee_socket)
    if "matplotlib_inline.backend_inline" in sys.modules:
        # Imported before there was a shell, it has not connected itself: figures would not be shown.
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib("module://matplotlib_inline.backend_inline")  # type: ignore[no-untyped-call]
        configure_inline_support(app.shell, "inline")  # type: ignore[no-untyped-call]
    exits_end_the_cell_only(app.shell)
    commands_need_no_terminal(app.shell)
    import_startup()
    go_on(app.start, lambda: app.kernel.io_loop)


def import_startup() -> None:
    """Import what the course wants in every kernel; what goes wrong there is told and ends nothing."""
    for name in filter(None, os.environ.get(STARTUP, "").split(",")):
        try:
            importlib.import_module(name)
        except Exception:
            traceback.print_exc()


if __name__ == "__main__":
    # As in ipykernel's own launcher, the notebook's folder is found first; until here only installed modules were.
    sys.path.insert(0, "")
    numbers = [
        int(argument.removeprefix(REFEREE_SOCKET)) for argument in sys.argv if argument.startswith(REFEREE_SOCKET)
    ]
    become_kernel(
        [argument for argument in sys.argv[1:] if not argument.startswith(REFEREE_SOCKET)],
        socket.socket(fileno=numbers[0]) if numbers else None,
    )
