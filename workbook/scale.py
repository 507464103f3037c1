"""How large a chapter's experiments are: quick on a laptop, or the original experiment."""

from __future__ import annotations

import os
from typing import TypeVar

_T = TypeVar("_T")


def full_scale() -> bool:
    """True where ``WORKBOOK_SCALE=full`` asks for the original sizes.

    Raises:
        ValueError: if ``WORKBOOK_SCALE`` is neither ``quick`` nor ``full``.
    """
    scale = os.environ.get("WORKBOOK_SCALE", "quick")
    if scale not in ("quick", "full"):
        raise ValueError(f"WORKBOOK_SCALE is {scale!r}; expected quick or full.")
    return scale == "full"


def scaled(quick: _T, full: _T) -> _T:
    """The size to use at the scale in force: the code of an experiment is the same at both."""
    return full if full_scale() else quick
