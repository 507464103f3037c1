"""The layer that root has where no other is available: kernels run as another user."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.errors import AutograderError, KernelError
from autograder.kernel.isolation import LANDLOCK, OWN_USER, PROCESSES, Isolation, account_for
from autograder.kernel.own_user import VARIABLE, kernel_account
from tests.support.own_user import USER, needs_root, run_open

# Runs notebooks of one cell, each in a kernel of its own, with the layers named; prints what each printed.
ATTACK = """
import json, sys
from autograder.kernel.isolation import Isolation, available
from autograder.kernel.zygote_client import zygote
from autograder.kernel.provisioner import forked_from
from tests.autograder.kernel.test_layers import SMALL, run

layers, *cells = json.load(sys.stdin)
with zygote(SMALL, Isolation(tuple(layers)), ()) as address:
    kernels = forked_from(address)
    print(json.dumps([available().layers, *(run(kernels, cell) for cell in cells)]))
    kernels.client.close()
"""
READ = """
import os
for path in {paths!r}:
    for attempt in (lambda: os.listdir(path), lambda: open(path).read(),
                    lambda: open(path + "/01_toy.ipynb").read(), lambda: open(path, "a").write("x"),
                    lambda: open(path + "/new", "w").write("x"), lambda: os.chmod(path, 0o777),
                    lambda: os.rename(path, path + "2"), lambda: os.symlink(path, "link") or os.listdir("link")):
        try: print(path, attempt())
        except OSError as error: pass
"""
WHO = """
import os, subprocess
status = dict(line.split(":\\t") for line in open("/proc/self/status").read().splitlines())
print(os.getuid() == os.geteuid() != 0, os.getgid() != 0, os.getgroups() in ([], [os.getgid()]))
print({status[f"Cap{name}"].strip("0") for name in ("Inh", "Prm", "Eff", "Amb")}, status["NoNewPrivs"])
for attempt in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.kill(%d, 9)):
    try: print(attempt())
    except OSError as error: print("no")
open("own", "w").write("x")
os.rename("own", "own2")
print(sorted(os.listdir()), subprocess.run(["id", "-un"], capture_output=True, text=True).stdout)
"""


def attack(tmp_path, layers, *cells):
    done = run_open([sys.executable, "-c", ATTACK], tmp_path / "mnt", text=json.dumps([layers, *cells]))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


LOOK = """
import os
print([os.stat(path).st_uid for path in ("..", "../..", "../../..")])
for attempt in (lambda: os.mkdir("../../other"), lambda: open("../../matplotlib/fontlist-1.json", "w")):
    try: print(attempt())
    except OSError as error: print("no")
"""


@pytest.fixture(scope="module")
def closed():
    """What a grader of root's keeps where everyone may look: a course, submissions and results, each closed."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        paths = [Path(folder, name) for name in ("source", "submission", "results")]
        for path in paths:
            path.mkdir(mode=0o700)
            (path / "01_toy.ipynb").write_text("secret-of-a-course")
        yield [*paths, paths[-1] / "01_toy.ipynb"]


@needs_root
@pytest.mark.parametrize("layers", [[OWN_USER], [OWN_USER, PROCESSES, LANDLOCK]], ids=" + ".join)
def test_a_kernel_reads_and_writes_nothing_of_the_graders_and_has_no_rights(tmp_path, closed, layers):
    before = state(closed)
    look = [LOOK] if layers == [OWN_USER] else []
    offered, found, about, *folders = attack(tmp_path, layers, reading(closed), WHO % os.getpid(), *look)
    assert OWN_USER in offered
    assert found == [None, ""]
    assert about[0] is None and about[1].splitlines() == [
        "True True True", "{''} 1", "no", "no", "no", "no", f"['own2'] {USER}", "",
    ]  # fmt: skip
    assert state(closed) == before
    # The folder of all kernels stays root's: nobody can take the place of the next kernel, into which root writes.
    assert folders == [[None, "[65534, 0, 0]\nno\nno\n"]] * len(look)


@needs_root
def test_root_reads_and_writes_all_of_it(closed):
    code = reading(closed[:1])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=closed[1])
    assert "secret-of-a-course" in done.stdout


def reading(paths):
    return READ.format(paths=[str(path) for path in paths])


def state(paths):
    return [(about.st_mode, about.st_uid, about.st_mtime_ns) for about in map(Path.stat, paths)]


@needs_root
@pytest.mark.parametrize(
    ("name", "reason"),
    [("root", "is root"), ("no-such-user-4f", "useradd")],
)
def test_a_user_that_does_not_do_is_an_error_and_never_passed_over(monkeypatch, name, reason):
    monkeypatch.setenv(VARIABLE, name)
    with pytest.raises(KernelError, match=reason):
        kernel_account()


def test_only_root_can_name_a_user(monkeypatch):
    monkeypatch.setenv(VARIABLE, USER)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(KernelError, match="only root"):
        kernel_account()


def test_the_layer_without_a_user_is_an_error(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(KernelError, match=VARIABLE):
        account_for(Isolation((OWN_USER,)))


@needs_root
def test_a_python_that_the_user_cannot_run_is_an_error(monkeypatch, tmp_path):
    from autograder.kernel.own_user import run_as

    monkeypatch.setenv(VARIABLE, USER)
    (tmp_path / "closed").mkdir(mode=0o700)
    python = tmp_path / "closed" / "python"
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(KernelError, match="Install Python"):
        run_as(kernel_account(), "pass")


@needs_root
def test_grading_refuses_where_the_user_could_read_the_course_or_another_kernel(monkeypatch, tmp_path):
    from autograder.cli import workers
    from autograder.kernel import own_user

    monkeypatch.setenv(VARIABLE, USER)

    def seen(account, code, *paths):
        return "".join(f"{int(Path(path).stat().st_mode & 0o007 > 0)}\n" for path in paths)

    monkeypatch.setattr(own_user, "run_as", seen)

    def require(at_once, *folders, layers=(OWN_USER,)):
        workers.require_out_of_reach(
            workers.Workers(None, None, {}, "", Isolation(layers), at_once), [Path(folder) for folder in folders]
        )

    (tmp_path / "closed").mkdir(mode=0o700)
    require(1, tmp_path / "closed", tmp_path / "closed" / "not-there-yet")
    with pytest.raises(AutograderError, match=f"chmod 700 {tmp_path}/open/new"):
        (tmp_path / "open").mkdir(mode=0o755)
        require(1, tmp_path / "closed", tmp_path / "open" / "new")
    with pytest.raises(AutograderError, match="--jobs 1"):
        require(2, tmp_path / "closed")
    require(2, tmp_path / "open", layers=(OWN_USER, LANDLOCK))
