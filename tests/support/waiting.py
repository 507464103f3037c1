"""Wait for what another process does: as long as a slow machine needs, and no longer than it takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_PATIENCE_SECONDS = 120.0


def until(found: Callable[[], T | None], seconds: float = _PATIENCE_SECONDS) -> T:
    """What ``found`` returns once it is something.

    Raises:
        TimeoutError: if it is nothing for too long.
    """
    deadline = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came of it in {seconds:g} s")
        time.sleep(0.05)
    return result
