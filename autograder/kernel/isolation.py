"""What keeps a student's code apart from the machine, from the grader and from other submissions.

Layer by layer: bubblewrap gives the process that forks kernels a view of the file system that holds Python, the
libraries and nothing else, and no network; every kernel is then the first process of a PID namespace of its own, with
such a view of its own, reads and writes only its own folder (Landlock), cannot make the system calls that notebooks do
not need, and has limits for memory, processor time, files and processes. Where there are control groups, Linux itself
counts the memory of a kernel and of all that it starts. Each layer works without the others. Where root grades, the
process that forks kernels can run as another user (:mod:`autograder.kernel.own_user`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import autograder
from autograder.errors import KernelError
from autograder.kernel.memory_group import memory_groups
from autograder.kernel.own_user import VARIABLE, Account, kernel_account, run_as, started_as

if TYPE_CHECKING:
    from autograder.kernel.confinement import Confinement
    from autograder.kernel.file_view import FileView

_PROBE_SECONDS = 20.0
_PROBE_BYTES = 1_000_000_000
# Where programs and shared libraries lie; what is a link on this machine becomes one inside, too.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
_ETC = tuple(
    f"/etc/{name}"
    for name in ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "passwd", "group", "mime.types")
)
_PARTS = ("bin", "lib", "lib64", "libexec", "include", "share", "pyvenv.cfg")
_PATHS = ("stdlib", "platstdlib", "purelib", "platlib")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# What arithmetic libraries ask about the processor and its memory, and about the process that they are in.
_PROCESSORS = "/sys/devices/system/cpu"
_FACTS = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat")
_OWN = ("/proc/self/maps", "/proc/self/status", "/proc/self/statm")
# How many processors a control group allows; whoever finds these files expects to be able to read them.
_ALLOWED = ("/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "/sys/fs/cgroup/cpu/cpu.cfs_period_us")


@dataclass(frozen=True)
class Isolation:
    """The protections that are in force, or could be.

    Attributes:
        layers: their names, outermost first.
        missing: what this machine lacks, each with the reason.
    """

    layers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """True where nothing is missing."""
        return bool(self.layers) and not self.missing

    def __str__(self) -> str:
        return ", ".join(self.layers) or "none"


NONE = Isolation()
BUBBLEWRAP, PROCESSES, LANDLOCK = "bubblewrap", "own processes", "landlock"
SYSTEM_CALLS, LIMITS, OWN_USER, MEMORY_GROUP = "system calls", "limits", "own user", "memory group"
# Each keeps kernels from the files of whoever grades, and from those of other kernels.
_FILES = (BUBBLEWRAP, PROCESSES, LANDLOCK)


def available() -> Isolation:
    """What this machine offers, found out by trying it, as the user that kernels are to run as.

    Raises:
        KernelError: if ``AUTOGRADER_KERNEL_USER`` names a user as whom no kernel can run.
    """
    account = kernel_account()
    if sys.platform != "linux":
        return Isolation((), (f"{sys.platform} has none of the means; grade on Linux or in a Linux container",))
    layers, missing = list[str](), list[str]()
    if account is not None:
        run_as(account, "import autograder.kernel.zygote")
        layers.append(OWN_USER)
    tried = {BUBBLEWRAP: _try_bubblewrap, PROCESSES: _try_processes, LANDLOCK: _try_landlock}
    for name, reason in ((name, probe(account)) for name, probe in {**tried, SYSTEM_CALLS: _try_system_calls}.items()):
        if reason is None:
            layers.append(name)
        else:
            missing.append(f"{name}: {reason}")
    # A kernel that could write its own group's files would leave it. Where there is no group, kernels are looked at.
    hidden = bool({*_FILES, OWN_USER}.intersection(layers))
    groups = [MEMORY_GROUP] if hidden and _try_memory_group(account) is None else []
    return Isolation((*layers, LIMITS, *groups), tuple(missing))


def only_modes_protect(isolation: Isolation) -> bool:
    """True where nothing but their mode keeps a kernel, which runs as another user, from the grader's files."""
    return OWN_USER in isolation.layers and not set(_FILES) & set(isolation.layers)


def kernels_share_a_user(isolation: Isolation) -> bool:
    """True where kernels that run at the same time could read and end one another: they are the same user."""
    return OWN_USER in isolation.layers and not {PROCESSES, LANDLOCK} & set(isolation.layers)


def account_for(isolation: Isolation) -> Account | None:
    """The user as whom kernels run, or None where they run as the grader's.

    Raises:
        KernelError: if they are to run as another user, and the environment variable names none that can be used.
    """
    if OWN_USER not in isolation.layers:
        return None
    account = kernel_account()
    if account is None:
        raise KernelError(f"kernels are to run as another user, but {VARIABLE} names none. Set it.")
    return account


