"""Memory groups: where they are found, what they bound, and that nothing of them stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.kernel.memory_group import (
    MemoryGroup,
    MemoryGroups,
    _own_group,
    _with_limits_below,
    memory_groups,
    ran_out,
)
from tests.support.waiting import until

MEGABYTE = 1_000_000
LIMIT = 60 * MEGABYTE
PIPES = """
import fcntl
pipes = [os.pipe() for _ in range(120)]
for _, end in pipes:
    fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 1 << 20)
    os.set_blocking(end, False)
    os.write(end, bytes(1 << 20))
"""
CHILDREN = """
for _ in range(6):
    if os.fork() == 0:
        held = b"x" * 20_000_000
        time.sleep(60)
time.sleep(60)
"""


def groups_here() -> MemoryGroups | str:
    try:
        return memory_groups()
    except OSError as error:
        return str(error)


HERE = groups_here()
needs_groups = pytest.mark.skipif(isinstance(HERE, str), reason=f"no memory groups here: {HERE}")


@pytest.fixture
def group() -> Iterator[MemoryGroup]:
    assert isinstance(HERE, MemoryGroups)
    made = HERE.make(LIMIT)
    yield made
    if made.folder.exists():
        made.remove()


@pytest.fixture
def started(group: MemoryGroup) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts Python code in the group."""
    running: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> subprocess.Popen[bytes]:
        before = f"import os, time; from autograder.kernel import memory_group; memory_group.join({group.members})\n"
        process = subprocess.Popen([sys.executable, "-c", before + code], pass_fds=(group.members,))
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()


@needs_groups
def test_what_holds_less_than_the_limit_runs_to_its_end(group, started):
    assert started("held = b'x' * 10_000_000").wait() == 0
    assert not ran_out(group.events)


@needs_groups
@pytest.mark.parametrize(
    "code",
    ["held = b'x' * 120_000_000", "os.write(os.memfd_create('hidden'), bytes(120_000_000))", PIPES],
    ids=["memory of a process", "a file in memory", "what pipes hold"],
)
def test_what_holds_more_is_ended(group, started, code):
    assert started(code).wait() == -9
    assert ran_out(group.events)


@needs_groups
def test_children_count_together(group, started):
    started(CHILDREN)
    assert until(lambda: ran_out(group.events))


@needs_groups
def test_a_removed_group_takes_with_it_what_has_left_its_parent(group, started):
    leave = "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(600)\n    os._exit(0)\nos.wait()"
    assert started(leave).wait() == 0
    (left,) = (group.folder / "cgroup.procs").read_text().split()
    group.remove()
    assert not group.folder.exists()
    status = Path("/proc", left, "status")
    assert not status.exists() or "\nState:\tZ" in status.read_text()


@needs_groups
def test_empty_groups_of_graders_that_are_gone_are_removed():
    assert isinstance(HERE, MemoryGroups)
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    left = Path(HERE.folder, f"autograder-{gone.pid}-0")
    left.mkdir()
    memory_groups()
    assert not left.exists()


VERSION_1 = "35 31 0:32 {root} {point} rw,relatime - cgroup cgroup rw,memory"
VERSION_2 = "29 23 0:26 {root} {point} rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate"


@pytest.mark.parametrize(
    ("root", "own", "expected"),
    [("/", "/user/me", "user/me"), ("/docker/1", "/docker/1/inner", "inner"), ("/docker/1", "/docker/1", ".")],
)
def test_the_group_of_version_1_is_the_one_of_the_memory_controller(tmp_path, root, own, expected):
    mounts = "36 31 0:33 / /cpu rw - cgroup cgroup rw,cpu\n" + VERSION_1.format(root=root, point=tmp_path)
    memberships = f"9:name=systemd:/\n4:memory:{own}\n1:cpu:/elsewhere\n0::/"
    assert _own_group(mounts, memberships) == (tmp_path / expected, 1)


def test_the_group_of_version_2_counts_where_it_has_the_memory_controller(tmp_path):
    mounts, memberships = VERSION_2.format(root="/", point=tmp_path), "0::/user.slice/run.scope"
    own = tmp_path / "user.slice" / "run.scope"
    own.mkdir(parents=True)
    (own / "cgroup.controllers").write_text("cpu memory pids\n")
    assert _own_group(mounts, memberships) == (own, 2)
    (own / "cgroup.controllers").write_text("cpu pids\n")
    with pytest.raises(OSError, match="no control group counts memory"):
        _own_group(mounts, memberships)


def group_of_version_2(folder: Path, enabled: str, *processes: int) -> Path:
    """Plain files in place of those of a control group."""
    folder.mkdir()
    (folder / "cgroup.subtree_control").write_text(enabled)
    (folder / "cgroup.procs").write_text("".join(f"{process}\n" for process in processes))
    return folder


def test_a_process_that_is_alone_in_its_group_of_version_2_joins_one_below_it(tmp_path):
    group = group_of_version_2(tmp_path / "run.scope", "", os.getpid())
    assert _with_limits_below(group) == group
    assert (group / "autograder-grader" / "cgroup.procs").read_text() == str(os.getpid())
    assert (group / "cgroup.subtree_control").read_text() == "+memory"


def test_a_group_of_version_2_with_other_processes_in_it_stays_as_it_is(tmp_path):
    group = group_of_version_2(tmp_path / "session.scope", "", os.getpid(), os.getppid())
    with pytest.raises(OSError, match="systemd-run --user --scope"):
        _with_limits_below(group)
    assert (group / "cgroup.subtree_control").read_text() == ""


def test_a_grader_in_a_group_of_its_own_makes_groups_beside_it(tmp_path):
    group = group_of_version_2(tmp_path / "run.scope", "cpu memory")
    own = group_of_version_2(group / "autograder-grader", "", os.getpid())
    assert _with_limits_below(own) == group


def test_a_group_of_version_2_gets_no_swap(tmp_path, monkeypatch):
    make_folder = Path.mkdir

    def mkdir(folder: Path) -> None:
        make_folder(folder)
        for name in ("memory.max", "memory.swap.max", "memory.events", "cgroup.procs"):
            (folder / name).touch()

    monkeypatch.setattr(Path, "mkdir", mkdir)
    group = MemoryGroups(str(tmp_path), 2).make(LIMIT)
    assert [(group.folder / name).read_text() for name in ("memory.max", "memory.swap.max")] == ["60000000", "0"]
    (group.folder / "memory.events").write_text("low 0\noom 3\noom_kill 0\n")
    assert not ran_out(group.events)
    (group.folder / "memory.events").write_text("low 0\noom 3\noom_kill 1\n")
    assert ran_out(group.events)
