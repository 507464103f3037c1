"""In a notebook, a cell that needs an exercise which is still empty says so in one sentence, without a traceback."""

from __future__ import annotations

import linecache
import re
import sys
import traceback
from types import TracebackType
from typing import Any

_RAISES = re.compile(r"raise\s+NotImplementedError\b")
_DRAWS = re.compile(r"\b(?:plt|pyplot|figures?|axes)\b")


def explain_empty_exercises() -> None:
    """Let the notebook of this process explain them; does nothing where Python runs without IPython."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell: Any = get_ipython()
    if shell is not None:
        shell.set_custom_exc((NotImplementedError,), _explain)


def _explain(
    shell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType, tb_offset: int | None = None
) -> None:
    """Show a sentence where an empty exercise raised the error, else the usual traceback."""
    sentence = None if error.args else _sentence(trace)
    if sentence is None:
        shell._showtraceback(kind, error, shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset))
        return
    _close_figures()
    # Programs that run a notebook read it here.
    error.args = (sentence,)
    shell._showtraceback(kind, error, [sentence])


def _sentence(trace: TracebackType) -> str | None:
    """What to say; None where the error does not come from an empty exercise of the notebook."""
    frames = list(traceback.walk_tb(trace))
    cells = [frame for frame, _ in frames if frame.f_globals.get("__name__") == "__main__"]
    frame, line = frames[-1]
    name = frame.f_code.co_qualname.replace(".<locals>", "")
    if not cells or frame is not cells[-1] or not _RAISES.search(linecache.getline(frame.f_code.co_filename, line)):
        return None
    here = cells[0].f_code.co_filename
    if frame.f_code.co_filename == here:
        what = "This exercise" if name == "<module>" else f"`{name}`"
        return f"{what} is still empty. Replace the line that raises NotImplementedError, and run the cell again."
    needs = "figure" if _DRAWS.search("".join(linecache.getlines(here))) else "cell"
    return f"`{name}`, above, is still empty; this {needs} needs it."


def _close_figures() -> None:
    """What is half drawn would be shown below the sentence."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
