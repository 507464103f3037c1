"""Become a kernel that answers the grader's requests: ``python -m autograder.kernel.launch -f CONNECTION_FILE``."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def become_kernel(arguments: Sequence[str]) -> None:
    """Turn this process into an ipykernel; returns when it is shut down."""
    from ipykernel.kernelapp import IPKernelApp

    from autograder.kernel.agent import install

    class Application(IPKernelApp):
        def log_connection_info(self) -> None:
            """Say nothing: nobody is to connect but the grader."""

    app = Application.instance()
    app.initialize(list(arguments))  # type: ignore[no-untyped-call]
    install(app.kernel)
    if "matplotlib_inline.backend_inline" in sys.modules:
        # Imported before there was a shell, it has not connected itself: figures would not be shown.
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib("module://matplotlib_inline.backend_inline")  # type: ignore[no-untyped-call]
        configure_inline_support(app.shell, "inline")  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    # As ipykernel's own launcher does it: the notebook's folder is found first, not this package's.
    sys.path[0] = ""
    become_kernel(sys.argv[1:])
