"""Forked kernels behave like cold ones, and nothing of one reaches the next."""

import os
import signal
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.errors import KernelError
from autograder.kernel.provisioner import warm_manager
from autograder.kernel.session import Limits, execute, kernel_environment
from autograder.kernel.zygote import Zygote, can_fork
from tests.conftest import ROOT

LIMITS = Limits(cell_seconds=2)

pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only"),
    pytest.mark.xdist_group("zygote"),
]


@pytest.fixture(scope="module")
def zygote():
    with Zygote(kernel_environment(LIMITS, {})) as running:
        yield running


def run(zygote, folder, *sources, environment=None):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    return execute(notebook, folder, LIMITS, environment, warm_manager(zygote))


def printed(execution):
    return "".join(o.get("text", "") for cell in execution.notebook.cells for o in cell.outputs).split()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_state_of_one_kernel_does_not_reach_the_next(zygote, tmp_path):
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
    run(zygote, tmp_path, leave)
    assert printed(run(zygote, tmp_path, look)) == ["False"] * 11


def test_random_numbers_differ_between_kernels(zygote, tmp_path):
    draw = """
import random, torch, numpy as np
print(random.random(), np.random.rand(), np.random.default_rng().random(), torch.rand(1).item())
"""
    first, second = printed(run(zygote, tmp_path, draw)), printed(run(zygote, tmp_path, draw))
    assert not set(first) & set(second)


def test_a_seed_gives_the_same_numbers_as_in_a_cold_kernel(zygote, tmp_path):
    draw = "import torch\ntorch.manual_seed(3)\nprint(torch.rand(2).tolist())"
    cold = execute(new_notebook(cells=[new_code_cell(draw)]), tmp_path, LIMITS)
    assert printed(run(zygote, tmp_path, draw)) == printed(cold)


def test_modules_beside_the_notebook_are_found(zygote, tmp_path):
    (tmp_path / "mine.py").write_text("value = 42")
    assert printed(run(zygote, tmp_path, "import mine\nprint(mine.value, __name__)")) == ["42", "__main__"]


def test_arithmetic_with_threads_works_after_the_fork(zygote, tmp_path):
    work = "import torch, numpy as np\ntorch.set_num_threads(2)\nx = torch.rand(400, 400)\n"
    work += (
        "print(bool(torch.isfinite(x @ x).all()), bool(np.isfinite(np.ones((400, 400)) @ np.ones((400, 400))).all()))"
    )
    assert printed(run(zygote, tmp_path, work)) == ["True", "True"]


def test_an_endless_cell_is_interrupted(zygote, tmp_path):
    done = run(zygote, tmp_path, "while True: pass", "print('on')")
    assert done.timed_out == {0}
    assert printed(done) == ["on"]


def test_a_dead_kernel_is_noticed_and_the_next_one_works(zygote, tmp_path):
    assert run(zygote, tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)").fault == "the kernel died"
    assert printed(run(zygote, tmp_path, "print('well')")) == ["well"]


def test_no_kernel_is_left_behind(zygote, tmp_path):
    done = run(
        zygote,
        tmp_path,
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '60'])\nprint(os.getpid(), child.pid)",
    )
    pids = [int(word) for word in printed(done)]
    deadline = time.monotonic() + 5
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [pid for pid in pids if alive(pid)] == []


def test_closing_ends_kernels_that_still_run(tmp_path):
    environment = kernel_environment(LIMITS, {})
    with Zygote(environment) as zygote:
        connection = tmp_path / "connection.json"
        connection.write_text("{}")
        pid = zygote.fork(str(connection), str(tmp_path), environment)
        assert zygote.status(pid) is None
    deadline = time.monotonic() + 5
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)


def test_a_zygote_that_is_gone_is_an_error_that_says_so(tmp_path):
    with Zygote(kernel_environment(LIMITS, {})) as zygote:
        os.kill(zygote._process.pid, signal.SIGKILL)
        zygote._process.wait()
        with pytest.raises(KernelError, match="forks kernels"):
            run(zygote, tmp_path, "1")


def test_a_chapter_gives_the_same_output_forked_and_cold(zygote, tmp_path):
    notebook = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    cold = execute(notebook, tmp_path)
    warm = execute(notebook, tmp_path, make_manager=warm_manager(zygote))
    assert [cell.get("outputs") for cell in warm.notebook.cells] == [
        cell.get("outputs") for cell in cold.notebook.cells
    ]
