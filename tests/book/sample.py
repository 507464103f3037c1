"""Which pages ``make test`` opens in a browser: one of each kind. The others are left to ``make test-all``."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest

_CHAPTERS = ("01_activation_derivatives", "06_computational_graphs")
_SAMPLE = {"book/index", "book/results", "search", *_CHAPTERS, *(f"notebooks/{name}" for name in _CHAPTERS)}


def sampled(pages: Iterable[str], without: Collection[str] = ()) -> list[object]:
    """Parameters for a test of pages; those outside the sample, and those ``without``, are marked ``thorough``."""
    sample = _SAMPLE - {*without}
    return [
        page if page.removesuffix(".html") in sample else pytest.param(page, marks=pytest.mark.thorough)
        for page in pages
    ]
