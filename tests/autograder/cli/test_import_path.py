"""No process of the grader imports a file of the working folder, whatever it is called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.import_path import SAFE_PATH, checkout_on_path, without_working_folder
from tests.support.toy import NAME as CHAPTER
from tests.support.toy import toy_course

SHADOWS = (
    "json", "numpy", "tempfile", "socket", "typer", "nbformat", "zmq", "ipykernel", "multiprocessing",
    "concurrent", "selectors", "secrets", "sitecustomize", "usercustomize",
)  # fmt: skip


@pytest.fixture
def trapped(tmp_path):
    """A working folder with a notebook and files that leave a trace when they are imported."""
    folder = tmp_path / "desk"
    folder.mkdir()
    for name in SHADOWS:
        trace = tmp_path / f"imported-{name}"
        (folder / f"{name}.py").write_text(f"open({str(trace)!r}, 'w').close()\nraise ImportError('a trap')\n")
    return folder


def traces(folder):
    return sorted(path.name for path in folder.parent.glob("imported-*"))


def python(trapped, *arguments):
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", SAFE_PATH)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=trapped, capture_output=True, text=True, env=environment, timeout=300
    )


def test_the_trap_works(trapped):
    assert python(trapped, "-c", "import json").returncode == 1
    assert traces(trapped) == ["imported-json"]


def test_grading_imports_nothing_from_there(trapped, tmp_path):
    course = toy_course(tmp_path / "course")
    source = next(Path(course.root).rglob(f"{CHAPTER}.ipynb"))
    (trapped / source.name).write_bytes(source.read_bytes())
    command = ["-m", "autograder", "grade", source.name, "--course", str(course.root), "--out", str(tmp_path / "out")]
    done = python(trapped, *command, "--jobs", "1")
    assert traces(trapped) == []
    assert done.returncode == 0, done.stderr + done.stdout


def test_processes_of_a_pool_import_nothing_from_there(trapped):
    code = """
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from autograder.import_path import without_working_folder
if __name__ == "__main__":
    with without_working_folder(), ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        print(pool.submit(abs, -3).result())
"""
    assert python(trapped, "-c", code).stdout == "3\n"
    assert traces(trapped) == []


def test_the_environment_is_as_before(monkeypatch):
    monkeypatch.delenv(SAFE_PATH, raising=False)
    with without_working_folder():
        assert os.environ[SAFE_PATH] == "1"
    assert SAFE_PATH not in os.environ
    monkeypatch.setenv(SAFE_PATH, "yes")
    with without_working_folder():
        pass
    assert os.environ[SAFE_PATH] == "yes"


def test_a_checkout_that_is_not_installed_works():
    root = Path(__file__).resolve().parents[3]
    # Without `site`, what is installed in an editable way is not found; other packages are, by their folder.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if "site-packages" in path)}
    command = [sys.executable, "-S", "-m", "autograder", "--help"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "grade" in done.stdout


def test_processes_of_a_checkout_find_the_package_there(monkeypatch):
    root = str(Path(__file__).resolve().parents[3])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(("/elsewhere", root)))
    assert checkout_on_path() == root
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    assert checkout_on_path() == ""
