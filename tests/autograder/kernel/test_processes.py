"""What a process and its children compute is found, while they live and after."""

import os
import subprocess
import sys
import time

import pytest

from autograder.kernel.processes import activity_of

if sys.platform != "linux":
    pytest.skip("processes are looked at on Linux only", allow_module_level=True)

# The kernel counts a process's time in two whole numbers of ticks, its own code's and the system's, both rounded down.
ROUNDING = 2 / os.sysconf("SC_CLK_TCK")

BURN = "begin = time.process_time()\nwhile time.process_time() < begin + {}: pass\n"


@pytest.fixture
def activity_while():
    """Run code in a process of its own, and tell what it has computed once it has said that it is ready."""
    running = []

    def measured(code):
        text = f"import os, subprocess, sys, threading, time\n{code}\nprint('ready', flush=True)\nsys.stdin.read()"
        process = subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        running.append(process)
        assert process.stdout.readline() == b"ready\n"
        return process.pid

    yield measured
    for process in running:
        process.communicate(timeout=20)


def test_its_own_processor_time_is_counted(activity_while):
    assert 0.5 - ROUNDING <= activity_of(activity_while(BURN.format(0.5))).seconds < 2


def test_a_process_that_waits_is_not_running(activity_while):
    pid = activity_while("")
    time.sleep(0.3)
    assert not activity_of(pid).running and not activity_of(pid).ready


def test_a_thread_that_computes_is_running_though_the_main_thread_waits(activity_while):
    code = "done = []\ndef work():\n    while not done: pass\nthreading.Thread(target=work, daemon=True).start()"
    found = activity_of(activity_while(code))
    assert found.running and found.ready


@pytest.mark.parametrize(
    "child",
    [
        "subprocess.run([sys.executable, '-c', 'import time\\n' + BURN])",
        "pid = os.fork()\nif pid == 0:\n    exec(BURN); os._exit(0)\nos.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)",
        "code = 'import sys, time\\n' + BURN + 'print(flush=True)\\ntime.sleep(9)'\n"
        "subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE).stdout.readline()",
    ],
    ids=["dead", "dead and not waited for", "alive"],
)
def test_children_count(activity_while, child):
    pid = activity_while(f"BURN = {BURN.format(0.5)!r}\n{child}")
    assert 0.5 - 2 * ROUNDING <= activity_of(pid).seconds < 3


def test_a_process_that_is_gone_has_computed_nothing():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert activity_of(process.pid).seconds == 0
