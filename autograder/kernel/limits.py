"""How much a notebook may use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

# Tells the code in a kernel that no person is there: no progress bars, no downloads.
HEADLESS = "AUTOGRADER_HEADLESS"
# A kernel's status when it was ended because it held too much: no signal has this number.
TOOK_TOO_MUCH = -127
# Wall time for a notebook of the author's own. It ends what hangs, so it is far above what any takes on a busy machine.
AUTHOR_SECONDS = 3600.0


@dataclass(frozen=True)
class Limits:
    """How much a notebook may use.

    Attributes:
        cell_seconds: processor time of one cell, for each thread that it may have; it is interrupted then, and the
            next cell runs. All threads count, and all processes that the notebook has started. Where the system does
            not tell processor time (it is not Linux), wall time takes its place.
        notebook_seconds: the same for all cells together; the rest is not reached.
        waiting_seconds: wall time for which a cell may compute nothing, as when it sleeps. In pieces it may be as much
            as ``cell_seconds``.
        backstop: a cell, and a notebook, may take so many times its limit in wall time. It ends what computes a little
            now and then. Time in which the kernel was ready to compute and got no core does not count, unless all of it
            is ``backstop`` times as long again.
        output_bytes: text kept for each cell; the rest is cut and a line says so. Figures have limits of their own.
        threads: threads for NumPy's and PyTorch's arithmetic.
        memory_bytes: address space that a confined kernel may add to what it starts with, and memory that it may hold
            together with what it has started; it is ended then.
        file_bytes: size of one file that it may write.
        folder_bytes: size of all files in its folder, and of all that it removed but keeps open; it is ended then.
    """

    cell_seconds: float = 120.0
    notebook_seconds: float = 900.0
    waiting_seconds: float = 30.0
    backstop: float = 10.0
    output_bytes: int = 1_000_000
    threads: int = 1
    memory_bytes: int = 4_000_000_000
    file_bytes: int = 100_000_000
    folder_bytes: int = 300_000_000

    @property
    def processor_seconds(self) -> int:
        """Processor time of a whole notebook, with room for starting up."""
        return math.ceil(self.notebook_seconds * (self.threads + 1)) + 30


def kernel_environment(limits: Limits, extra: Mapping[str, str]) -> dict[str, str]:
    """Environment variables that every kernel gets: nobody watches it, and it has as many threads as allowed."""
    threads = str(limits.threads)
    return {
        HEADLESS: "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "MKL_NUM_THREADS": threads,
        # What joblib takes for all cores: with those of a large machine, its processes would go beyond the limits.
        "LOKY_MAX_CPU_COUNT": threads,
        **extra,
    }
