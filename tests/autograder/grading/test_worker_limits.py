"""Limits of a process that works with what students' kernels send, for a while or for good."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.grading.worker_limits import can_limit

pytestmark = pytest.mark.skipif(not can_limit(), reason="a process is limited on Linux only")
BEGIN = """
import resource
from autograder.grading.worker_limits import limit_memory, limit_processor_time, limited
def limits():
    return [resource.getrlimit(kind)[0] for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)]
before = limits()
"""


def end_of(code: str) -> tuple[int, str]:
    """How a process that runs the code ends, and what it printed."""
    done = subprocess.run([sys.executable, "-c", BEGIN + code], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_memory_beyond_the_limit_is_refused() -> None:
    code = "limit_memory(100_000_000)\ntry: bytearray(300_000_000)\nexcept MemoryError: print('refused')"
    assert end_of(code) == (0, "refused\n")


def test_processor_time_beyond_the_limit_ends_the_process() -> None:
    status, printed = end_of("limit_processor_time(0.1)\n10 ** (10**9)\nprint('computed')")
    assert (status < 0, printed) == (True, "")


def test_after_the_block_the_limits_are_those_of_before() -> None:
    code = """
with limited(100_000_000):
    limit_processor_time(50)
    within = limits()
    try: bytearray(300_000_000)
    except MemoryError: print("refused")
print(limits() == before, [a != b for a, b in zip(within, before)], len(bytearray(300_000_000)))
"""
    assert end_of(code) == (0, "refused\nTrue [True, True] 300000000\n")


def test_after_an_error_in_the_block_the_limits_are_those_of_before() -> None:
    code = """
try:
    with limited(100_000_000): raise ValueError
except ValueError: print(limits() == before)
"""
    assert end_of(code) == (0, "True\n")
