"""What an object of a student's looks like, for a grader that has only its number."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from autograder.kernel.special_methods import of_type

_MOST_BASES, _MOST_PARAMETERS, _MAX_SOURCE = 20, 200, 200_000


def describe(value: Any, number: Callable[[Any], int]) -> list[Any]:
    """The name of its class, its own, whether it can be called, and more.

    Args:
        number: gives an object the number under which the grader may refer to it.
    """
    name = getattr(value, "__name__", None)
    about: dict[str, Any] = {"special": of_type(type(value)), "type": number(type(value)), "like": _bases(type(value))}
    if isinstance(value, type):
        about["bases"] = _bases(value)
        about["error"] = issubclass(value, BaseException)
    if inspect.iscoroutine(value):
        about["coroutine"] = True
    return [type(value).__name__, str(name) if isinstance(name, str) else None, callable(value), about]


def _bases(kind: type) -> list[str]:
    """The classes that a class derives from, itself first, as ``module:name``."""
    found = []
    for base in type.mro(kind)[:-1] if kind is not type else [type]:
        with suppress(Exception):
            found.append(f"{base.__module__}:{base.__qualname__}"[:200])
    return found[:_MOST_BASES]


def signature_of(function: Any) -> list[list[Any]]:
    """Each parameter: name, kind, default in a list of its own or none, annotation as text or none."""
    empty = inspect.Parameter.empty
    parameters = list(inspect.signature(function).parameters.values())[:_MOST_PARAMETERS]
    return [
        [p.name, int(p.kind), [] if p.default is empty else [p.default], _annotation(p.annotation, empty)]
        for p in parameters
    ]


def _annotation(annotation: Any, empty: Any) -> str | None:
    if annotation is empty:
        return None
    return annotation if isinstance(annotation, str) else str(getattr(annotation, "__name__", annotation))


def source_of(function: Any) -> str:
    """The source of a function or class."""
    return inspect.getsource(function)[:_MAX_SOURCE]


def run_to_end(awaitable: Any) -> Any:
    """What comes of an awaitable, in an event loop of its own: the kernel's is busy answering."""

    async def result() -> Any:
        return await awaitable

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(result())).result()
