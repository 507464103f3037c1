"""Where help is, for whoever has just seen a check fail in a notebook."""

from __future__ import annotations

import os
import re
import sys
from inspect import getattr_static
from typing import Any

_CALLS = re.compile(r"\b(?P<checks>[A-Za-z_]\w*)\.(?P<check>[A-Za-z_]\w*)\((?P<arguments>[^()]*)")
_NAME = re.compile(r"[A-Za-z_]\w*")


def where_help_is() -> str | None:
    """The call that shows hints for the exercise that the cell checks, such as ``check.hint("softmax")``.

    None outside of a notebook, while grading, in a cell that checks several exercises, and where there are no hints.
    """
    if "IPython" not in sys.modules or os.environ.get("AUTOGRADER_HEADLESS") == "1":
        return None
    from IPython import get_ipython

    shell: Any = get_ipython()
    if shell is None:
        return None
    # Late: hints are read only here and where they are shown.
    from autograder.testing.hint_display import Hints

    found = set()
    for call in _CALLS.finditer(str(shell.history_manager.input_hist_raw[-1])):
        # Without running code of an object's own: it may be the student's.
        hints = getattr_static(shell.user_ns.get(call["checks"]), "hint", None)
        if isinstance(hints, Hints):
            # A check has the exercise's name, or is handed what the student wrote.
            names = [call["check"], *_NAME.findall(call["arguments"])]
            found |= {f'{call["checks"]}.hint("{name}")' for name in [*filter(hints.knows, names)][:1]}
    return found.pop() if len(found) == 1 else None
