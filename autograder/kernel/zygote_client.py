"""Start a zygote inside its sandbox, and talk to it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from autograder.errors import KernelError
from autograder.import_path import checkout_on_path
from autograder.kernel.confinement import Confinement, ForkRequest
from autograder.kernel.course_code import NO_CODE, CourseCode
from autograder.kernel.disk import remove
from autograder.kernel.isolation import MEMORY_GROUP, Isolation, account_for, clean_environment, sandboxed
from autograder.kernel.limits import Limits, kernel_environment
from autograder.kernel.memory_group import MemoryGroups, memory_groups
from autograder.kernel.own_user import ROOT, hand_over, started_as
from autograder.kernel.processes import Activity
from autograder.kernel.zygote_connections import connection_to, forget_door, keep_door

# What notebooks import, where it is not known what these will.
LIBRARIES = (
    "numpy", "matplotlib.pyplot", "scipy.special", "scipy.signal", "torch", "torch.nn.functional", "networkx",
    "autograder.testing",
)  # fmt: skip
# Packages that start no thread when they are imported: a process with threads cannot be forked safely.
_SAFE = frozenset(
    ("PIL", "autograder", "matplotlib", "networkx", "numpy", "scipy", "skimage", "sklearn", "torch", "torchvision")
)
_READY_SECONDS = 120.0
_PREFIX = "autograder-"
_AGAIN = "Run the command again; finished work is kept."


@dataclass(frozen=True)
class Address:
    """A zygote as the grader's worker processes know it.

    Attributes:
        name: see :mod:`autograder.kernel.zygote_connections`; it leads nowhere but there.
        scratch: the folder in which every kernel has a folder of its own.
        isolation: what is in force there.
        code: what the course adds to its kernels.
        groups: where its kernels get memory groups, or None.
    """

    name: str
    scratch: Path
    isolation: Isolation
    code: CourseCode = NO_CODE
    groups: MemoryGroups | None = None


def can_fork() -> bool:
    """True where a process with numpy and torch loaded can be forked safely: on Linux."""
    return sys.platform == "linux"


def safe_before_fork(modules: Sequence[str], trusted: Collection[str] = ()) -> list[str]:
    """Those of the modules that a process may import before it forks; the others are left to its children.

    Args:
        trusted: more packages of which that is known.
    """
    return [name for name in modules if name.partition(".")[0] in _SAFE.union(trusted)]


@contextmanager
def zygote(
    limits: Limits,
    isolation: Isolation,
    modules: Sequence[str] = LIBRARIES,
    code: CourseCode = NO_CODE,
) -> Iterator[Address]:
    """Run a zygote, inside the sandbox that ``isolation`` names, for the length of the block.

    Args:
        limits: what a kernel may use at most, and how many threads arithmetic libraries start.
        isolation: what keeps every kernel apart; no request to fork can change it.
        modules: what it imports, so that kernels need not; all safe before a fork, see :func:`safe_before_fork`.
        code: what the course adds to its kernels.

    Raises:
        KernelError: if it does not come up, or no kernel can run as the user that it is to run as.
    """
    account = account_for(isolation)
    groups = memory_groups() if MEMORY_GROUP in isolation.layers else None
    _remove_stale_folders()
    root = Path(tempfile.mkdtemp(prefix=_PREFIX))
    process = None
    with ExitStack() as stack:
        mine, theirs, door, their_door = map(stack.enter_context, (*socket.socketpair(), *_packets()))
        try:
            stack.callback(os.close, _locked(root))
            scratch, log = root / "scratch", root / "log"
            scratch.mkdir(mode=0o711)
            fonts = _font_cache(scratch)
            if account is not None:
                # Into each kernel's own folder, and to matplotlib's; nobody but root can make or rename one there.
                root.chmod(0o711)
                hand_over(fonts, account)
            environment = {**clean_environment(scratch), **kernel_environment(limits, {})}
            environment |= code.environment(checkout_on_path())
            environment["MPLCONFIGDIR"] = str(fonts)
            numbers = [their_door.fileno(), theirs.fileno()]
            readable = [] if code.folder is None else [code.folder]
            confinement = Confinement.of(isolation, limits, tuple(map(str, readable)))
            command = [sys.executable, "-P", "-m", "autograder.kernel.zygote", *map(str, numbers)]
            command += [confinement.to_json(), *modules, *code.startup]
            with log.open("wb") as reply:
                # Not this process's own output: kernels would inherit the grader's terminal.
                process = subprocess.Popen(
                    sandboxed(command, scratch, isolation, readable), env=environment, pass_fds=numbers, cwd=scratch,
                    stdin=subprocess.DEVNULL, stdout=reply, stderr=reply, start_new_session=True,
                    **started_as(account),
                )  # fmt: skip
            theirs.close()
            their_door.close()
            _await_ready(mine, log)
            if account is not None:
                # Before there is a kernel, since all are the same user.
                hand_over(fonts, ROOT)
            keep_door(root.name, door)
            yield Address(root.name, scratch, isolation, code, groups)
        finally:
            forget_door(root.name)
            for end in (theirs, their_door, mine, door):
                end.close()
            if process is not None:
                _end(process)
            _keep_font_cache(scratch)
            remove(root)


def _packets() -> tuple[socket.socket, socket.socket]:
    """A pair of sockets that keep messages apart."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


