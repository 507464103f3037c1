"""What a confined kernel cannot do. Each layer is tried alone where it can be."""

import socket
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.kernel.isolation import BUBBLEWRAP, LANDLOCK, NONE, PROCESSES, Isolation, available
from autograder.kernel.limits import Limits
from autograder.kernel.provisioner import forked_from
from autograder.kernel.session import execute
from autograder.kernel.zygote_client import can_fork, zygote
from tests.conftest import ROOT

LIMITS = Limits(cell_seconds=20, notebook_seconds=60, memory_bytes=1_000_000_000, folder_bytes=50_000_000)

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="kernels are confined on Linux only"),
    pytest.mark.xdist_group("isolation"),
]


@pytest.fixture(scope="module")
def offered():
    return available()


@pytest.fixture(scope="module")
def kernels(offered):
    with zygote(LIMITS, offered) as address:
        yield forked_from(address)


def run(kernels, *sources):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    with kernels.workplace() as place:
        manager, base = kernels.manager(place, LIMITS), kernels.environment(place)
        done = execute(notebook, place / "work", LIMITS, base=base, manager=manager, watched=place)
    texts = [o.get("text", "") or o.get("ename", "") for cell in done.notebook.cells for o in cell.outputs]
    return done, "".join(texts)


def needs(offered, layer):
    if layer not in offered.layers:
        pytest.skip(f"this machine lacks a layer: {'; '.join(offered.missing)}")


def test_what_is_missing_is_said():
    assert not NONE.complete
    assert str(NONE) == "none"
    assert not Isolation(("limits",), ("landlock: no",)).complete
    assert "bubblewrap" in str(available()) or any("bwrap" in reason for reason in available().missing)


def test_pythons_path_may_lead_through_other_folders_and_links(offered, tmp_path):
    needs(offered, BUBBLEWRAP)
    (tmp_path / "aside").mkdir()
    (tmp_path / "link").symlink_to(Path(sys.prefix).parent)
    around = tmp_path / "aside" / ".." / "link" / Path(sys.prefix).name / "bin" / "python"
    look = "from autograder.kernel.isolation import available; print(available())"
    done = subprocess.run([around, "-c", look], capture_output=True, text=True, check=True)
    assert BUBBLEWRAP in done.stdout


def test_a_confined_kernel_does_what_notebooks_do(kernels):
    work = """
import numpy as np, torch, matplotlib.pyplot as plt, tempfile, pathlib, subprocess
pathlib.Path("mine.txt").write_text("kept")
with tempfile.NamedTemporaryFile("w") as file:
    file.write("x")
plt.plot(np.arange(3)); plt.show()
print(pathlib.Path("mine.txt").read_text(), torch.rand(100, 100).mean() > 0, subprocess.run(["true"]).returncode)
"""
    done, output = run(kernels, work)
    assert output.split() == ["kept", "tensor(True)", "0"]
    assert any("image/png" in output.get("data", {}) for output in done.notebook.cells[0].outputs)


def test_libraries_may_ask_about_their_own_process(kernels):
    _, output = run(kernels, "import threadpoolctl\nprint(len(threadpoolctl.threadpool_info()) > 0)")
    assert output == "True\n"


def test_workers_of_a_data_loader_share_memory(kernels, offered):
    needs(offered, PROCESSES)
    work = """
import torch
loader = torch.utils.data.DataLoader(torch.arange(8.0), batch_size=4, num_workers=1)
print(sum(batch.sum().item() for batch in loader))
"""
    assert "28.0" in run(kernels, work)[1]


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "notebooks" / "01_activation_derivatives.ipynb",
        ROOT / "autograder" / "samples" / "sample_class.py",
        ROOT / "README.md",
        "/etc/shadow",
        "/etc/hostname",
    ],
    ids=str,
)
def test_files_of_the_machine_cannot_be_read(kernels, offered, path):
    needs(offered, LANDLOCK)
    _, output = run(kernels, f"print(len(open({str(path)!r}, 'rb').read()))")
    assert output in ("FileNotFoundError", "PermissionError")


@pytest.mark.parametrize("folder", ["/tmp", "/usr", "../..", "/dev/shm/.."])
def test_nothing_is_written_elsewhere(kernels, offered, folder):
    needs(offered, LANDLOCK)
    path = f"{folder}/written-{uuid.uuid4()}"
    try:
        _, output = run(kernels, f"open({path!r}, 'w').write('x')")
    finally:
        if folder.startswith("/"):
            Path(path).unlink(missing_ok=True)
    assert output in ("FileNotFoundError", "PermissionError", "OSError")


def test_no_listener_of_the_machine_is_reached(kernels, offered):
    needs(offered, BUBBLEWRAP)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        heard = []

        def listen():
            try:
                heard.append(server.accept())
            except OSError:
                return

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        _, output = run(kernels, f"import socket; socket.create_connection(('127.0.0.1', {port}), timeout=2)")
    assert "Error" in output
    assert heard == []


def test_the_graders_environment_stays_with_it(offered, monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", "secret-4711")
    with zygote(LIMITS, offered, ()) as address:
        look = "import glob, os\nprint(dict(os.environ), *(open(p).read() for p in glob.glob('/proc/[0-9]*/environ')))"
        _, output = run(forked_from(address), look)
    assert "HOME" in output and "secret-4711" not in output


def test_memory_is_limited(kernels):
    done, output = run(kernels, "blocks = [bytearray(200_000_000) for _ in range(10)]", "print('on')")
    assert "MemoryError" in output and "on" in output
    assert done.fault is None


def test_a_full_folder_ends_the_notebook(kernels):
    fill = "for i in range(8):\n    open(f'file{i}', 'wb').write(bytes(10_000_000))\nimport time; time.sleep(10)"
    done, _ = run(kernels, fill, "print('on')")
    assert "more files" in done.fault


def test_a_kernel_sees_no_other_process(kernels, offered):
    needs(offered, PROCESSES)
    look = "print(os.getpid(), os.getppid(), *filter(str.isdigit, os.listdir('/proc')))"
    _, output = run(kernels, f"import os; {look}")
    assert output.split() == ["1", "0", "1"]


def test_signals_reach_nobody_else(kernels, offered):
    needs(offered, PROCESSES)
    attack = "import os, signal\nfor pid in range(2, 300):\n    try:\n        os.kill(pid, signal.SIGKILL)\n"
    attack += "    except (ProcessLookupError, PermissionError):\n        pass\nprint('done')"
    # The numbers of its own threads are all it can hit, and it is proof against its own signals.
    _, output = run(kernels, attack)
    assert output.split() == ["done"]
    assert run(kernels, "print('well')")[1].split() == ["well"]


@pytest.mark.parametrize(
    "change",
    [
        "chmod('../..', 0)",
        "utime('../..', (0, 0))",
        "rename('..', '../../x')",
        "chmod('/', 0)",
        "chmod('/dev/null', 0)",
    ],
)
def test_nothing_that_others_use_can_be_changed(kernels, offered, change):
    needs(offered, PROCESSES)
    mode = kernels.scratch.stat().st_mode
    _, output = run(kernels, f"import os\nos.{change}")
    assert "Error" in output
    assert kernels.scratch.stat().st_mode == mode
    assert run(kernels, "print('well')")[1].split() == ["well"]
