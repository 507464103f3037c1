"""What each layer of isolation is said to do, with that layer alone; and what holds without bubblewrap."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.isolation import (
    BUBBLEWRAP,
    LANDLOCK,
    LIMITS,
    MEMORY_GROUP,
    PROCESSES,
    SYSTEM_CALLS,
    Isolation,
    available,
)
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import forked_from
from autograder.kernel.session import execute
from autograder.kernel.zygote_client import can_fork, zygote
from tests.conftest import ROOT

SMALL = Limits(
    cell_seconds=60, notebook_seconds=100, memory_bytes=600_000_000, file_bytes=30_000_000, folder_bytes=50_000_000
)
SECRET = "secret-of-a-course-9b1f"
HOLD = "\nimport time; time.sleep(20); print('held')"
WITHOUT_BUBBLEWRAP = (PROCESSES, LANDLOCK, SYSTEM_CALLS, LIMITS)
CALLS = """
import ctypes, errno, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0: raise OSError(ctypes.get_errno(), name)
def attempt(action):
    try: action()
    except OSError as error: print(errno.errorcode[error.errno])
    else: print("done")
"""

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="kernels are confined on Linux only"),
    pytest.mark.xdist_group("layers"),
]


@pytest.fixture(scope="module")
def offered():
    return available()


@pytest.fixture(scope="module")
def kernels_with(offered):
    """Kernels with some of the layers, started once for each set."""
    running = {}

    def with_layers(*layers):
        if not set(layers) <= set(offered.layers):
            pytest.skip(f"this machine lacks a layer: {'; '.join(offered.missing)}")
        if layers not in running:
            context = zygote(SMALL, Isolation(layers), ())
            running[layers] = context, forked_from(context.__enter__())
        return running[layers][1]

    yield with_layers
    for context, kernels in running.values():
        kernels.client.close()
        context.__exit__(None, None, None)


def run(kernels, source):
    """Why a notebook of one cell ended early, and what it printed."""
    with kernels.workplace() as place:
        manager, base = kernels.manager(place, SMALL), kernels.environment(place)
        notebook = new_notebook(cells=[new_code_cell(source)])
        done = execute(notebook, place / "work", SMALL, base=base, manager=manager, watched=place)
    outputs = done.notebook.cells[0].outputs
    return done.fault, "".join(o.get("text", "") or f"{o.get('ename')}: {o.get('evalue')}" for o in outputs)


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "answers.ipynb").write_text(SECRET)
    return tmp_path / "answers.ipynb"


@pytest.fixture
def listener():
    """A server of the grader's user with a path that anybody may know."""
    path = f"/tmp/wb-listener-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        server.listen()
        yield path
    Path(path).unlink()


FILES = [(BUBBLEWRAP,), (PROCESSES,), (LANDLOCK,), WITHOUT_BUBBLEWRAP]


@pytest.mark.parametrize("layers", FILES, ids=" + ".join)
def test_the_course_secrets_of_etc_and_other_processes_cannot_be_read(kernels_with, layers, secret):
    read = f"""
for path in ({str(secret)!r}, {str(ROOT / "course.toml")!r}, "/etc/shadow", "/etc/hostname",
             "/proc/{os.getpid()}/environ", "/proc/{os.getpid()}/cmdline", "/proc/{os.getpid()}/fd",
             "/root/.bash_history"):
    try: print(path, len(open(path, "rb").read()))
    except OSError: print("no")
"""
    assert run(kernels_with(*layers), read) == (None, "no\n" * 8)


@pytest.mark.parametrize("layers", [(PROCESSES,), WITHOUT_BUBBLEWRAP], ids=" + ".join)
def test_a_neighbours_folder_and_its_sockets_are_not_there(kernels_with, layers):
    kernels = kernels_with(*layers)
    with kernels.workplace() as neighbour:
        (neighbour / "connection.json").write_text("key")
        # Of /tmp there is the kernel's own folder, and the way to an installation that is in /tmp.
        installed = {Path(path).parts[2] for path in (ROOT, sys.prefix) if Path(path).is_relative_to("/tmp")}
        others = f"set(os.listdir('/tmp')) - {installed or set()}"
        look = f"import os\nprint(os.path.exists({str(neighbour)!r}), len({others}) < 2)"
        if layers == WITHOUT_BUBBLEWRAP:
            look = f"import os\nprint(os.path.exists({str(neighbour)!r}), True)"
        assert run(kernels, look)[1] == "False True\n"


