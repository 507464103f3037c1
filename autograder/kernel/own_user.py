"""The user as whom kernels run where the grader is root: one to whom nothing belongs but the kernels' own folders.

Root owns the course, the submissions and the results, so a kernel of root's reads them whatever their mode is, even
without any right of an administrator. As another user, it reads what their mode lets everyone read.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import KernelError

VARIABLE = "AUTOGRADER_KERNEL_USER"
_PROBE_SECONDS = 60.0
# Run as the user: which of the paths it may read, write or go through.
_LOOK = "import os, sys\nfor path in sys.argv[1:]: print(int(any(os.access(path, way) for way in (4, 2, 1))))"


@dataclass(frozen=True)
class Account:
    """A user of this machine.

    Attributes:
        name: for messages.
        uid, gid: its numbers.
    """

    name: str
    uid: int
    gid: int


ROOT = Account("root", 0, 0)


def kernel_account() -> Account | None:
    """The user that the environment variable ``AUTOGRADER_KERNEL_USER`` names, or None where it names none.

    Raises:
        KernelError: if this process cannot start another as that user, or that user is root.
    """
    name = os.environ.get(VARIABLE, "")
    if not name:
        return None
    if os.name != "posix" or os.geteuid() != 0:
        raise KernelError(f"{VARIABLE}={name}, but only root can start kernels as another user. Unset it.")
    import pwd

    try:
        entry = pwd.getpwnam(name)
    except KeyError as error:
        raise KernelError(
            f"{VARIABLE}={name}, but there is no such user. Make one: useradd --system --no-create-home {name}"
        ) from error
    if entry.pw_uid == 0:
        raise KernelError(f"{VARIABLE}={name} is root, whom no file is kept from. Name a user without rights.")
    return Account(name, entry.pw_uid, entry.pw_gid)


def started_as(account: Account | None) -> dict[str, Any]:
    """Arguments of ``subprocess.Popen`` that start a process as this user, in no group but its own."""
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def hand_over(folder: Path, account: Account) -> None:
    """Give a folder and all that is in it to another user; that user cannot look in before all of it is theirs."""
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(Path(parent, name), account.uid, account.gid, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def within_reach(paths: Iterable[Path], account: Account) -> list[Path]:
    """Those of the paths that the user could read, write or go through; of what does not exist, the folder counts.

    Raises:
        KernelError: if the user cannot run Python at all.
    """
    known = list(paths)
    existing = [next(place for place in (path, *path.parents) if place.exists()) for path in map(Path.absolute, known)]
    answers = run_as(account, _LOOK, *map(str, existing)).split()
    return [path for path, answer in zip(known, answers, strict=True) if answer == "1"]


def run_as(account: Account, code: str, *arguments: str) -> str:
    """What a piece of Python prints when that user runs it.

    Raises:
        KernelError: if the user cannot run it, most likely because Python is where only root can read.
    """
    advice = "Install Python and its packages where every user can read them, such as /opt."
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments], capture_output=True, text=True, check=False, cwd="/",
            timeout=_PROBE_SECONDS, **started_as(account),
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise KernelError(f"the user {account.name} cannot run {sys.executable}: {error}. {advice}") from error
    if done.returncode != 0:
        why = (done.stderr.strip().splitlines() or ["it failed"])[-1][-200:]
        raise KernelError(f"the user {account.name} cannot run {sys.executable}: {why}. {advice}")
    return str(done.stdout)
