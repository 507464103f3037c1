"""nbgrader's formgrader on a course folder, as an instructor starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import until

TOKEN = "for-this-test-only"
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
    "WORKBOOK_EMBEDDED": "1",
    "OMP_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class FormGrader:
    """A running server.

    Attributes:
        address: of the server, with its port.
    """

    address: str

    def ask(self, path: str, **body: Any) -> str:
        """What formgrader answers; with a body, the page sends it as a person's entry."""
        request = urllib.request.Request(
            f"{self.address}/formgrader/{path}",
            data=json.dumps(body).encode() if body else None,
            method="PUT" if body else "GET",
            headers={"Authorization": f"token {TOKEN}"},
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            text: str = answer.read().decode()
        return text


def run(*arguments: Any, cwd: Path) -> str:
    """What a command of this environment prints; it has to succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (arguments, done.stdout, done.stderr[-3000:])
    return done.stdout + done.stderr


@contextmanager
def formgrader_in(place: Path, runtime: Path) -> Iterator[FormGrader]:
    """A server in a course folder.

    Args:
        runtime: an empty folder in which the server says which port it took.
    """
    log_file = runtime / "server.log"
    command = [
        sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root", "--ip", "127.0.0.1",
        "--port", "0", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={place}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader':True}",
    ]  # fmt: skip

    def started() -> FormGrader:
        # The server takes any free port, and says which in this file.
        (file,) = runtime.glob("jpserver-*.json")
        return FormGrader(f"http://127.0.0.1:{json.loads(file.read_text())['port']}")

    def answers_or_ended() -> Any:
        with suppress(OSError, ValueError):
            return started().ask("api/status")
        return server.poll() is not None

    with log_file.open("w") as log:
        environment = {**ENVIRONMENT, "JUPYTER_RUNTIME_DIR": str(runtime)}
        server = subprocess.Popen(command, cwd=place, env=environment, stdout=log, stderr=log)
        try:
            with suppress(TimeoutError):
                until(answers_or_ended)
            try:
                started().ask("api/status")
            except (OSError, ValueError) as error:
                pytest.fail(f"formgrader does not answer: {error}\n{log_file.read_text()}")
            yield started()
        finally:
            server.terminate()
            server.wait(120)
