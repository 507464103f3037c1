"""Where the processes that this package starts look for modules."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SAFE_PATH = "PYTHONSAFEPATH"
_CHECKOUT = str(Path(__file__).resolve().parents[1])


def checkout_on_path() -> str:
    """The folder that holds this package where ``PYTHONPATH`` alone tells it, as in a checkout, else an empty text."""
    return _CHECKOUT if _CHECKOUT in os.environ.get("PYTHONPATH", "").split(os.pathsep) else ""


@contextmanager
def without_working_folder() -> Iterator[None]:
    """Let Python processes that are started in this block find no modules in the working folder.

    A file there may be called ``numpy.py``. For commands of our own, ``python -P`` does the same; the processes that
    ``multiprocessing`` starts can be told by the environment alone.
    """
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        del os.environ[SAFE_PATH]
        if before is not None:
            os.environ[SAFE_PATH] = before
