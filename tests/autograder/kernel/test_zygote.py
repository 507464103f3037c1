"""Forked kernels behave like cold ones, and nothing of one reaches the next."""

import fcntl
import json
import multiprocessing.util
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import KernelError
from autograder.grading.worker import worker_processes
from autograder.kernel.confinement import Confinement, ForkRequest
from autograder.kernel.isolation import BUBBLEWRAP, NONE, PROCESSES, Isolation, available
from autograder.kernel.limits import Limits, kernel_environment
from autograder.kernel.provisioner import forked_from
from autograder.kernel.session import execute
from autograder.kernel.zygote_client import LIBRARIES, Client, can_fork, safe_before_fork, zygote
from autograder.kernel.zygote_connections import connection_to
from tests.conftest import ROOT

LIMITS = Limits(cell_seconds=6)

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only"),
    pytest.mark.xdist_group("zygote"),
]


ISOLATIONS = [pytest.param(NONE, id="bare"), pytest.param(available(), id="isolated")]


@pytest.fixture(scope="module", params=ISOLATIONS)
def kernels(request, course_code):
    with zygote(LIMITS, request.param, code=course_code) as address:
        yield forked_from(address)


def run(kernels, *sources, files=()):
    """Execute cells as a batch does, in a folder that is gone afterwards."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    with kernels.workplace() as place:
        for name, text in files:
            (place / "work" / name).write_text(text)
        manager, base = kernels.manager(place, LIMITS), kernels.environment(place)
        return execute(notebook, place / "work", LIMITS, base=base, manager=manager, watched=place)


def printed(execution):
    return "".join(o.get("text", "") for cell in execution.notebook.cells for o in cell.outputs).split()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_kernel_shows_nothing_of_what_the_zygote_was_started_with(kernels):
    look = "print([open(f'/proc/self/{name}').read().strip(chr(0)) for name in ('cmdline', 'environ')])"
    assert printed(run(kernels, look)) == ["['python", "-m", "ipykernel',", "'']"]


def test_state_of_one_kernel_does_not_reach_the_next(kernels):
    leave = """
import builtins, os, random, sys
import numpy as np, torch, matplotlib.pyplot as plt
builtins.leaked = np.leaked = torch.leaked = sys.modules["leaked"] = 1
os.environ["LEAKED"] = "1"
np.random.seed(0); torch.manual_seed(0); random.seed(0)
torch.set_num_threads(2); torch.set_default_dtype(torch.float64)
plt.figure(); np.seterr(all="raise"); os.chdir("/")
leaked = 1
"""
    look = """
import builtins, os, sys
import numpy as np, torch, matplotlib.pyplot as plt
print("leaked" in globals(), hasattr(builtins, "leaked"), hasattr(np, "leaked"), hasattr(torch, "leaked"),
      "leaked" in sys.modules, "LEAKED" in os.environ, bool(plt.get_fignums()), np.geterr()["over"] == "raise",
      torch.get_default_dtype() == torch.float64, torch.get_num_threads() != 1, os.getcwd() == "/")
"""
    run(kernels, leave)
    assert printed(run(kernels, look)) == ["False"] * 11


def test_random_numbers_differ_between_kernels(kernels):
    draw = """
import random, torch, numpy as np
print(random.random(), np.random.rand(), np.random.default_rng().random(), torch.rand(1).item())
"""
    first, second = printed(run(kernels, draw)), printed(run(kernels, draw))
    assert not set(first) & set(second)


def test_a_seed_gives_the_same_numbers_as_in_a_cold_kernel(kernels, tmp_path):
    draw = "import torch\ntorch.manual_seed(3)\nprint(torch.rand(2).tolist())"
    cold = execute(new_notebook(cells=[new_code_cell(draw)]), tmp_path)
    assert printed(run(kernels, draw)) == printed(cold)


def test_modules_beside_the_notebook_are_found(kernels):
    done = run(kernels, "import mine\nprint(mine.value, __name__)", files=[("mine.py", "value = 42")])
    assert printed(done) == ["42", "__main__"]


def test_arithmetic_with_threads_works_after_the_fork(kernels):
    work = "import torch, numpy as np\ntorch.set_num_threads(2)\nx = torch.rand(400, 400)\n"
    work += (
        "print(bool(torch.isfinite(x @ x).all()), bool(np.isfinite(np.ones((400, 400)) @ np.ones((400, 400))).all()))"
    )
    assert printed(run(kernels, work)) == ["True", "True"]


def test_an_endless_cell_is_interrupted(kernels):
    done = run(kernels, "while True: pass", "print('on')")
    assert set(done.timed_out) == {0}
    assert printed(done) == ["on"]


def test_a_dead_kernel_is_noticed_and_the_next_one_works(kernels):
    assert run(kernels, "import os; os._exit(3)").fault == "the kernel died"
    assert printed(run(kernels, "print('well')")) == ["well"]


def test_no_process_is_left_behind(kernels):
    if PROCESSES not in kernels.isolation.layers:
        pytest.skip("without processes of its own, a kernel's daemons outlive it")
    seconds = f"600.{os.getpid()}"
    daemon = f"subprocess.Popen(['sleep', '{seconds}'], start_new_session=True)"
    run(kernels, f"import subprocess\nsubprocess.Popen(['sleep', '{seconds}'])\n{daemon}")
    deadline = time.monotonic() + 60
    while sleeping(seconds) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sleeping(seconds) == []


def sleeping(seconds):
    """Processes of this machine that were started as ``sleep <seconds>``."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "cmdline").read_bytes() == f"sleep\0{seconds}\0".encode():
                found.append(folder.name)
    return found


