"""A progress bar for training loops that is seen by a person and by nobody else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

_T = TypeVar("_T")
# Set for kernels that a person started: by Jupyter's server, and by the editors and services that bring their own.
_FRONT_ENDS = ("JPY_SESSION_NAME", "VSCODE_PID", "COLAB_RELEASE_TAG")


def progress(items: Iterable[_T], description: str = "") -> Iterable[_T]:
    """Iterate over ``items`` with a progress bar that vanishes at the end.

    Nothing is printed where a notebook is executed headlessly. ``WORKBOOK_PROGRESS=0`` and ``=1`` override the guess.
    """
    # Standard output, since text on standard error looks like a failure in a notebook.
    bar: Iterable[_T] = tqdm(items, desc=description, file=sys.stdout, leave=False, disable=not _is_watched())
    return bar


def _is_watched() -> bool:
    wish = os.environ.get("WORKBOOK_PROGRESS")
    if wish is not None:
        return wish != "0"
    if os.environ.get("AUTOGRADER_HEADLESS") == "1":
        return False
    return sys.stdout.isatty() or any(name in os.environ for name in _FRONT_ENDS)
