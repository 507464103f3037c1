"""What keeps a student's code apart from the machine, from the grader and from other submissions.

Layer by layer: bubblewrap gives the process that forks kernels a view of the file system that holds Python, the
libraries and nothing else, and no network; every kernel is then the first process of a PID namespace of its own,
reads and writes only its own folder (Landlock), and has limits for memory, processor time, files and processes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import autograder

_PROBE_SECONDS = 20.0
# Where programs and shared libraries lie; what is a link on this machine becomes one inside, too.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "passwd", "group", "mime.types")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
# What arithmetic libraries ask about the processor and its memory, and about the process that they are in.
_PROCESSORS = "/sys/devices/system/cpu"
_OWN = ("/proc/self/maps", "/proc/self/status", "/proc/self/statm")
_FACTS = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", *_OWN, _PROCESSORS)


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
BUBBLEWRAP, PROCESSES, LANDLOCK, LIMITS = "bubblewrap", "own processes", "landlock", "limits"


def available() -> Isolation:
    """What this machine offers, found out by trying it."""
    if sys.platform != "linux":
        return Isolation((), (f"{sys.platform} has none of the means; grade on Linux or in a Linux container",))
    layers, missing = [], []
    for name, reason in ((BUBBLEWRAP, _try_bubblewrap()), (PROCESSES, _try_processes()), (LANDLOCK, _try_landlock())):
        if reason is None:
            layers.append(name)
        else:
            missing.append(f"{name}: {reason}")
    return Isolation((*layers, LIMITS), tuple(missing))


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
    for path in (*(f"/etc/{name}" for name in _ETC), _PROCESSORS, *_python_folders()):
        line += ["--ro-bind-try", path, path]
    for folder in readable:
        line += ["--ro-bind", str(folder), str(folder)]
    # A program called as folder/../bin/python would need that folder in the sandbox, too. The last part of the path
    # may be a link and stays: a virtual environment's Python knows by it where it is.
    program = Path(command[0])
    program = program.parent.resolve() / program.name
    return [*line, "--bind", str(scratch), str(scratch), "--chdir", str(scratch), "--", str(program), *command[1:]]


def confine(
    folder: Path,
    isolation: Isolation,
    memory_bytes: int,
    cpu_seconds: int,
    file_bytes: int,
    readable: Sequence[Path] = (),
) -> None:
    """Confine this process, for good, to ``folder`` and the limits.

    Args:
        readable: more folders, which it may read.

    Raises:
        OSError: if the machine refuses a layer that ``isolation`` names.
    """
    # Its modules are there on Linux only.
    from autograder.kernel import linux

    if LIMITS in isolation.layers:
        linux.limit(memory_bytes, cpu_seconds, file_bytes)
    if LANDLOCK in isolation.layers:
        known = (*_SYSTEM, "/etc", *_FACTS, *_python_folders(), *map(str, readable))
        devices = [path for path in _DEVICES if Path(path).exists()]
        shared = ["/dev/shm"] if PROCESSES in isolation.layers else []
        linux.restrict_files([path for path in known if Path(path).exists()], [str(folder), *shared], devices)
        linux.restrict_scope()


def clean_environment(folder: Path) -> dict[str, str]:
    """Environment variables that say nothing about the grader: whatever it keeps there stays with it."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ", "SYSTEMROOT") if name in os.environ}
    path = os.pathsep.join((str(Path(sys.prefix) / "bin"), "/usr/local/bin", "/usr/bin", "/bin"))
    return {**kept, "PATH": path, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def _package() -> Path:
    return Path(autograder.__file__).resolve().parent


def _python_folders() -> list[str]:
    prefixes = {sys.prefix, sys.base_prefix}
    folders = {*prefixes, *(str(Path(prefix).resolve()) for prefix in prefixes)}
    return sorted({*folders, str(Path(sys.executable).resolve().parent.parent), str(_package())})


def _try_bubblewrap() -> str | None:
    if shutil.which("bwrap") is None:
        return "the program bwrap is not installed (Debian: apt-get install bubblewrap)"
    probe = sandboxed([sys.executable, "-c", "pass"], Path("/var/tmp"), Isolation((BUBBLEWRAP,)))
    try:
        done = subprocess.run(probe, capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return None if done.returncode == 0 else f"bwrap fails here: {done.stderr.strip()[-200:]}"


def _try_processes() -> str | None:
    return _in_child("from autograder.kernel import linux; linux.new_processes()")


def _try_landlock() -> str | None:
    code = "from autograder.kernel import linux; linux.restrict_files(['/usr'], [], []); linux.restrict_scope()"
    return _in_child(code)


def _in_child(code: str) -> str | None:
    """Run code in another process; returns None, or the last line of what went wrong."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=_PROBE_SECONDS, check=False
    )
    return None if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it failed"])[-1][-200:]
