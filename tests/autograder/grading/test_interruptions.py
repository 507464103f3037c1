"""A grader that is killed at any moment loses nothing, leaves nothing behind and repeats nothing."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.autograder.grading.test_batch import answered, hand_in
from tests.conftest import ROOT
from tests.support.waiting import until

pytestmark = pytest.mark.xdist_group("batch")
STUDENTS = [f"student-{number}" for number in range(5)]


def command(toy, root, out, cell_seconds=120):
    options = ["--course", str(toy.root), "--out", str(root / out), "--jobs", "2", "--timeout", str(cell_seconds)]
    return [sys.executable, "-m", "autograder", "grade", str(root / "in"), *options]


def outcome(root, out):
    batch = json.loads((root / out / "results.json").read_text())
    for submission in batch["submissions"]:
        submission.pop("seconds")
        for task in submission["tasks"]:
            task.pop("seconds")
    return batch


def finished(root, out):
    files = (root / out / "submissions").glob("*/*.json")
    return {path.parent.name: path.stat().st_mtime_ns for path in files}


def processes_with(marker):
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if marker.encode() in (folder / "environ").read_bytes():
                found.append(folder.name)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("kept", [1, pytest.param(3, marks=pytest.mark.slow)])
def test_killing_the_grader_costs_nothing(tmp_path, toy, toy_student, kept):
    slow = "import time\ntime.sleep(0.4)\ndef double(x):\n    return 2 * x"
    hand_in(tmp_path / "in", **{student: answered(toy_student, double=slow) for student in STUDENTS})
    marker = f"KILLED_GRADER={tmp_path.name}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **dict([marker.split("=")])}
    grader = subprocess.Popen(
        command(toy, tmp_path, "killed"), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: len(finished(tmp_path, "killed")) >= kept or grader.poll() is not None)
    finally:
        grader.send_signal(signal.SIGKILL)
        grader.wait()
    before = finished(tmp_path, "killed")
    assert len(before) >= kept
    until(lambda: not processes_with(marker))

    subprocess.run(command(toy, tmp_path, "killed"), env=environment, check=True, capture_output=True)
    after = finished(tmp_path, "killed")
    assert {student: after[student] for student in before} == before
    subprocess.run(command(toy, tmp_path, "undisturbed"), env=environment, check=True, capture_output=True)
    assert outcome(tmp_path, "killed") == outcome(tmp_path, "undisturbed")
    assert set(after) == set(STUDENTS)


def has_begun(place):
    # Folders come and go while they are looked through.
    with suppress(FileNotFoundError):
        return any(place.rglob("begun"))
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="Windows terminates without a signal")
@pytest.mark.parametrize("what", ["grade", "validate"])
def test_who_is_asked_to_terminate_ends_soon_and_in_order(tmp_path, toy, toy_student, what):
    slow = "from pathlib import Path\nPath('begun').touch()\nimport time\ntime.sleep(100)"
    hand_in(tmp_path / "in", **{student: answered(toy_student, double=slow) for student in STUDENTS[:3]})
    (notebook,) = (tmp_path / "in" / STUDENTS[0]).rglob("*.ipynb")
    line = {
        "grade": command(toy, tmp_path, "out", cell_seconds=100),
        "validate": [sys.executable, "-m", "autograder", "validate", str(notebook)],
    }[what]
    # A short path: that of a Unix socket may have 107 characters.
    with tempfile.TemporaryDirectory() as temporary:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": temporary}
        grader = subprocess.Popen(line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not (has_begun(Path(temporary)) or has_begun(notebook.parent)) and time.monotonic() < deadline:
            time.sleep(0.05)
        grader.terminate()
        assert grader.wait(60) == 143
        assert [
            path.name for path in Path(temporary).iterdir() if path.name.startswith(("autograder-", "kernel-"))
        ] == []
