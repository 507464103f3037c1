"""A zygote of this process's own, for a worker that shares no machine with the one that runs the batch."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache
from typing import TypeVar

from autograder.errors import KernelError
from autograder.kernel.confinement import Confinement
from autograder.kernel.course_code import CourseCode
from autograder.kernel.isolation import Isolation
from autograder.kernel.limits import Limits
from autograder.kernel.zygote_client import Address, zygote_where_possible

T = TypeVar("T")


class WorkerZygote:
    """Starts a zygote when it is first needed, and keeps it for as long as the same is asked of it.

    The zygote is a fresh Python process that only imports. It is never forked from this one, whose arithmetic
    libraries have started threads. It ends with this process, however that ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept = ExitStack()
        self._made_for: tuple[Confinement, int, CourseCode] | None = None
        self._address: Address | None = None

    def use(self, isolation: Isolation, limits: Limits, code: CourseCode, work: Callable[[Address | None], T]) -> T:
        """What ``work`` returns, given the zygote's address, or None on systems where forking is unsafe.

        It is called a second time where the zygote turns out to be gone. One call runs at a time: the referee, which
        works in this process, is made for one submission at a time.

        Raises:
            KernelError: if no zygote comes up, or the second call does not get on with it either.
        """
        with self._lock:
            try:
                return work(self._started(isolation, limits, code))
            except KernelError:
                self.close()
                return work(self._started(isolation, limits, code))

    def close(self) -> None:
        """End the zygote; the next use starts another."""
        self._made_for, self._address = None, None
        self._kept.close()

    def _started(self, isolation: Isolation, limits: Limits, code: CourseCode) -> Address | None:
        wanted = Confinement.of(isolation, limits), limits.threads, code
        if self._made_for != wanted:
            self.close()
            self._address = self._kept.enter_context(zygote_where_possible(limits, isolation, code=code))
            self._made_for = wanted
        return self._address


@cache
def worker_zygote() -> WorkerZygote:
    """The one of this process."""
    kept = WorkerZygote()
    atexit.register(kept.close)
    return kept
