"""There is one kernel: a process that a student forked, and that comes back as if it were the kernel, ends.

Both would answer the same requests, and which of the two is heard would depend on how busy the machine is.
"""

from __future__ import annotations

import os

# As they are before a student changes them.
_exit, _getpid = os._exit, os.getpid


class KernelProcess:
    """The process in which this is made, to be told from those that are forked from it."""

    def __init__(self) -> None:
        self._process = _getpid()

    def is_this_one(self) -> bool:
        """True in the kernel; False in a process that was forked from it."""
        return _getpid() == self._process

    def leave_unless_this_one(self, *_: object) -> None:
        """Return in the kernel; end any other process, at once and without another word."""
        if not self.is_this_one():
            _exit(0)
