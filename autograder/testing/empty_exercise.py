"""Find the empty exercise that raised an error."""

from __future__ import annotations

import linecache
import re
import traceback
from types import TracebackType

_RAISES = re.compile(r"raise\s+NotImplementedError\b")


def empty_exercise(trace: TracebackType) -> tuple[str, bool] | None:
    """The function, method or cell of the notebook that is still empty, and whether the running cell defines it.

    Returns:
        a name such as ``Net.forward``, ``<module>`` for a cell without a function; None where the error does not come
        from an empty exercise of the notebook.
    """
    frames = list(traceback.walk_tb(trace))
    cells = [frame for frame, _ in frames if frame.f_globals.get("__name__") == "__main__"]
    frame, line = frames[-1]
    if not cells or frame is not cells[-1] or not _RAISES.search(linecache.getline(frame.f_code.co_filename, line)):
        return None
    name = frame.f_code.co_qualname.replace(".<locals>", "")
    return name, frame.f_code.co_filename == cells[0].f_code.co_filename
