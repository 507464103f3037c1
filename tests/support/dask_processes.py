"""A Dask scheduler and workers as processes of their own on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import until


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler without workers: its process and its address."""
    file = folder / "scheduler.json"

    def address() -> str | None:
        try:
            return str(json.loads(file.read_text())["address"])
        except (OSError, json.JSONDecodeError):
            return None

    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    process = _dask("scheduler", *options, folder=folder)
    try:
        yield process, until(address)
    finally:
        process.kill()
        process.wait()


@contextmanager
def worker(url: str, folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """One worker under a nanny, as ``dask worker`` starts it; ``options`` replace ``--nthreads 1``."""
    folder.mkdir()
    fixed = ["--no-dashboard", "--local-directory", str(folder), "--host", "127.0.0.1"]
    process = _dask("worker", url, *fixed, *(options or ["--nthreads", "1"]), folder=folder)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _dask(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