@contextmanager
def zygote_where_possible(
    limits: Limits, isolation: Isolation, modules: Sequence[str] = LIBRARIES, code: CourseCode = NO_CODE
) -> Iterator[Address | None]:
    """A zygote, or None on systems where forking is unsafe; kernels are started from scratch there."""
    if not can_fork():
        yield None
        return
    with zygote(limits, isolation, modules, code) as address:
        yield address


class Client:
    """One worker's connection to a zygote. Several threads may use it at a time.

    Raises:
        KernelError: if the zygote is gone.
    """

    def __init__(self, address: Address) -> None:
        self._lock = threading.Lock()
        try:
            self._socket = connection_to(address.name)
        except OSError as error:
            raise KernelError(f"the process that forks kernels is gone: {error}. {_AGAIN}") from error
        self._socket.settimeout(_READY_SECONDS)
        self._lines = self._socket.makefile("r", encoding="utf-8")

    def fork(self, request: ForkRequest, files: Sequence[int] = ()) -> int:
        """Fork a kernel; returns the number by which it is known to the zygote.

        Args:
            request: what it is forked with.
            files: numbers of open files, see :func:`autograder.kernel.supervisor.keep`.
        """
        return int(self._ask(request.to_json(), files))

    def status(self, pid: int) -> int | None:
        """The exit status of a kernel (negative: the signal that ended it), or None while it runs."""
        status = self._ask({"do": "status", "pid": pid})
        return None if status is None else int(status)

    def activity(self, pid: int) -> Activity | None:
        """What a kernel and all that it has started have computed."""
        answer = self._ask({"do": "activity", "pid": pid})
        return None if answer is None else Activity(float(answer[0]), bool(answer[1]), bool(answer[2]))

    def interrupt(self, pid: int) -> None:
        """Interrupt what a kernel is doing."""
        self._ask({"do": "interrupt", "pid": pid})

    def kill(self, pid: int) -> None:
        """End a kernel and whatever it has started."""
        self._ask({"do": "kill", "pid": pid})

    def close(self) -> None:
        """Close the connection; the kernels it had forked end."""
        self._lines.close()
        self._socket.close()

    def _ask(self, request: Mapping[str, Any], files: Sequence[int] = ()) -> Any:
        with self._lock:
            try:
                message = json.dumps(request).encode() + b"\n"
                sent = socket.send_fds(self._socket, [message], files)
                self._socket.sendall(message[sent:])
                line = self._lines.readline()
            except OSError as error:
                raise KernelError(f"the process that forks kernels is gone: {error}. {_AGAIN}") from error
        if not line:
            raise KernelError(f"the process that forks kernels ended. {_AGAIN}")
        answer = json.loads(line)
        if isinstance(answer, dict):
            raise KernelError(f"{answer['error']}. `autograder doctor` shows what this machine offers.")
        return answer


def _locked(root: Path) -> int:
    """Lock a zygote's folder for as long as the returned file is open: whoever can lock it removes the folder."""
    import fcntl

    # Under its own name only once it is locked.
    file = os.open(root / "starting", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    (root / "starting").rename(root / "lock")
    return file


def _remove_stale_folders() -> None:
    """Remove what killed graders of this user have left: folders whose lock nobody holds."""
    import fcntl

    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/lock"):
        with suppress(OSError):
            if lock.parent.lstat().st_uid != os.getuid():
                continue
            file = os.open(lock, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(lock.parent)
            finally:
                os.close(file)


def _await_ready(owner: socket.socket, log: Path) -> None:
    owner.settimeout(_READY_SECONDS)
    try:
        reply = owner.recv(16)
    except OSError as error:
        raise KernelError(f"the process that forks kernels does not answer: {error}. {_AGAIN}") from error
    if not reply:
        last = log.read_text(errors="replace").strip()[-300:]
        raise KernelError(f"the process that forks kernels ended. `autograder doctor` shows what is installed. {last}")


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _fonts() -> Path:
    return Path(platformdirs.user_cache_dir("autograder")) / "matplotlib"


def _font_cache(scratch: Path) -> Path:
    """A folder in which matplotlib finds its list of fonts, which takes it seconds to make."""
    folder = scratch / "matplotlib"
    folder.mkdir()
    for file in _fonts().glob("fontlist-*.json"):
        with suppress(OSError):
            shutil.copyfile(file, folder / file.name)
    return folder


def _keep_font_cache(scratch: Path) -> None:
    """Keep a list of fonts that was made in the sandbox; only the zygote could write it."""
    for file in (scratch / "matplotlib").glob("fontlist-*.json"):
        if not (_fonts() / file.name).exists() and not file.is_symlink():
            with suppress(OSError):
                _fonts().mkdir(parents=True, exist_ok=True)
                partial = _fonts() / f".{file.name}.{os.getpid()}"
                shutil.copyfile(file, partial)
                partial.replace(_fonts() / file.name)
