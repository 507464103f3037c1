"""What ``!command`` and ``%pip`` do in a kernel that grades: they run with pipes, since a sandbox has no terminals.

IPython opens a pseudo-terminal for each. Where there is none, a cell that begins with ``!pip install`` would end there.
"""

from __future__ import annotations

import subprocess
from typing import Any


def commands_need_no_terminal(shell: Any) -> None:
    """Make a shell's commands print what they write, and leave their exit code in ``_exit_code``.

    Args:
        shell: ipykernel's.
    """

    def system(command: str) -> None:
        if command.rstrip().endswith("&"):
            raise OSError("Background processes not supported.")
        expanded = shell.var_expand(command, depth=1)
        pipe = subprocess.PIPE
        # What follows "!" is for a shell. It is the student's, as the rest of the cell, and in the same confinement.
        # IPython's own process_handler would swallow the interrupt with which a time limit ends the cell.
        with subprocess.Popen(
            expanded, shell=True, stdin=subprocess.DEVNULL, stdout=pipe, stderr=subprocess.STDOUT
        ) as child:
            try:
                for line in child.stdout or ():
                    print(line.decode("utf-8", "replace"), end="", flush=True)
            except BaseException:
                child.kill()
                raise
        shell.user_ns["_exit_code"] = child.returncode

    shell.system = system
