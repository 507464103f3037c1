"""A process that was forked from a kernel is told from it, and ends instead of going on as a second one."""

from __future__ import annotations

import os

import pytest

from autograder.kernel.forks import KernelProcess

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="only here can a process be forked")


def status_of_a_fork(process: KernelProcess) -> int:
    """What a forked process ends with: the status of leaving, or 7 if it did not leave."""
    child = os.fork()
    if child == 0:
        try:
            process.leave_unless_this_one("whatever the event tells")
        finally:
            os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_the_kernel_itself_goes_on():
    process = KernelProcess()
    process.leave_unless_this_one()
    assert process.is_this_one()


def test_a_fork_ends_and_the_kernel_does_not():
    process = KernelProcess()
    assert status_of_a_fork(process) == 0
    assert process.is_this_one()


def test_a_fork_cannot_pass_for_the_kernel_by_its_number(monkeypatch):
    process, here = KernelProcess(), os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: here)
    assert status_of_a_fork(process) == 0
