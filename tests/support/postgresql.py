"""A PostgreSQL server of its own for a test: on a Unix socket in a temporary folder, and ended with the test."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_SECONDS = 60


def programs():
    """The folder of PostgreSQL's programs, which Debian does not put on PATH; None where it is not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "postgres").is_file()), None)


def missing():
    """What keeps a test from running here, or an empty text."""
    if programs() is None:
        return "PostgreSQL is not installed (Debian's package postgresql)"
    return "" if find_spec("psycopg") else "psycopg, the driver, is not installed"


@contextmanager
def server():
    """Starts a server and gives the URL of its empty database."""
    folder, user = Path(tempfile.mkdtemp(prefix="postgresql-")), _user()
    rights = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, log = folder / "data", folder / "log"
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": folder, **rights}
    try:
        made = [programs() / "initdb", "--auth=trust", "--username=grader", "--encoding=UTF8", "--no-sync", data]
        subprocess.run(made, check=True, timeout=_SECONDS, **quiet)
        started = [programs() / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
        with log.open("wb") as errors, subprocess.Popen(started, stderr=errors, **quiet) as process:
            try:
                _wait(folder, process, log)
                yield f"postgresql+psycopg://grader@/postgres?host={folder}"
            finally:
                process.send_signal(signal.SIGINT)  # the server's word for ending without waiting for its clients
                process.wait(_SECONDS)
    finally:
        shutil.rmtree(folder)


def _user():
    """Whom the server runs as, where we are root, whom it refuses."""
    if os.geteuid() != 0:
        return None
    return next(user for name in ("postgres", "nobody") for user in pwd.getpwall() if user.pw_name == name)


def _wait(folder, process, log):
    import psycopg

    end = time.monotonic() + _SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="grader", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}") from None
            time.sleep(0.05)