@pytest.mark.parametrize(
    "layers", [(BUBBLEWRAP,), (PROCESSES,), (SYSTEM_CALLS,), (LANDLOCK, SYSTEM_CALLS, LIMITS)], ids=" + ".join
)
def test_nothing_that_listens_outside_is_reached(kernels_with, layers, listener):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(type=socket.SOCK_DGRAM) as packets:
        packets.bind(("127.0.0.1", 0))
        packets.setblocking(False)
        attempts = f"""
def reach(family, kind, address):
    with socket.socket(family, kind) as s:
        s.settimeout(2)
        s.connect(address)
attempt(lambda: reach(socket.AF_INET, socket.SOCK_STREAM, {server.getsockname()!r}))
attempt(lambda: reach(socket.AF_UNIX, socket.SOCK_STREAM, {listener!r}))
attempt(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"hello", {packets.getsockname()!r}))
"""
        output = run(kernels_with(*layers), CALLS + attempts)[1].split()
        assert len(output) == 3 and "done" not in output[:2]
        with pytest.raises(BlockingIOError):
            packets.recv(10)


def test_with_processes_of_its_own_a_kernel_sees_and_changes_nothing_else(kernels_with):
    look = """
print(os.getpid(), [name for name in os.listdir("/proc") if name.isdigit()])
attempt(lambda: open("/proc/sys/kernel/core_pattern", "w"))
attempt(lambda: os.chmod("/usr", 0o755))
attempt(lambda: open("../mine", "w"))
"""
    assert run(kernels_with(PROCESSES), CALLS + look)[1].splitlines() == ["1 ['1']", "EROFS", "EROFS", "done"]


@pytest.mark.parametrize("layer", [BUBBLEWRAP, PROCESSES, LANDLOCK, SYSTEM_CALLS, LIMITS])
def test_no_kernel_has_the_rights_of_an_administrator(kernels_with, layer):
    """Without them, root and a kernel in a namespace of its own cannot mount, or read packets."""
    look = """
status = dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines())
print([status[f"Cap{name}"].strip("0") for name in ("Inh", "Prm", "Eff", "Amb")], status["NoNewPrivs"])
"""
    assert run(kernels_with(layer), look)[1] == "['', '', '', ''] 1\n"


REFUSED = {
    "vsock": "socket.socket(40, socket.SOCK_STREAM)",
    "packets": "socket.socket(17, socket.SOCK_RAW)",
    "other sockets of the machine": "socket.socket(16, socket.SOCK_RAW, 4)",
    "ciphers": "socket.socket(38, socket.SOCK_SEQPACKET)",
    "io_uring": "call('syscall', 425, 8, bytes(120))",
    "System V memory": "call('shmget', 0, 100_000_000, 0o1600)",
    "System V queue": "call('msgget', 0, 0o1600)",
    "System V semaphores": "call('semget', 0, 32_000, 0o1600)",
    "namespaces": "call('unshare', 0x10000000)",
    "namespaces, too": "call('syscall', 56 if os.uname().machine == 'x86_64' else 220, 0x10000011, 0, 0, 0, 0)",
    "mount": "call('mount', b'none', b'/tmp', b'tmpfs', 0, None)",
    "keys": "call('syscall', 250 if os.uname().machine == 'x86_64' else 219, 0, -4, 1)",
    "room on the disk": "call('fallocate', os.open('f', 66), 1, ctypes.c_long(0), ctypes.c_long(10**8))",
}


@pytest.mark.parametrize("layers", [(SYSTEM_CALLS,), (BUBBLEWRAP, *WITHOUT_BUBBLEWRAP)], ids=" + ".join)
def test_system_calls_that_no_notebook_needs_are_refused(kernels_with, layers):
    attempts = "".join(f"print({name!r}, end=': '); attempt(lambda: {code})\n" for name, code in REFUSED.items())
    output = dict(line.split(": ") for line in run(kernels_with(*layers), CALLS + attempts)[1].splitlines())
    refusals = ("EPERM", "ENOSYS", "EAFNOSUPPORT", "ENOTSUP")
    assert {name: why for name, why in output.items() if why not in refusals} == {}
    assert list(output) == list(REFUSED)


def test_what_a_filter_leaves_is_what_notebooks_use(kernels_with):
    use = """
import subprocess, threading
thread = threading.Thread(target=print, args=("thread",))
thread.start()
thread.join()
print(subprocess.run(["true"]).returncode, len(socket.socketpair()))
with open("f", "wb") as file: os.posix_fallocate(file.fileno(), 0, 1000)
print(os.path.getsize("f"))
"""
    assert run(kernels_with(SYSTEM_CALLS), CALLS + use)[1].split() == ["thread", "0", "2", "1000"]


