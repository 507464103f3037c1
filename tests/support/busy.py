"""Loops that keep the cores busy, for what has to hold on a busy machine as well."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def busy_loops(count: int) -> Iterator[None]:
    """Run so many endless loops, each in a process of its own, for the length of the block.

    Killed from outside, this process cannot end them: they look for it themselves.
    """
    source = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(1_000_000))"
    loops = [subprocess.Popen([sys.executable, "-c", source]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
