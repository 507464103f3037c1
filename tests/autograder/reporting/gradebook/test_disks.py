"""A full or a read-only disk loses nothing."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder.results import to_json
from tests.conftest import ROOT
from tests.support.gradebook import Book
from tests.support.graded import executed, result

pytestmark = pytest.mark.xdist_group("gradebook")


def in_bubblewrap(*mounts, command):
    wrapped = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", *mounts, "--", *command]
    return subprocess.run(wrapped, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


def has_bubblewrap():
    return shutil.which("bwrap") and in_bubblewrap(command=["true"]).returncode == 0


ON_A_DISK = """
import json, os, sqlite3, sys
from pathlib import Path
import nbformat
from autograder.errors import AutograderError
from autograder.reporting.gradebook.write import write_gradebook
from autograder.results import from_json

given, disk, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
first, *others = [from_json(entry) for entry in json.loads((given / "results.json").read_text())]
done = nbformat.read(given / "done.ipynb", as_version=4)
sources = {first.assignment: nbformat.read(given / "source.ipynb", as_version=4)}

def write(*results):
    write_gradebook(results, lambda _: done, sources, disk / "gradebook")

if left >= 0:
    write(first)
    about = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(about.f_bavail * about.f_frsize - left))
try:
    write(first, *others)
except AutograderError as error:
    print(f"refused: {error}")
with sqlite3.connect(f"file:{disk}/gradebook/gradebook.db?mode=ro&immutable=1", uri=True) as connection:
    print(connection.execute("SELECT student_id FROM submitted_assignment").fetchall())
print(sorted(path.name for path in (disk / "gradebook" / "autograded").iterdir()))
"""


@pytest.mark.slow
@pytest.mark.skipif(not has_bubblewrap(), reason="needs bubblewrap to make such a disk")
@pytest.mark.parametrize(
    ("left", "words"),
    [(-1, "Read-only file system"), (20_000, "No space left"), (190_000, "database or disk is full")],
)
def test_a_full_or_read_only_disk_is_explained_and_loses_nothing(book, tmp_path, left, words):
    many = [to_json(result(f"s{number:02}")) for number in range(20)]
    (tmp_path / "results.json").write_text(json.dumps(many))
    nbformat.write(executed(book.source, book.student), tmp_path / "done.ipynb")
    nbformat.write(book.source.notebook, tmp_path / "source.ipynb")
    disk = tmp_path / "disk"
    disk.mkdir()
    if left < 0:
        Book(disk / "gradebook", book.source, book.student).write(result("s00"))
    mounts = ["--size", "2000000", "--tmpfs", str(disk)] if left >= 0 else []
    done = in_bubblewrap(*mounts, command=[sys.executable, "-c", ON_A_DISK, str(tmp_path), str(disk), str(left)])
    refused, rows, folders = done.stdout.splitlines() or [done.stderr] * 3
    assert words in refused
    assert "Make room" in refused
    assert (rows, folders) == ("[('s00',)]", "['s00']")