def sandboxed(command: Sequence[str], scratch: Path, isolation: Isolation, readable: Sequence[Path] = ()) -> list[str]:
    """The command line that runs ``command`` where only Python, its libraries and ``scratch`` exist.

    Args:
        readable: more folders, which it may read.
    """
    if BUBBLEWRAP not in isolation.layers:
        return list(command)
    line = [str(shutil.which("bwrap")), "--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    line += ["--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in _SYSTEM:
        line += ["--symlink", str(Path(path).readlink()), path] if Path(path).is_symlink() else []
        line += ["--ro-bind-try", path, path] if not Path(path).is_symlink() else []
    for path in (*_ETC, _PROCESSORS, *_python_folders()):
        line += ["--ro-bind-try", path, path]
    for folder in readable:
        line += ["--ro-bind", str(folder), str(folder)]
    # A program called as folder/../bin/python would need that folder in the sandbox, too. The last part of the path
    # may be a link and stays: a virtual environment's Python knows by it where it is.
    program = Path(command[0])
    program = program.parent.resolve() / program.name
    return [*line, "--bind", str(scratch), str(scratch), "--chdir", str(scratch), "--", str(program), *command[1:]]


def confine(confinement: Confinement, folder: Path) -> None:
    """Confine this process, for good, to ``folder`` and the limits.

    Raises:
        OSError: if the machine refuses a layer that ``confinement`` names.
    """
    # Its modules are there on Linux only.
    from autograder.kernel import linux, system_calls

    layers = confinement.layers
    if not layers:
        return
    if LIMITS in layers:
        linux.limit(confinement.memory_bytes, confinement.cpu_seconds, confinement.file_bytes)
    if PROCESSES in layers:
        _view(folder, confinement.readable).enter()
    linux.drop_capabilities()
    if LANDLOCK in layers:
        # Where there is a /proc of the kernel's own, it holds nothing but what the kernel has started.
        facts, shared = (("/proc",), ["/dev/shm"]) if PROCESSES in layers else ((*_FACTS, *_OWN, *_ALLOWED), [])
        known = (*_SYSTEM, *_ETC, *facts, _PROCESSORS, *_python_folders(), *confinement.readable)
        linux.restrict_files(_existing(known), [str(folder), *shared], _existing(_DEVICES))
        linux.restrict_scope()
    if SYSTEM_CALLS in layers:
        system_calls.restrict(connects=bool({BUBBLEWRAP, PROCESSES} & set(layers)))


def _view(folder: Path, readable: Sequence[str]) -> FileView:
    """The file system of a kernel that works in ``folder``."""
    from autograder.kernel.file_view import FileView

    links = [path for path in _SYSTEM if Path(path).is_symlink()]
    system = [path for path in _SYSTEM if path not in links]
    known = (*system, *_ETC, _PROCESSORS, *_python_folders(), *readable)
    return FileView(links, known, _DEVICES, _FACTS, str(folder))


def _existing(paths: Sequence[str]) -> list[str]:
    return [path for path in paths if Path(path).exists()]


def clean_environment(folder: Path) -> dict[str, str]:
    """Environment variables that say nothing about the grader: whatever it keeps there stays with it."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ", "SYSTEMROOT") if name in os.environ}
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), "/usr/local/bin", "/usr/bin", "/bin"))
    return {**kept, "PATH": path, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def _package() -> Path:
    return Path(autograder.__file__).resolve().parent


def _python_folders() -> list[str]:
    """Where Python and its packages are: only parts of its folder, which may hold a course, too."""
    prefixes = {sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent.parent)}
    prefixes |= {str(Path(prefix).resolve()) for prefix in prefixes}
    parts = {str(Path(prefix, part)) for prefix in prefixes for part in _PARTS}
    # Where a part is not in its usual place, Python itself knows.
    parts |= {path for name in _PATHS if (path := sysconfig.get_path(name)) is not None}
    return sorted({*parts, str(_package())})


def _try_bubblewrap(account: Account | None) -> str | None:
    if shutil.which("bwrap") is None:
        return "the program bwrap is not installed (Debian: apt-get install bubblewrap)"
    probe = sandboxed([sys.executable, "-P", "-c", "pass"], Path("/var/tmp"), Isolation((BUBBLEWRAP,)))
    try:
        done = subprocess.run(
            probe, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False, **started_as(account)
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if done.returncode == 0 else f"bwrap fails here: {done.stderr.strip()[-200:]}"


def _try_processes(account: Account | None) -> str | None:
    code = "import os; from pathlib import Path; from autograder.kernel import isolation, linux; linux.new_processes()"
    code += "\nif os.fork() == 0: isolation._view(Path('/var/tmp'), ()).enter(); os._exit(0)"
    return _in_child(f"{code}\nif os.wait()[1]: raise OSError('a file system of its own is refused')", account)


def _try_landlock(account: Account | None) -> str | None:
    code = "from autograder.kernel import linux; linux.restrict_files(['/usr'], [], []); linux.restrict_scope()"
    return _in_child(code, account)


def _try_system_calls(account: Account | None) -> str | None:
    return _in_child("from autograder.kernel import system_calls; system_calls.restrict(connects=False)", account)


def _try_memory_group(account: Account | None) -> str | None:
    try:
        group = memory_groups().make(_PROBE_BYTES)
    except OSError as error:
        return str(error)
    code = "import sys; from autograder.kernel import memory_group; memory_group.join(int(sys.argv[1]))"
    try:
        return _in_child(code, account, group.members)
    finally:
        group.remove()


def _in_child(code: str, account: Account | None, *files: int) -> str | None:
    """Run code in another process, with files that it inherits; returns None, or the last line of what went wrong."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, *map(str, files)], capture_output=True, text=True, timeout=_PROBE_SECONDS,
        check=False, pass_fds=files, **started_as(account),
    )  # fmt: skip
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it failed"])[-1][-200:]
