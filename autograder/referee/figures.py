"""The current figure of a notebook, which is that of the student's kernel."""

from __future__ import annotations

import ast
import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from unittest import mock

from autograder.notebook.magics import python_source_or_none
from autograder.testing.connection import current

if TYPE_CHECKING:
    from autograder.referee.connection import Connection

_PYPLOT = "matplotlib.pyplot"
_ASKING = frozenset({"gca", "gcf", "get_fignums", "get_figlabels", "fignum_exists"})
# What else makes, changes or closes the current figure. All other functions of pyplot go through one of these.
_CHANGING = frozenset(
    {"figure", "axes", "subplot", "subplots", "subplot_mosaic", "sca", "delaxes", "clf", "cla", "close"}
)


@functools.lru_cache(maxsize=1024)
def asks_for_figures(source: str) -> bool:
    """True for a test cell that asks pyplot for the current figure, which the student's code may have drawn."""
    text = python_source_or_none(source)
    if text is None:
        return False
    names = ast.walk(ast.parse(text))
    return any(getattr(node, "attr", getattr(node, "id", None)) in _ASKING for node in names)


@contextlib.contextmanager
def figures_of(connection: Connection, source: str) -> Iterator[None]:
    """Within the block, pyplot's current figure is that of the student's kernel, if the test asks for one.

    A notebook has one current figure for the student's functions and for the test, so both draw there.
    """
    if not asks_for_figures(source):
        yield
        return
    try:
        from matplotlib import pyplot
    except ImportError:
        yield
        return
    connection.words.add("the current figure")
    functions = {name: _of_kernel(getattr(pyplot, name)) for name in _ASKING | _CHANGING}
    with mock.patch.dict(vars(pyplot), functions):
        yield


def _of_kernel(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of pyplot as the student's kernel has it, for a thread that is connected to one."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        process = current()
        if process is None:
            return function(*args, **kwargs)
        return getattr(process.library(_PYPLOT), function.__name__)(*args, **kwargs)

    return call
