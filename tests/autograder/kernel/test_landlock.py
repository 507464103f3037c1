"""Landlock's system calls, each tried in a child process: a restriction is for good."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

if sys.platform != "linux":
    pytest.skip("Landlock is Linux's", allow_module_level=True)

from autograder.kernel.landlock import ALL, Files, known, version

try:
    VERSION = version()
except OSError as error:
    pytest.skip(f"Landlock is not available: {error}", allow_module_level=True)

START = """
import ctypes, errno, os, signal, socket, sys
from pathlib import Path
from autograder.kernel import landlock
from autograder.kernel.landlock import ALL, Files, Scope

READ = Files.READ_FILE | Files.READ_DIR
ETC = ("/etc", READ)

def refused(action):
    try:
        action()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
"""


def child(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", START + code, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_folder_allows_all_beneath_it_and_nothing_beside_it(tmp_path):
    (tmp_path / "mine" / "deep").mkdir(parents=True)
    (tmp_path / "mine" / "deep" / "a.txt").write_text("mine")
    (tmp_path / "other.txt").write_text("other")
    code = """
folder = Path(sys.argv[1])
landlock.restrict_files([(str(folder / "mine"), READ)])
print((folder / "mine" / "deep" / "a.txt").read_text(), refused((folder / "other.txt").read_text))
print(refused(lambda: os.listdir(folder)), os.listdir(folder / "mine"))
"""
    assert child(code, tmp_path) == ["mine", "EACCES", "EACCES", "['deep']"]


def test_what_may_be_read_cannot_be_written_made_or_removed(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    code = """
folder = Path(sys.argv[1])
landlock.restrict_files([(str(folder), READ)])
print(refused(lambda: (folder / "a.txt").write_text("b")), refused((folder / "a.txt").unlink))
print(refused((folder / "new").mkdir), refused(lambda: os.symlink("a.txt", folder / "link")))
print(refused(lambda: os.truncate(folder / "a.txt", 0)))
"""
    denied = ["EACCES"] * 4
    assert child(code, tmp_path)[:4] == denied
    if known(Files.TRUNCATE, VERSION):
        assert child(code, tmp_path)[4] == "EACCES"
    assert (tmp_path / "a.txt").read_text() == "a"


def test_with_all_rights_a_folder_can_be_worked_in(tmp_path):
    code = """
folder = Path(sys.argv[1])
landlock.restrict_files([(str(folder), ALL)])
(folder / "sub").mkdir()
(folder / "a.txt").write_text("a")
(folder / "a.txt").rename(folder / "sub" / "b.txt")
print((folder / "sub" / "b.txt").read_text())
"""
    assert child(code, tmp_path) == ["a"]


def test_one_file_can_be_allowed_and_its_neighbours_stay_closed(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    code = """
folder = Path(sys.argv[1])
landlock.restrict_files([(str(folder / "a.txt"), Files.READ_FILE)])
print((folder / "a.txt").read_text(), refused((folder / "b.txt").read_text))
"""
    assert child(code, tmp_path) == ["a.txt", "EACCES"]


def test_children_inherit_it_and_a_second_restriction_cannot_widen_the_first(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    code = """
folder = Path(sys.argv[1])
landlock.restrict_files([("/usr", READ)])
print(refused(lambda: landlock.restrict_files([("/", ALL)])))
if os.fork() == 0:
    print(refused((folder / "a.txt").read_text), flush=True)
    os._exit(0)
os.wait()
"""
    # Rules name folders by opening them without access, which Landlock does not deny.
    assert child(code, tmp_path) == ["done", "EACCES"]


def test_no_program_gives_rights_afterwards():
    code = """
landlock.restrict_files([("/proc", READ)])
print(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("NoNewPrivs")))
"""
    assert child(code) == ["NoNewPrivs:", "1"]


def test_no_descriptor_is_left_open():
    code = """
before = len(os.listdir("/proc/self/fd"))
landlock.restrict_files([("/proc", READ), ETC])
print(len(os.listdir("/proc/self/fd")) - before)
"""
    assert child(code) == ["0"]


def test_a_right_that_does_not_fit_a_file_is_an_error_that_names_it(tmp_path):
    (tmp_path / "a.txt").touch()
    code = """
try:
    landlock.restrict_files([(sys.argv[1], Files.MAKE_DIR)])
except OSError as error:
    print(errno.errorcode[error.errno], error.filename == sys.argv[1])
print(refused(lambda: landlock.restrict_files([("/does/not/exist", READ)])))
print(refused(lambda: os.listdir("/etc")))
"""
    assert child(code, tmp_path / "a.txt") == ["EINVAL", "True", "ENOENT", "done"]


@pytest.mark.skipif(VERSION < 6, reason="this kernel's Landlock cannot restrict signals")
def test_signals_and_abstract_sockets_of_other_processes_are_out_of_reach():
    code = """
listener = socket.socket(socket.AF_UNIX)
listener.bind("\\0autograder-test-%d" % os.getpid())
listener.listen()
parent, address = os.getpid(), listener.getsockname()
if os.fork() == 0:
    landlock.restrict_scope(Scope.SIGNALS | Scope.ABSTRACT_SOCKETS)
    print(refused(lambda: os.kill(parent, 0)), refused(lambda: socket.socket(socket.AF_UNIX).connect(address)))
    print(refused(lambda: os.kill(os.getpid(), 0)), flush=True)
    os._exit(0)
os.wait()
"""
    assert child(code) == ["EPERM", "EPERM", "done"]


def test_where_the_kernel_cannot_restrict_signals_that_is_an_error():
    code = """
landlock.version = lambda: 5
try:
    landlock.restrict_scope(Scope.SIGNALS)
except OSError as error:
    print(error)
"""
    assert " ".join(child(code)) == "this kernel has Landlock ABI 5; 6 is needed (Linux 6.12)"


def test_an_old_version_is_asked_only_for_what_it_knows():
    first = ALL & ~(Files.REFER | Files.TRUNCATE | Files.IOCTL_DEV)
    assert known(ALL, 1) == first
    assert known(ALL, 2) == first | Files.REFER
    assert known(ALL, 3) == known(ALL, 4) == first | Files.REFER | Files.TRUNCATE
    assert known(ALL, 5) == known(ALL, 99) == ALL
    code = """
landlock.version = lambda: 1
landlock.restrict_files([("/proc", ALL & ~Files.EXECUTE), ETC])
print(refused(lambda: os.listdir("/usr")), refused(lambda: os.listdir("/proc")))
"""
    assert child(code) == ["EACCES", "done"]
