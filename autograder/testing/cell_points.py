"""What the cell that runs is worth, as far as the notebook's file tells: Jupyter says where that is."""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any


def points_of_this_cell() -> float | None:
    """The points of the check that is at its end, or None where that cannot be told.

    A check can tell where it is the last statement of a cell of a notebook in JupyterLab, Notebook or VS Code. In a
    cell that goes on after it, something may still fail.
    """
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell: Any = get_ipython()
    if shell is None:
        return None
    path = Path(str(os.environ.get("JPY_SESSION_NAME") or shell.user_ns.get("__vsc_ipynb_file__", "")))
    source = str(shell.history_manager.input_hist_raw[-1])
    if path.suffix != ".ipynb" or not _is_last_statement(source, sys._getframe()):
        return None
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        worth = [_points(cell) for cell in cells if "".join(cell["source"]).strip() == source.strip()]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        # Whatever that file is, the check has passed.
        return None
    return worth[0] if len(worth) == 1 else None


def _points(cell: Any) -> float | None:
    about = cell["metadata"].get("nbgrader", {})
    points = about.get("points") if about.get("grade") else None
    return float(points) if isinstance(points, int | float) and points > 0 else None


def _is_last_statement(source: str, frame: FrameType | None) -> bool:
    """True where the code that runs in the cell is in its last statement, a call."""
    while frame is not None and (frame.f_code.co_name, frame.f_globals.get("__name__")) != ("<module>", "__main__"):
        frame = frame.f_back
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, ValueError, IndexError):
        return False
    called = isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
    return frame is not None and called and frame.f_lineno >= last.lineno