def test_no_filter_is_an_error_that_names_the_machine():
    code = "import platform; platform.machine = lambda: 'riscv64'\nfrom autograder.kernel import system_calls\n"
    code += "try: system_calls.restrict(connects=True)\nexcept OSError as error: print(error)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "no filter is written for riscv64; expected one of x86_64, aarch64"


def test_room_that_is_kept_on_the_disk_counts(kernels_with):
    keep = "call('fallocate', os.open('f', os.O_CREAT | os.O_RDWR), 1, ctypes.c_long(0), ctypes.c_long(200_000_000))"
    fault, output = run(kernels_with(LIMITS), f"{CALLS}{keep}\nprint(os.path.getsize('f'), flush=True){HOLD}")
    assert output == "0\n" and "more files" in fault


def test_memory_that_no_process_holds_counts(kernels_with):
    leave = """
libc.shmat.restype, libc.shmat.argtypes = ctypes.c_void_p, (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
libc.shmdt.argtypes = (ctypes.c_void_p,)
for _ in range(20):
    place = libc.shmat(libc.shmget(0, 40_000_000, 0o1600), None, 0)
    ctypes.memset(place, 1, 40_000_000)
    libc.shmdt(place)
print("left", flush=True)
"""
    fault, output = run(kernels_with(PROCESSES, LIMITS), CALLS + leave + HOLD)
    assert "too much memory" in fault and "held" not in output


def test_with_a_memory_group_memory_counts_that_is_held_for_a_moment(kernels_with):
    burst = """
import subprocess, sys
print("autograder-" in open("/proc/self/cgroup").read())
hold = "import time; held = b'x' * 250_000_000; time.sleep(0.3)"
for process in [subprocess.Popen([sys.executable, "-S", "-c", hold]) for _ in range(4)]: process.wait()
"""
    fault, output = run(kernels_with(PROCESSES, LIMITS, MEMORY_GROUP), CALLS + burst + HOLD)
    assert "too much memory" in fault and output.startswith("True") and "held" not in output


PARALLEL = """
import joblib, os
from joblib import Parallel, delayed
print(sum(Parallel(n_jobs=2)(delayed(abs)(-number) for number in range(5))))
print(sum(Parallel(n_jobs=-1)(delayed(abs)(-number) for number in range(5))))
print(os.getpid() not in Parallel(n_jobs=2)(delayed(os.getpid)() for _ in range(4)))
"""
ASK = """
import os, psutil
me = psutil.Process()
print(me.pid == os.getpid(), me.memory_info().rss > 0, len(me.children()), psutil.pids() == [os.getpid()])
print(psutil.virtual_memory().total > 0, psutil.cpu_count() > 0, psutil.boot_time() > 0, bool(psutil.net_if_addrs()))
"""


@pytest.mark.parametrize("layers", [(BUBBLEWRAP, *WITHOUT_BUBBLEWRAP), WITHOUT_BUBBLEWRAP], ids=" + ".join)
def test_joblib_works_in_processes_and_psutil_answers(kernels_with, layers):
    kernels = kernels_with(*layers)
    assert run(kernels, PARALLEL) == (None, "10\n10\nTrue\n")
    assert run(kernels, ASK) == (None, "True True 0 True\nTrue True True True\n")


def test_joblib_finds_no_file_that_it_cannot_read(kernels_with):
    """Landlock hides no names: whoever sees a control group's files expects to read them. There is no shared memory."""
    assert run(kernels_with(LANDLOCK), PARALLEL.replace("not in", "in"))[1].startswith("10\n10\nTrue\n")


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("unshare") is None, reason="only root can cover /proc")
def test_where_proc_cannot_be_mounted_no_process_shows_but_the_kernel_itself(offered):
    """As in a container, where parts of /proc are covered."""
    if PROCESSES not in offered.layers:
        pytest.skip("no namespaces")
    code = """
import os, sys
from pathlib import Path
from autograder.kernel import isolation, linux
linux.new_processes()
if os.fork() == 0:
    isolation._view(Path(sys.argv[1]), ()).enter()
    print(sorted(os.listdir("/proc")), len(os.listdir("/proc/self/fd")) > 0, flush=True)
    os._exit(0)
os.wait()
"""
    covered = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc/fs && exec "$@"', "sh"]
    done = subprocess.run(
        [*covered, sys.executable, "-c", code, "/var/tmp"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "['cpuinfo', 'meminfo', 'self', 'stat'] True", done.stderr
