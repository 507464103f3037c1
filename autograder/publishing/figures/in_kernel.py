"""What a kernel imports that runs a chapter for the book: matplotlib's figures come as drawings, wide and narrow.

Matplotlib is imported no sooner than the chapter does it.
"""

from __future__ import annotations

from typing import Any


def install(shell: Any) -> None:
    """Let a shell of IPython show each figure of matplotlib as :func:`drawn` draws it, and in no other form."""
    shell.config.InlineBackend.figure_formats = set()
    shell.display_formatter.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", _bundle)


def _bundle(figure: Any, **_: Any) -> dict[str, Any]:
    from autograder.publishing.figures.drawing import drawn

    # An empty figure is not shown.
    return drawn(figure).bundle() if figure.axes or figure.lines else {}


def _install_here() -> None:
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is not None:
        install(shell)


_install_here()
