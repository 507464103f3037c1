"""Work in a thread that another thread can interrupt."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Interruptible(Generic[T]):
    """Work that is to be run once, in a thread of the caller's choice.

    Args:
        work: what to do.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._thread: int | None = None
        self._lock = threading.Lock()

    def run(self) -> T:
        """Do the work in this thread."""
        self._thread = threading.get_ident()
        try:
            return self._work()
        finally:
            # From here on the thread may do other work, which is not to be interrupted.
            with self._lock:
                self._thread = None

    def processor_seconds(self) -> float:
        """What the working thread has computed so far, in seconds; 0 before and after the work.

        Where the system does not tell a thread's processor time, it is that of this process.
        """
        with self._lock:
            if self._thread is None:
                return 0.0
            if not hasattr(time, "pthread_getcpuclockid"):
                return time.process_time()
            return time.clock_gettime(time.pthread_getcpuclockid(self._thread))

    def interrupt(self, error: type[Exception]) -> None:
        """Raise ``error`` in the working thread before its next bytecode; a long call into C ends first."""
        with self._lock:
            if self._thread is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(error))
