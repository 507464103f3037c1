"""What several processes hold together is found, wherever they hide it."""

import os
import subprocess
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("processes are looked at on Linux only", allow_module_level=True)

from autograder.kernel.usage import Usage, usage_of

MEGABYTE = 1_000_000


@pytest.fixture
def usage_while(tmp_path):
    """Run code in a process of its own and return what it holds once it has said that it is ready."""
    running = []

    def measured(code, memory_bytes=0):
        text = f"import mmap, os, sys, time\n{code}\nprint('ready', flush=True)\nsys.stdin.read()"
        process = subprocess.Popen(
            [sys.executable, "-c", text], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        running.append(process)
        assert process.stdout.readline() == b"ready\n"
        return usage_of(process.pid, memory_bytes)

    yield measured
    for process in running:
        process.communicate(timeout=20)


def test_memory_of_a_process_is_counted(usage_while):
    used = usage_while("held = bytearray(b'x') * 50_000_000")
    assert 50 * MEGABYTE < used.memory_bytes < 70 * MEGABYTE
    assert used.nameless_bytes == 0


def test_memory_below_the_limit_need_not_be_told_apart(usage_while):
    assert usage_while("held = bytearray(b'x') * 50_000_000", memory_bytes=1000 * MEGABYTE) == Usage()


def test_memory_of_children_is_counted_and_what_they_share_once(usage_while):
    held = "held = bytearray(b'x') * 50_000_000\nread, write = os.pipe()"
    code = f"{held}\nif os.fork() == 0:\n    {{}}\n    sys.stdin.read()\n    os._exit(0)"
    shared = usage_while(code.format("pass"))
    assert 50 * MEGABYTE < shared.memory_bytes < 80 * MEGABYTE
    own_memory = "own = bytearray(b'y') * 40_000_000; os.write(write, b'.')"
    both = usage_while(code.format(own_memory) + "\nos.read(read, 1)")
    assert 90 * MEGABYTE < both.memory_bytes < 120 * MEGABYTE


def test_a_file_in_memory_is_counted_though_nothing_is_mapped(usage_while):
    used = usage_while("os.write(os.memfd_create('hidden'), bytes(30_000_000))", memory_bytes=1000 * MEGABYTE)
    assert 30 * MEGABYTE <= used.memory_bytes < 31 * MEGABYTE


@pytest.mark.parametrize("keep", ["held = os.dup(file.fileno())", "held = mmap.mmap(file.fileno(), 0)"])
def test_a_removed_file_is_counted_while_it_is_open_or_mapped(usage_while, keep):
    write = "file = open('f', 'w+b')\nfile.write(bytes(30_000_000))\nfile.flush()\n"
    assert usage_while(write).nameless_bytes == 0
    used = usage_while(f"{write}{keep}\nfile.close()\nos.unlink('f')")
    assert 30 * MEGABYTE <= used.nameless_bytes < 61 * MEGABYTE


def test_who_hides_is_noticed(usage_while):
    if os.geteuid() == 0:
        pytest.skip("nothing is hidden from root")
    with pytest.raises(PermissionError):
        usage_while("import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)")


def test_a_process_that_has_ended_holds_nothing():
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    assert usage_of(process.pid, 0) == Usage()


def test_usage_is_compared_with_both_limits():
    assert not Usage(5, 5).exceeds(5, 5)
    assert Usage(6, 0).exceeds(5, 5)
    assert Usage(0, 6).exceeds(5, 5)
