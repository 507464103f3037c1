"""What a folder holds is counted, or counts as too much; and the folder can be removed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.kernel.disk import holds_more, remove

NOBODY = 65534
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")


def as_ordinary_user(code, folder):
    """Run code in a child process, with ``folder`` as its own, under a user that permissions hold for."""
    dropped = f"os.setgroups([]); os.setresgid(*[{NOBODY}] * 3); os.setresuid(*[{NOBODY}] * 3)\n"
    text = "import os, sys\nfrom pathlib import Path\nfrom autograder.kernel.disk import holds_more, remove\n"
    text += f"root = Path({str(folder)!r})\n"
    if os.geteuid() == 0:
        text += f"os.chown(root, {NOBODY}, {NOBODY}); os.chdir(root); {dropped}"
    done = subprocess.run([sys.executable, "-c", text + code], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.fixture
def place():
    """A folder where every user of the machine may get to; those of pytest are for the one who runs it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def test_the_size_of_all_files_is_counted(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("a/x", "a/b/y"):
        (tmp_path / name).write_bytes(bytes(20_000))
    assert not holds_more(tmp_path, 60_000)
    assert holds_more(tmp_path, 39_000)


def test_a_link_to_a_folder_is_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_bytes(bytes(20_000))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "link").symlink_to(tmp_path / "a")
    assert not holds_more(tmp_path / "b", 19_000)


def test_a_folder_that_is_gone_holds_nothing(tmp_path):
    assert not holds_more(tmp_path / "gone", 0)


@posix
@pytest.mark.parametrize("mode", ["0o300", "0o400", "0o000"])
def test_a_folder_that_cannot_be_looked_into_counts_as_too_much_and_can_be_removed(place, mode):
    code = f"""
inner = root / "work" / "hidden" / "inner"
inner.mkdir(parents=True)
(inner / "x").write_bytes(bytes(20_000))
print(holds_more(root, 1_000_000))
for folder in (inner, inner.parent):
    folder.chmod({mode})
print(holds_more(root, 1_000_000))
remove(root / "work")
print((root / "work").exists())
"""
    assert as_ordinary_user(code, place) == ["False", "True", "False"]


@posix
def test_folders_beyond_any_depth_are_removed(tmp_path):
    top = tmp_path / "top"
    top.mkdir()
    code = "import os\nfor _ in range(1200):\n    os.mkdir('d' * 20)\n    os.chdir('d' * 20)"
    subprocess.run([sys.executable, "-c", code], cwd=top, check=True)
    remove(top)
    assert not top.exists()
