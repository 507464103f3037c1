"""A neighbour that attacks can count on: a kernel of the same zygote that lives as long as the batch."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import forked_from
from autograder.kernel.session import execute
from autograder.kernel.zygote_client import Address
from tests.support.waiting import until

_LIMITS = Limits(cell_seconds=3600, notebook_seconds=3600, waiting_seconds=3600)
_WORK = """import os, time
open("begun", "w").close()
while not os.path.exists("end"): time.sleep(0.2)"""


@contextmanager
def living_kernel(address: Address) -> Iterator[None]:
    """Keep a kernel at work for the length of the block.

    Raises:
        AssertionError: if it ended before the block did.
    """
    kernels = forked_from(address)
    with kernels.workplace() as place, ThreadPoolExecutor(1) as thread:
        work, manager, base = place / "work", kernels.manager(place, _LIMITS), kernels.environment(place)
        notebook = new_notebook(cells=[new_code_cell(_WORK)])
        run = thread.submit(execute, notebook, work, _LIMITS, base=base, manager=manager)
        try:
            until(lambda: (work / "begun").exists() or run.done())
            yield
            assert not run.done(), "the neighbour did not live as long as the attacks"
        finally:
            (work / "end").touch()
