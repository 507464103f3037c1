"""Which pages are opened in a browser when: two in ``make test``, one of each kind on each push, later all."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest

_CHAPTERS = ("01_activation_derivatives", "06_computational_graphs")
_QUICK = {"book/index", "01_activation_derivatives", "notebooks/01_activation_derivatives"}
_SAMPLE = {"book/index", "book/results", "search", *_CHAPTERS, *(f"notebooks/{name}" for name in _CHAPTERS)}


def sampled(pages: Iterable[str], without: Collection[str] = ()) -> list[object]:
    """Parameters for a test of pages.

    Of the sample all but two are marked ``slow``; those outside it, and those ``without``, are marked ``thorough``.
    """
    return [_parameter(page, _SAMPLE - {*without}) for page in pages]


def _parameter(page: str, sample: Collection[str]) -> object:
    name = page.removesuffix(".html")
    if name in _QUICK:
        return page
    return pytest.param(page, marks=pytest.mark.slow if name in sample else pytest.mark.thorough)
