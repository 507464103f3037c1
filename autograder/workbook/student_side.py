"""Things that must live beside the student's code.

A check never touches a student's function directly where the result would depend on the process it runs
in: it goes through this module. A grader that keeps checks in another process puts a stand-in here that runs
the same functions in the student's kernel. All results are plain data.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np


def recorded_call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[Any, list[str]]:
    """Call a function and note the warnings it causes.

    Returns:
        the function's value, and each warning as ``"Category: text"``.
    """
    with (
        warnings.catch_warnings(record=True) as caught,
        np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
    ):
        warnings.simplefilter("always")
        value = function(*args, **kwargs)
    return value, [f"{entry.category.__name__}: {entry.message}" for entry in caught]


def count_lines(function: Callable[..., Any], *args: Any, **kwargs: Any) -> int:
    """Count the lines of notebook code that one call executes, loops and comprehensions included.

    The count of a function without Python loops does not depend on the size of its arguments.
    """
    count = 0
    home = function.__code__.co_filename if hasattr(function, "__code__") else None

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if home is not None and frame.f_code.co_filename != home and not _is_cell(frame.f_code.co_filename):
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*args, **kwargs)
    finally:
        sys.settrace(before)
    return count


def _is_cell(filename: str) -> bool:
    return "ipykernel_" in filename or filename.startswith("<ipython-input")


def figure_content(figure: Any) -> list[dict[str, Any]]:
    """Read a matplotlib Figure as plain data.

    Returns:
        one dict for each axes in drawing order: ``title``, ``xlabel``, ``ylabel`` (str), ``legend`` (list of
        str, empty without a legend) and ``lines``, a list of dicts with ``label`` (str), ``x`` and ``y``
        (float64 arrays).
    """
    content = []
    for axes in figure.axes:
        legend = axes.get_legend()
        content.append(
            {
                "title": axes.get_title(),
                "xlabel": axes.get_xlabel(),
                "ylabel": axes.get_ylabel(),
                "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
                "lines": [
                    {
                        "label": str(line.get_label()),
                        "x": np.asarray(line.get_xdata(), dtype=np.float64),
                        "y": np.asarray(line.get_ydata(), dtype=np.float64),
                    }
                    for line in axes.get_lines()
                ],
            }
        )
    return content
