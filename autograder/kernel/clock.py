"""When a cell or a notebook has used up its time, on an idle machine as on a busy one."""

from __future__ import annotations

import time
from collections.abc import Callable

from autograder.kernel.limits import Limits
from autograder.kernel.processes import Activity

LOOK_SECONDS = 0.5
"""How long nobody looks at a cell."""
_WORKING = 0.1  # the share of a core beneath which a kernel that is not seen running counts as waiting
_NEAR = 0.5


class NotebookClock:
    """Adds up what the cells of one notebook take.

    Args:
        limits: of the notebook.
        ask: what its kernel has computed so far; None where that is not known, and wall time takes its place.
        now: a clock, in seconds.

    Attributes:
        near: True as soon as a cell or the notebook has used half of what it may use. The result may be another one on
            a machine with other processors.
        seconds: processor time that the notebook had used when somebody looked last.
    """

    def __init__(
        self, limits: Limits, ask: Callable[[], Activity | None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits, self._ask, self._now = limits, ask, now
        self._began = self._cell_began = self._looked = now()
        self.seconds = 0.0
        self._base: float | None = None
        self._waited = self._waited_in_all = self._starved = self._starved_in_all = 0.0
        self.near = False

    def begins(self) -> None:
        """A cell begins."""
        self._cell_began = self._looked = self._now()
        self._base = None
        self._waited = self._waited_in_all = self._starved = 0.0

    def used_up(self) -> str | None:
        """Why no further cell may begin, or None."""
        may = self._limits.notebook_seconds
        if self.seconds >= may * self._limits.threads:
            return f"the notebook's limit of {may:g} s of processor time was used up"
        if self._too_long(self._now() - self._began, self._starved_in_all, may):
            return f"the notebook took more than {may * self._limits.backstop:g} s"
        return None

    def due(self) -> float:
        """Seconds until somebody should look at the cell again."""
        return max(0.0, self._looked + LOOK_SECONDS - self._now())

    def look(self, waiting: bool = True) -> str | None:
        """Why the cell has to end now, or None.

        Args:
            waiting: False where since the last look the kernel may have had nothing to do, as while a check computes.
        """
        now, activity = self._now(), self._ask()
        if activity is None:
            activity = Activity(now - self._began, running=True)
        passed, used = now - self._looked, activity.seconds - self.seconds
        if self._base is None:
            # What cells before it have used since somebody last looked is not this cell's.
            self._base = activity.seconds - min(used, now - self._cell_began)
        self._looked, self.seconds = now, activity.seconds
        if waiting and not activity.running and used < _WORKING * passed:
            self._waited += passed
            self._waited_in_all += passed
        else:
            self._waited = 0.0
        if activity.ready:
            # What it would have computed if others had left it a core: a busy machine must not change a verdict.
            without_a_core = max(0.0, passed - used)
            self._starved += without_a_core
            self._starved_in_all += without_a_core
        return self._verdict(activity.seconds - self._base, now - self._cell_began)

    def _verdict(self, used: float, passed: float) -> str | None:
        limits = self._limits
        longest = min(limits.waiting_seconds, limits.cell_seconds)
        for value, limit, text in (
            (used, limits.cell_seconds * limits.threads, f"used {limits.cell_seconds:g} s of processor time"),
            (self._waited, longest, f"waited for {longest:g} s and computed nothing"),
            (self._waited_in_all, limits.cell_seconds, f"waited for {limits.cell_seconds:g} s in all"),
        ):
            self.near = self.near or value >= _NEAR * limit
            if value >= limit:
                return text
        self.near = self.near or self.seconds >= _NEAR * limits.notebook_seconds * limits.threads
        if self._too_long(passed, self._starved, limits.cell_seconds):
            return f"took {limits.cell_seconds * limits.backstop:g} s"
        return self.used_up()

    def _too_long(self, passed: float, starved: float, may: float) -> bool:
        """Whether wall time ends what may compute for so many seconds; no machine is so busy that it never does."""
        backstop = self._limits.backstop
        return passed - starved >= may * backstop or passed >= may * backstop**2
