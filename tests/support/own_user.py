"""Run a command as root where kernels can run as another user: that user must be able to read Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from autograder.kernel.own_user import VARIABLE
from tests.conftest import ROOT

USER = "nobody"

needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("unshare") is None,
    reason="only root starts processes as another user",
)
# The command has mounts of its own. There, the outermost closed folder above Python holds Python and nothing else.
_OPEN = """
set -e
if [ -n "$1" ]; then
    mount --bind "$2" "$3"
    mount -t tmpfs -o mode=755 none "$1"
    mkdir -p "$2"
    mount --bind "$3" "$2"
fi
shift 3
exec "$@"
"""


def run_open(
    command: Sequence[str], scratch: Path, environment: Mapping[str, str] | None = None, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command that may start kernels as ``nobody``; ``scratch`` is an empty folder to work with."""
    python = Path(sys.base_prefix).resolve()
    closed = [folder for folder in reversed(python.parents) if not folder.stat().st_mode & 0o001]
    scratch.mkdir(exist_ok=True)
    outermost = str(closed[0]) if closed else ""
    prefix = ["unshare", "--mount", "sh", "-c", _OPEN, "sh", outermost, str(python), str(scratch)]
    return subprocess.run(
        [*prefix, *command], capture_output=True, text=True, check=False, input=text, cwd=ROOT,
        env={**os.environ, VARIABLE: USER, "PYTHONPATH": str(ROOT), **(environment or {})},
    )  # fmt: skip
