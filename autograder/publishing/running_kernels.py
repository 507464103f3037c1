"""The kernels that run the author's chapters, so that they can be ended together."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager

from autograder.kernel.cold import cold_manager

_AGAIN_SECONDS = 0.1


class RunningKernels:
    """Kernels of this process, each in a thread of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._managers: set[AsyncKernelManager] = set()

    @contextmanager
    def one(self) -> Iterator[AsyncKernelManager]:
        """A manager for one more kernel, which counts as running for the length of the block."""
        with tempfile.TemporaryDirectory(prefix="kernel-") as private:
            manager = cold_manager(Path(private))
            with self._lock:
                self._managers.add(manager)
            try:
                yield manager
            finally:
                with self._lock:
                    self._managers.discard(manager)

    def end_all(self, until: Callable[[], bool]) -> None:
        """End every kernel, and those that are just being started, until nothing runs any more."""
        while not until():
            with self._lock:
                managers = list(self._managers)
            for manager in managers:
                process = getattr(manager.provisioner, "process", None)
                if process is not None:
                    process.kill()
            time.sleep(_AGAIN_SECONDS)
