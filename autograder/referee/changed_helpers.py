"""Whether the helper modules that tests use in a student's kernel are still those that were shipped."""

from __future__ import annotations

import functools
from collections.abc import Callable

from autograder.testing.module_digest import module_digest

_shipped = functools.cache(module_digest)


class HelperModules:
    """The helper modules that tests use in one student's kernel.

    The kernel says itself what its modules are, and hostile code could have it say anything. What is found is worth a
    look; no verdict rests on it.

    Attributes:
        changed: the names of those that were not what was shipped when a test used them.
    """

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self._seen: set[str] = set()

    def begin_test(self) -> None:
        """Look at every module once more: cells of the student's have run."""
        self._seen.clear()

    def look_at(self, name: str, digest_there: Callable[[str], object]) -> None:
        """Compare a module with the one in this process, once a test; ``digest_there`` asks the kernel."""
        if name not in self._seen:
            self._seen.add(name)
            there = digest_there(name)
            # Anything but text could compare as it likes.
            if type(there) is not str or there != _shipped(name):
                self.changed.add(name)
