"""What a worker process may take: it works with values that a student's kernel has sent.

On Linux only. Elsewhere no call sets such limits for a process, and a worker may take what the machine has.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY_BYTES = 4_000_000_000
"""What a worker may add to the address space that it starts with; beyond that, Python raises ``MemoryError``."""


def can_limit() -> bool:
    """True where workers can be limited."""
    return sys.platform == "linux"


def limit_memory(more: int = MEMORY_BYTES) -> None:
    """Limit this process to the address space that it has now, and so many bytes more."""
    if sys.platform == "linux":
        import resource

        now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _lower(resource.RLIMIT_AS, now + more)


def limit_processor_time(more: float) -> None:
    """End this process when all its threads together have computed for so many seconds more.

    The system does it, also in the middle of a call into C that nothing else can interrupt.
    """
    if sys.platform == "linux":
        import resource

        _lower(resource.RLIMIT_CPU, int(time.process_time() + more) + 1)


@contextmanager
def limited(more: int = MEMORY_BYTES) -> Iterator[None]:
    """For the length of the block, limit this process as a worker is; after it, the limits are those of before.

    For a process that does other work, too, and was not started by a grader.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    before = {kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)}
    limit_memory(more)
    try:
        yield
    finally:
        for kind, both in before.items():
            resource.setrlimit(kind, both)


def _lower(kind: int, value: int) -> None:
    """Set the soft limit, which may go up again, within what is allowed."""
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