def fork_request(folder):
    connection = folder / "connection.json"
    connection.write_text("{}")
    return ForkRequest(str(connection), str(folder), {}, 0, 0, 0, 0)


def test_closing_ends_kernels_that_still_run(tmp_path):
    with zygote(LIMITS, NONE, ()) as address:
        pid = Client(address).fork(fork_request(tmp_path))
        assert alive(pid)
    assert gone(pid)


def test_a_client_that_goes_away_takes_its_kernels_with_it(tmp_path):
    with zygote(LIMITS, NONE, ()) as address:
        first, second = Client(address), Client(address)
        (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
        mine, other = first.fork(fork_request(tmp_path / "a")), second.fork(fork_request(tmp_path / "b"))
        first.close()
        assert gone(mine)
        assert second.status(other) is None


@pytest.mark.parametrize(
    "isolation", [*ISOLATIONS, pytest.param(Isolation(tuple(set(available().layers) - {BUBBLEWRAP})), id="unwrapped")]
)
def test_a_zygote_that_is_killed_takes_its_kernels_and_their_keepers_with_it(isolation, course_code):
    """Nobody is left who could end them, and a kernel that computes for ever would go on doing so."""
    with zygote(LIMITS, isolation, (), course_code) as address:
        kernels = forked_from(address)
        with kernels.workplace() as place:
            kernels.client.fork(replace(fork_request(place / "work"), **ENOUGH))
            killed = next(p for p in psutil.Process().children(recursive=True) if is_zygote(p) and p.children())
            family = killed.children(recursive=True)
            assert len(family) == 2, "a keeper and its kernel"
            killed.kill()
            assert psutil.wait_procs(family, timeout=60)[1] == []


ENOUGH = {"memory_bytes": 10**9, "cpu_seconds": 60, "file_bytes": 10**6, "folder_bytes": 10**6}


def is_zygote(process):
    return "autograder.kernel.zygote" in process.cmdline()[:4]


def hangs_up_before_the_answer(client):
    client.sendall(b'{"do": "status", "pid": 1}\n')


def hangs_up_with_an_unread_answer(client):
    client.sendall(b'{"do": "status", "pid": 1}\n')
    assert select.select([client], [], [], 10)[0]


def sends_half_a_request(client):
    client.sendall(b'{"do": "sta')


def sends_what_is_no_request(client):
    client.sendall(b"\n")


@pytest.mark.parametrize(
    "ends",
    [
        hangs_up_before_the_answer,
        hangs_up_with_an_unread_answer,
        sends_half_a_request,
        sends_what_is_no_request,
    ],
)
def test_a_client_that_dies_at_the_wrong_moment_ends_nobody_elses_kernels(tmp_path, ends):
    with zygote(LIMITS, NONE, ()) as address:
        other = Client(address)
        kept = other.fork(fork_request(tmp_path))
        for _ in range(3):
            with connection_to(address.name) as dying:
                ends(dying)
            assert other.status(kept) is None


def test_what_a_killed_grader_left_is_removed_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("autograder-dead", "autograder-live", "autograder-starting", "other"):
        (tmp_path / name / "scratch").mkdir(parents=True)
    for name in ("autograder-dead", "autograder-live", "other"):
        (tmp_path / name / "lock").touch()
    with (tmp_path / "autograder-live" / "lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with zygote(LIMITS, NONE, ()) as first, zygote(LIMITS, NONE, ()):
            assert Client(first).status(1) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["autograder-live", "autograder-starting", "other"]


def test_a_zygote_has_no_address(tmp_path):
    """Whoever found one could have kernels forked, without layers; those of the machine stand in for a kernel here."""
    before = set(Path("/proc/net/unix").read_text().splitlines())
    with zygote(LIMITS, NONE, ()) as address:
        Client(address).fork(fork_request(tmp_path))
        new = set(Path("/proc/net/unix").read_text().splitlines()) - before
        assert [line for line in new if address.name in line and address.name + "/scratch" not in line] == []
        assert [path for path in address.scratch.parent.rglob("*") if path.is_socket()] == []


def test_workers_get_connections_from_the_process_that_started_the_zygote(tmp_path):
    with worker_processes(())() as pool:
        with zygote(LIMITS, NONE, ()) as address:
            pid = pool.submit(forked_in_a_worker, address, fork_request(tmp_path)).result()
            assert alive(pid)
        assert gone(pid)
        with pytest.raises(KernelError, match="forks kernels"):
            pool.submit(forked_in_a_worker, address, fork_request(tmp_path)).result()


def forked_in_a_worker(address, request):
    kept.append(Client(address))
    return kept[-1].fork(request)


kept = []
"""Clients of a worker: when one is closed, its kernels end."""


def test_the_server_that_forks_workers_cannot_be_found_either():
    with worker_processes(())() as pool:
        assert pool.submit(os.getpid).result() != os.getpid()
        folder = Path(multiprocessing.util.get_temp_dir())
        assert [path for path in folder.rglob("*") if path.is_socket()] == []
    with worker_processes(())() as pool:
        assert pool.submit(os.getppid).result() != os.getpid()


@pytest.mark.parametrize("more", [{"layers": []}, {"readable": ["/"]}, {"do": "end"}, {"do": "__init__"}])
def test_a_request_cannot_choose_what_is_fixed_when_the_zygote_starts(tmp_path, more):
    with zygote(LIMITS, NONE, ()) as address:
        other = Client(address)
        kept = other.fork(fork_request(tmp_path))
        with connection_to(address.name) as client:
            client.settimeout(30)
            client.sendall(json.dumps({**fork_request(tmp_path).to_json(), **more}).encode() + b"\n")
            assert client.recv(100) == b""
        assert other.status(kept) is None


def test_a_request_can_ask_for_less_and_not_for_more():
    confinement = Confinement(("limits",), 10, 10, 10, 10, ("/a",))
    narrowed = confinement.narrowed(ForkRequest("", "", {}, 5, 20, 30, 9))
    assert narrowed == Confinement(("limits",), 5, 10, 10, 9, ("/a",))
    assert Confinement.from_json(confinement.to_json()) == confinement


def test_a_kernel_inherits_no_socket_but_its_own(kernels):
    look = """
import os, socket, stat, struct
for name in os.listdir("/proc/self/fd"):
    try:
        if not stat.S_ISSOCK(os.fstat(int(name)).st_mode): continue
    except OSError:
        continue
    with socket.socket(fileno=os.dup(int(name))) as s:
        # A pair made elsewhere: no name, and a peer that is not this process.
        peer = struct.unpack("3i", s.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
        if s.family == socket.AF_UNIX and not s.getsockname() and peer not in (os.getpid(), -1): print(name, peer)
"""
    assert printed(run(kernels, look)) == []


def test_interrupting_a_kernel_that_has_just_died_is_no_fault(tmp_path):
    with zygote(LIMITS, NONE, ()) as address:
        client = Client(address)
        pid = client.fork(fork_request(tmp_path))
        client.kill(pid)
        assert gone(pid)
        client.interrupt(pid)
        # Its keeper takes a moment longer than the kernel itself.
        deadline = time.monotonic() + 5
        while client.status(pid) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert client.status(pid) == -signal.SIGKILL


def gone(pid):
    deadline = time.monotonic() + 60
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


def test_a_zygote_that_is_gone_is_an_error_that_says_so(tmp_path):
    with zygote(LIMITS, NONE, ()) as address:
        kernels = forked_from(address)
    with pytest.raises(KernelError, match="forks kernels"):
        kernels.client.fork(fork_request(tmp_path))
    with pytest.raises(KernelError, match="forks kernels"):
        forked_from(address)


def test_figures_are_shown(kernels):
    shown = run(kernels, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()", "plt.plot([2, 1]);")
    assert ["image/png" in cell.outputs[-1]["data"] for cell in shown.notebook.cells] == [True, True]


def test_a_chapter_gives_the_same_output_forked_and_cold(kernels, course_code, tmp_path):
    notebook = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    cold = execute(notebook, tmp_path, environment=course_code.environment())
    with kernels.workplace() as place:
        manager, base = kernels.manager(place, Limits()), kernels.environment(place)
        warm = execute(notebook, place / "work", base=base, manager=manager)
    assert [cell.get("outputs") for cell in warm.notebook.cells] == [
        cell.get("outputs") for cell in cold.notebook.cells
    ]


def test_a_kernel_starts_with_what_was_asked_for_and_is_safe_to_fork(tmp_path):
    asked = safe_before_fork(("networkx", "networkx.no_such_module", "no_such_package", "alembic"))
    with zygote(LIMITS, NONE, asked) as address:
        seen = run(
            forked_from(address),
            "import sys\nprint([name in sys.modules for name in ('networkx', 'alembic', 'torch')])",
        )
    assert "".join(printed(seen)) == "[True,False,False]"


def test_modules_that_might_start_threads_are_left_to_the_children():
    assert safe_before_fork(("numpy", "tensorflow.keras", "torch.nn", "torchish")) == ["numpy", "torch.nn"]
    assert safe_before_fork(("course.data", "courses"), ["course"]) == ["course.data"]


def test_no_module_that_is_imported_before_forking_starts_a_thread():
    names = [*LIBRARIES, "sklearn.datasets", "skimage.data", "torch.utils.data", "workbook.chapter12.pretrained"]
    code = (
        f"import importlib, os\nfor n in {names}: importlib.import_module(n)\nprint(len(os.listdir('/proc/self/task')))"
    )
    environment = {**os.environ, **kernel_environment(Limits(threads=1), {})}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
