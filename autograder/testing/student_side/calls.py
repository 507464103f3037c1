"""Call a student's function next to it, and note what it does besides returning a value."""

from __future__ import annotations

import builtins
import copy
import difflib
import inspect
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import FrameType
from typing import Any

import numpy as np

from autograder.testing.connection import beside_student


@beside_student
def recorded_call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, list[str], list[str]]:
    """Call a function and note what it does besides returning a value.

    Returns:
        the function's value, each warning as ``"Category: text"``, and the arguments that it has written into, by name.

    Raises:
        Exception: what the function raises, with a note that quotes the line of notebook code it comes from.
    """
    return _recorded(function, args, kwargs)


@beside_student
def call_for_warnings(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, list[str], list[str]]:
    """As :func:`recorded_call`, for a caller to whom the warnings matter: a grader sees which tests rest on them."""
    return _recorded(function, args, kwargs)


def _recorded(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, list[str], list[str]]:
    before = [copy.deepcopy(value) if is_plain(value) else None for value in (*args, *kwargs.values())]
    with (
        warnings.catch_warnings(record=True) as caught,
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("always")
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            # What cannot take a note, or hides where it comes from, is told without one.
            with suppress(Exception):
                for note in _origin(error):
                    error.add_note(note)
            raise
    texts = [f"{entry.category.__name__}: {entry.message}" for entry in caught]
    changed = [at for at, new in enumerate((*args, *kwargs.values())) if not _same(before[at], new)]
    names = _parameter_names(function, len(args), kwargs) if changed else []
    written = [names[at] for at in changed]
    return value, texts, written


def is_plain(value: Any) -> bool:
    """True for an array, and for a list, tuple or dict of arrays."""
    if type(value) in (list, tuple):
        return all(map(is_plain, value))
    if type(value) is dict:
        return all(map(is_plain, value.values()))
    return type(value) is np.ndarray and value.dtype.kind in "biufc"


def _same(old: Any, new: Any) -> bool:
    """True where plain data still holds what it held; what is not plain was not kept."""
    if old is None:
        return True
    if type(old) is np.ndarray:
        return type(new) is np.ndarray and np.array_equal(old, new, equal_nan=True)
    if type(old) is dict:
        return type(new) is dict and old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    return type(old) is type(new) and len(old) == len(new) and all(map(_same, old, new))


def _parameter_names(function: Callable[..., Any], count: int, kwargs: dict[str, Any]) -> list[str]:
    try:
        known = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        known = []
    return [*(known[i] if i < len(known) else f"argument {i + 1}" for i in range(count)), *kwargs]


def _origin(error: BaseException) -> list[str]:
    """The last line of notebook code on the way to an error, quoted, and a name that may have been meant in it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_cell(f.filename)]
    if not frames:
        return []
    last = frames[-1]
    return [f"in {last.name}, line {last.lineno} of its cell: {last.line}", *_meant(error)]


def _meant(error: BaseException) -> list[str]:
    """``did you mean …?`` where a name that is not there resembles one that is."""
    if isinstance(error, NameError):
        frame = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1]
        known: Iterable[str] = {*frame.f_locals, *frame.f_globals, *dir(builtins)}
    elif isinstance(error, AttributeError) and error.name is not None:
        known = dir(error.obj)
    else:
        return []
    found = difflib.get_close_matches(str(error.name), [name for name in known if not name.startswith("_")], n=1)
    return [f"did you mean {found[0]}?" for _ in found[:1]]


@beside_student
def count_lines(function: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Count the lines of notebook code that one call executes, loops and comprehensions included.

    The count of a function without Python loops does not depend on the size of its arguments.
    """
    count = 0
    home = function.__code__.co_filename if hasattr(function, "__code__") else None

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if home is not None and frame.f_code.co_filename != home and not is_cell(frame.f_code.co_filename):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*args, **kwargs)
    finally:
        sys.settrace(before)
    return count


def is_cell(filename: str) -> bool:
    """True for the name under which a cell of a notebook is compiled."""
    return "ipykernel_" in filename or filename.startswith("<ipython-input")


@beside_student
def names_in(function: Any) -> list[str]:
    """The global names and attributes that a function's own code refers to; none for anything else."""
    return list(getattr(getattr(function, "__code__", None), "co_names", ()))


@beside_student
def arguments_after(function: Callable[..., Any], *args: Any) -> list[Any]:
    """Call a function and return its arguments as they are afterwards: arrays may have been written into."""
    function(*args)
    return list(args)
