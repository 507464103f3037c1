"""What a test cell has set up around the student's code, as it is in one process: captured output, input, seeds."""

from __future__ import annotations

import builtins
import contextlib
import io
import random
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograder.kernel.captured_logs import logs_kept
from autograder.kernel.shared_files import changed_since, write_content

# Built-in functions that a test may put others in the place of.
REPLACEABLE = ("input", "print")
MAX_CAPTURED, _MOST_WARNINGS = 1_000_000, 100


@contextlib.contextmanager
def surrounded(by: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Within the block, code runs in the surroundings that a test cell has made.

    Args:
        by: ``random`` (see :func:`random_states`), ``functions`` (what takes the place of built-in functions),
            ``capture`` and ``warnings`` (whether what is printed, or warned of, is wanted), ``logs`` (the levels of
            loggers of which it is wanted what they log), ``files`` (the digests of those that the test has) and ``put``
            (contents of files that the test has written or taken away).

    Yields:
        an empty dict; after the block it holds what is wanted: ``printed``, the texts on stdout and on stderr,
        ``warned``, of each warning the classes that it derives from and its text, ``logged``, see :func:`logs_kept`,
        and ``files``, contents of those that are not what the test has.
    """
    noticed: dict[str, Any] = {}
    out, err = io.StringIO(), io.StringIO()
    with contextlib.ExitStack() as stack:
        for name, content in by.get("put", {}).items():
            write_content(Path(name), content)
        if "files" in by:
            stack.callback(lambda: noticed.update(files=changed_since(by["files"])))
        for name, function in by.get("functions", {}).items():
            stack.callback(setattr, builtins, name, getattr(builtins, name))
            setattr(builtins, name, function)
        if "random" in by:
            set_random_states(by["random"])
        if by.get("capture"):
            stack.callback(lambda: noticed.update(printed=[part.getvalue()[:MAX_CAPTURED] for part in (out, err)]))
            stack.enter_context(contextlib.redirect_stdout(out))
            stack.enter_context(contextlib.redirect_stderr(err))
        if by.get("logs"):
            noticed["logged"] = stack.enter_context(logs_kept(by["logs"]))
        if by.get("warnings"):
            caught = stack.enter_context(warnings.catch_warnings(record=True))
            warnings.simplefilter("always")
            stack.callback(lambda: noticed.update(warned=[_described(w) for w in caught[:_MOST_WARNINGS]]))
        yield noticed


def _described(warning: warnings.WarningMessage) -> list[Any]:
    return [[kind.__name__ for kind in warning.category.__mro__[:10]], str(warning.message)[:1000]]


def random_states() -> dict[str, Any]:
    """The state of each generator that code reaches without having made it, as plain data."""
    version, numbers, gauss = random.getstate()
    kind, keys, position, has_gauss, cached = np.random.get_state()  # noqa: NPY002
    states: dict[str, Any] = {
        "python": [version, np.array(numbers, np.uint32), gauss],
        "numpy": [kind, keys, position, has_gauss, cached],
    }
    torch = sys.modules.get("torch")
    if torch is not None and hasattr(torch, "get_rng_state"):
        states["torch"] = torch.get_rng_state().numpy().copy()
    return states


def set_random_states(states: Mapping[str, Any]) -> None:
    """Put generators into states from :func:`random_states`."""
    if "python" in states:
        version, numbers, gauss = states["python"]
        random.setstate((version, tuple(numbers.tolist()), gauss))
    if "numpy" in states:
        np.random.set_state(tuple(states["numpy"]))  # noqa: NPY002
    if "torch" in states:
        import torch

        torch.set_rng_state(torch.from_numpy(states["torch"]))
