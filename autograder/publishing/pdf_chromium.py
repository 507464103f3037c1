"""Drive a headless Chromium through the pipe of its DevTools protocol: no port is opened, nothing is downloaded."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.errors import BuildError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    # Shared memory is small in containers.
    "--disable-dev-shm-usage",
    # A file of the book loads fonts and pictures that are next to it.
    "--allow-file-access-from-files",
    # What is printed comes from this machine or not at all.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
# The protocol's pipe: Chromium reads commands from 3 and writes answers to 4, each closed by a zero byte.
_COMMANDS, _ANSWERS = 3, 4
_CHUNK = 1 << 20
_CALL_SECONDS = 600.0
_CLOSE_SECONDS = 10.0


def find_chromium() -> str:
    """The path of an installed Chromium.

    Raises:
        BuildError: if there is none, or this system cannot hand a pipe to it.
    """
    if sys.platform == "win32":
        raise BuildError("the PDF is printed on Linux and macOS only. Print the built pages from your browser instead.")
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise BuildError(
            f"no Chromium was found; looked on PATH for {', '.join(_NAMES)}. The PDF is printed by it: install it "
            "(on Debian: apt-get install chromium), or build the book without --pdf."
        )
    return found


class Tab:
    """One page of a headless Chromium. Every call waits for its answer, at most ten minutes."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands = commands
        self._answers = answers
        self._unread = b""
        self._calls = 0
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def open(self, path: Path, width: int) -> None:
        """Load a file as a printer would show it, in a window of ``width`` CSS pixels (1/96 inch).

        Raises:
            BuildError: if it cannot be loaded.
        """
        self._call("Emulation.setEmulatedMedia", media="print")
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=1000, deviceScaleFactor=1, mobile=False)
        answer = self._call("Page.navigate", url=path.absolute().as_uri())
        if "errorText" in answer:
            raise BuildError(f"Chromium cannot open {path}: {answer['errorText']}. Does the file exist?")
        self.evaluate(
            "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))"
        )

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, as plain data; a promise is awaited.

        Raises:
            BuildError: if the expression throws.
        """
        answer = self._call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            thrown = details.get("exception", {}).get("description", details["text"])
            raise BuildError(
                f"a script in the page failed: {thrown}. Build the book again and look at it in a browser."
            )
        return answer["result"].get("value")

    def print_pdf(self, *, draft: bool = False) -> bytes:
        """The page as a PDF, with paper and margins from its style sheet.

        Args:
            draft: leave out the bookmarks and the tags for screen readers, which take half of the time.
        """
        options = {"preferCSSPageSize": True, "printBackground": True}
        options |= {"generateDocumentOutline": not draft, "generateTaggedPDF": not draft}
        stream = self._call("Page.printToPDF", transferMode="ReturnAsStream", **options)["stream"]
        parts: list[bytes] = []
        while True:
            piece = self._call("IO.read", handle=stream, size=_CHUNK)
            parts.append(base64.b64decode(piece["data"]) if piece.get("base64Encoded") else piece["data"].encode())
            if piece["eof"]:
                self._call("IO.close", handle=stream)
                return b"".join(parts)

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._calls += 1
        message: dict[str, Any] = {"id": self._calls, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._write(json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + _CALL_SECONDS
        while True:
            answer = self._read(deadline)
            if answer.get("id") == self._calls:  # the others are events
                break
        if "error" in answer:
            reason = answer["error"].get("message")
            raise BuildError(f"Chromium refused {method}: {reason}. Expected version 131 or newer; update it.")
        result: dict[str, Any] = answer["result"]
        return result

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self._commands, data) :]
        except BrokenPipeError:
            raise BuildError("Chromium ended before it was asked to; is there enough memory for it?") from None

    def _read(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._answers], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise BuildError(f"Chromium gave no answer within {_CALL_SECONDS:g} s; the machine may be overloaded.")
            data = os.read(self._answers, _CHUNK)
            if not data:
                raise BuildError("Chromium ended before it was asked to; is there enough memory for it?")
            self._unread += data
        text, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


@contextmanager
def headless_tab() -> Iterator[Tab]:
    """A tab of a Chromium of its own, with a profile that is deleted afterwards.

    Raises:
        BuildError: if there is no Chromium, or it does not start.
    """
    program = find_chromium()
    arguments = [program, *_ARGUMENTS]
    if os.geteuid() == 0:
        # As root, Chromium refuses to start with its sandbox; it shows nothing but our own pages.
        arguments.append("--no-sandbox")
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        arguments.append(f"--user-data-dir={profile}")
        their_commands, commands = _high_pipe()
        answers, their_answers = _high_pipe()
        process = _spawn(arguments, their_commands, their_answers)
        try:
            yield Tab(commands, answers)
        finally:
            os.close(commands)
            os.close(answers)
            _end(process)


def _high_pipe() -> tuple[int, int]:
    """A pipe whose ends are not the numbers that Chromium will have for its own."""
    ends = os.pipe()
    high = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return high[0], high[1]


def _spawn(arguments: list[str], their_commands: int, their_answers: int) -> int:
    try:
        return os.posix_spawn(
            arguments[0],
            arguments,
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, their_commands, _COMMANDS),
                (os.POSIX_SPAWN_DUP2, their_answers, _ANSWERS),
                # Its own remarks, such as a missing D-Bus, mean nothing here.
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            setpgroup=0,
        )
    except OSError as error:
        raise BuildError(f"{arguments[0]} cannot be started: {error.strerror}.") from error
    finally:
        os.close(their_commands)
        os.close(their_answers)


def _end(process: int) -> None:
    """Wait for a Chromium whose pipe was closed; it ends by itself. One that hangs is killed with its children."""
    deadline = time.monotonic() + _CLOSE_SECONDS
    while time.monotonic() < deadline:
        if os.waitpid(process, os.WNOHANG)[0]:
            return
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    os.waitpid(process, 0)
