"""Keep a measured table next to the program that measured it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path


def machine() -> str:
    """What the numbers were measured on, and how busy it was when it began."""
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[0]:.1f} at the start"
    )


def keep(program: str, lines: Sequence[str]) -> None:
    """Write the lines to the Markdown file beside ``program``, and print them."""
    text = "\n".join([*lines, ""])
    Path(program).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)
