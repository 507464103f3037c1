"""Which requirements are not installed at all: ``python -m autograder.missing_requirements requirements.txt``.

For places whose own packages must not be replaced. Google Colab runs on its IPython and its ipykernel; where a list of
exact versions replaces these, its sessions end again and again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from importlib.metadata import distributions
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def missing_requirements(text: str, installed: Collection[str]) -> list[str]:
    """The lines of a requirements file whose package is not among the ``installed``, whatever its version."""
    names = {_normalised(name) for name in installed}
    found = [(match[0], line) for line in text.splitlines() if (match := _NAME.match(line))]
    return [line for name, line in found if _normalised(name) not in names]


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str]) -> None:
    """Print the missing lines of the files that are named."""
    installed = [distribution.metadata["Name"] for distribution in distributions()]
    for path in arguments:
        for line in missing_requirements(Path(path).read_text(encoding="utf-8"), installed):
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
