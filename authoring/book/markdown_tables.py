"""Rows of Markdown tables, and numbers with their spread."""

from __future__ import annotations

from collections.abc import Sequence

_NBSP = "\u00a0"


def row(cells: Sequence[str]) -> str:
    """One row of a table."""
    return f"| {' | '.join(cells)} |"


def spread(values: Sequence[float], decimals: int) -> str:
    """The mean of some numbers, with the smallest and the largest in parentheses; no line breaks inside of these.

    A single number stands alone.
    """
    if len(values) == 1:
        return f"{values[0]:.{decimals}f}"
    low, mean, high = (f"{value:.{decimals}f}" for value in (min(values), sum(values) / len(values), max(values)))
    return f"{mean} ({low}{_NBSP}to{_NBSP}{high})"


def percent_range(shares: Sequence[float]) -> str:
    """Shares in [0, 1] in percent, as :func:`spread` writes them."""
    return spread([100 * share for share in shares], 1)
