"""A Dask scheduler and workers as processes of their own on loopback."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_PATIENCE_SECONDS = 120.0


def until(found: Callable[[], T | None], seconds: float = _PATIENCE_SECONDS) -> T:
    """What ``found`` returns once it is something.

    Raises:
        TimeoutError: if it is nothing for too long.
    """
    deadline = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came of it in {seconds:g} s")
        time.sleep(0.05)
    return result


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
