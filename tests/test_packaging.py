"""The wheel in an environment that has nothing else: what students of any course install."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.toy import NAME, toy_course

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("packaging")]

UNREACHABLE = ("connect error", "dns error", "error sending request", "Temporary failure in name resolution")


def run(*command, cwd, check=True):
    # What this process imports from is not what the wheel's environment imports from.
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**kept, "COLUMNS": "200"},
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built in a copy: setuptools leaves folders behind, and puts what an earlier build left there into the wheel."""
    source = tmp_path_factory.mktemp("source")
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    for package in ("autograder", "workbook", "authoring"):
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__", "wrong_answers"))
    out = tmp_path_factory.mktemp("wheel")
    # Not isolated, so that nothing is fetched: this environment has setuptools.
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    run(*pip, "--wheel-dir", out, source, cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """The folder of programs of an empty environment in which the wheel was installed."""
    folder = tmp_path_factory.mktemp("environment").resolve() / "venv"
    venv.create(folder)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    # uv takes from its cache what it installed before, which pip needs half a minute for.
    uv = (sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", programs / "python")
    done = run(*uv, "--constraint", ROOT / "requirements-student.txt", wheel, cwd=folder, check=False)
    if done.returncode and "CI" not in os.environ and any(words in done.stderr for words in UNREACHABLE):
        pytest.skip(f"the package index cannot be reached: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr
    return programs


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A course that needs only what every installation has."""
    return toy_course(tmp_path_factory.mktemp("toy") / "course").root


def test_the_wheel_holds_the_engine_and_nothing_of_the_course(wheel):
    names = [Path(name) for name in zipfile.ZipFile(wheel).namelist()]
    info = f"{'-'.join(wheel.name.split('-')[:2])}.dist-info"
    assert {name.parts[0] for name in names} == {"autograder", info}
    assert Path(info, "licenses", "LICENSE") in names


def test_the_wheel_holds_every_file_of_the_engine(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("autograder/")}
    package = [path for path in (ROOT / "autograder").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert held == {path.relative_to(ROOT).as_posix() for path in package if not path.name.startswith(".")}


@pytest.mark.parametrize("module", ["torch", "nbgrader", "sqlalchemy", "sphinx", "dask", "workbook", "authoring"])
def test_the_environment_lacks_what_the_extras_bring(environment, folder, module):
    assert run(environment / "python", "-c", f"import {module}", cwd=folder, check=False).returncode == 1


def test_every_command_can_be_asked_for_help(environment, folder):
    message = run(environment / "autograder", "--help", cwd=folder).stdout
    for command in (
        "validate",
        "doctor",
        "release",
        "grade",
        "feedback",
        "report",
        "export",
        "gradebook",
        "book",
        "demo",
    ):
        assert command in message
        assert "Usage" in run(environment / "autograder", command, "--help", cwd=folder).stdout
    assert run(environment / "python", "-m", "autograder", "--help", cwd=folder).stdout.split("Options")[1:]


def test_checks_can_be_imported(environment, folder):
    run(environment / "python", "-c", "import autograder.testing", cwd=folder)


def test_the_doctor_looks_at_the_machine(environment, folder):
    message = run(environment / "python", "-m", "autograder", "doctor", cwd=folder, check=False)
    assert "Traceback" not in message.stderr
    lines = [line.split() for line in message.stdout.splitlines()]
    states = {line[0]: line[1] for line in lines if len(line) > 1}
    assert [states[topic] for topic in ("python", "numpy", "nbclient", "ipykernel", "kernel")] == ["ok"] * 5


def test_a_notebook_can_be_validated(environment, folder):
    message = run(environment / "autograder", "validate", Path("notebooks") / f"{NAME}.ipynb", cwd=folder)
    assert "2 of 2 checks passed" in message.stdout


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        ("book", "book"),
        ("demo", "book"),
        ("release", "grade"),
        (f"grade notebooks/{NAME}.ipynb", "grade"),
        ("feedback results", "grade"),
        ("report results", "grade"),
        ("gradebook results", "grade"),
    ],
)
def test_a_command_without_its_extra_names_it(environment, folder, command, extra):
    done = run(environment / "autograder", *command.split(), cwd=folder, check=False)
    assert done.returncode == 2
    name = command.split()[0]
    expected = f'`autograder {name}` needs the extra {extra}: pip install "deep-learning-workbook[{extra}]"'
    assert expected in done.stderr
