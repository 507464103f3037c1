"""Where a student's objects live: in this process, or in another one that a grader is connected to.

In a notebook there is no connection, and every function runs where it is called. A grader that keeps checks and
expected values away from a student's code connects first; then the functions of
:mod:`autograder.testing.student_side` run in the student's process, and only plain data comes back.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, Protocol, TypeVar, cast

_P = ParamSpec("_P")
_R = TypeVar("_R")


class StudentProcess(Protocol):
    """The other process, as a grader offers it."""

    def owns(self, value: Any) -> bool:
        """True for a stand-in of an object that lives there."""
        ...

    def beside(self, function: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call a function of the helper package there, ``module:name``."""
        ...

    def library(self, name: str) -> Any:
        """A library of that process."""
        ...


_CURRENT: ContextVar[StudentProcess | None] = ContextVar("student_process", default=None)


@contextmanager
def connected(process: StudentProcess) -> Iterator[None]:
    """Within the block, this thread's ``student_side`` is the other process's."""
    token = _CURRENT.set(process)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> StudentProcess | None:
    """The process that this thread is connected to, or None in a notebook."""
    return _CURRENT.get()


def beside_student(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a function run where the student's objects are.

    A call whose first argument is a function of the grader's own stays in this process.
    """

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        process = _CURRENT.get()
        if process is None or (args and callable(args[0]) and not process.owns(args[0])):
            return function(*args, **kwargs)
        return cast(_R, process.beside(f"{function.__module__}:{function.__qualname__}", args, kwargs))

    return call
