"""What a test cell has set up around the student's code, told to the process in which that code runs."""

from __future__ import annotations

import builtins
import functools
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import numpy as np

from autograder.kernel.serialization import Json
from autograder.kernel.surroundings import REPLACEABLE, random_states
from autograder.referee.logs import changed_levels, log_again, logger_setups
from autograder.referee.student_files import NO_FILES, StudentFiles


class Surroundings:
    """Notices what a test cell changes around itself, from the moment at which this is made.

    A seed that the test sets holds for the student's functions, too, as in a notebook. What they draw does not come
    back: the referee's own numbers are not a student's to choose. So a generator that the test seeds twice, or that a
    test before it has seeded, may be in the same state as before: see :meth:`seeds_noticed`.

    Args:
        files: that the test shares with the student's code.
        logs: whether it may capture what is logged.
    """

    def __init__(self, files: StudentFiles = NO_FILES, logs: bool = False) -> None:
        self._files, self._logs = files, logs
        self._streams = sys.stdout, sys.stderr, sys.stdin
        self._functions = {name: getattr(builtins, name) for name in REPLACEABLE}
        self._random, self._seeded = random_states(), set[str]()
        self._warns = _warns()
        self._loggers = logger_setups() if logs else {}

    def changes(self, what: Json) -> dict[str, Any]:
        """What is different now, or has been seeded since the last call; empty where nothing is.

        Args:
            what: the objects of the request with which it is told, encoded.
        """
        changed: dict[str, Any] = self._files.changes(what)
        if (sys.stdout, sys.stderr) != self._streams[:2]:
            changed["capture"] = True
        functions = {
            name: now for name, before in self._functions.items() if (now := getattr(builtins, name)) is not before
        }
        if sys.stdin is not self._streams[2]:
            functions.setdefault("input", builtins.input)
        if functions:
            changed["functions"] = functions
        if _warns() != self._warns:
            changed["warnings"] = True
        if self._logs and (levels := changed_levels(self._loggers)):
            changed["logs"] = levels
        now = random_states()
        seeded = {
            name: state
            for name, state in now.items()
            if name in self._seeded or not _same(state, self._random.get(name))
        }
        if seeded:
            changed["random"], self._random = seeded, now
        self._seeded.clear()
        return changed

    @contextmanager
    def seeds_noticed(self) -> Iterator[None]:
        """Within the block, a generator that is seeded is told with the next request, whatever its state was."""
        with ExitStack() as stack:
            for generator, module, name in _seeding():
                noticing = self._noticing(generator, getattr(module, name))
                stack.enter_context(mock.patch.object(module, name, noticing))
            yield

    def _noticing(self, generator: str, seed: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(seed)
        def noticing(*args: Any, **options: Any) -> Any:
            result = seed(*args, **options)
            self._seeded.add(generator)
            return result

        return noticing

    def show(self, noticed: Mapping[str, Any], files: Any = None) -> None:
        """Print, log, warn and write here what the student's code has printed, logged, warned of and written.

        Each only where the test captures it, or names the file. Where the test makes errors of warnings, it raises one.

        Args:
            noticed: what the student's kernel has sent with an answer.
            files: the contents of files that it has sent, decoded.
        """
        if files is not None:
            self._files.take(files)
        if self._logs:
            log_again(noticed.get("logged"))
        printed, warned = noticed.get("printed"), noticed.get("warned")
        if isinstance(printed, list):
            for text, stream, before in zip(printed, (sys.stdout, sys.stderr), self._streams[:2], strict=False):
                if isinstance(text, str) and stream is not before:
                    stream.write(text)
        if _warns() != self._warns and isinstance(warned, list):
            for entry in warned[:100]:
                _warn(entry)


def _seeding() -> Iterator[tuple[str, Any, str]]:
    """Where generators are seeded: the generator as :func:`random_states` calls it, the module, the function's name."""
    for name in ("seed", "setstate"):
        yield "python", random, name
    for name in ("seed", "set_state"):
        yield "numpy", np.random, name
    for module in (sys.modules.get("torch"), sys.modules.get("torch.random")):
        for name in ("manual_seed", "seed", "set_rng_state"):
            if hasattr(module, name):
                yield "torch", module, name


def _warns() -> tuple[Any, list[Any]]:
    """What Python does with a warning, which ``catch_warnings`` and filters replace."""
    return getattr(warnings, "_showwarnmsg_impl", None), [*warnings.filters]


def _warn(entry: Any) -> None:
    try:
        bases, text = entry
        known = (getattr(builtins, name, None) for name in bases if isinstance(name, str))
        category = next(k for k in known if isinstance(k, type) and issubclass(k, Warning))
        warnings.warn(str(text)[:1000], category, stacklevel=2)
    except (TypeError, ValueError, StopIteration):
        return


def _same(one: Any, other: Any) -> bool:
    """True for states that are equal, arrays included."""
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and np.array_equal(one, other)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
