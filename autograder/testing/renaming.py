"""Give a failure the name and the hint that a check knows better."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.testing.failure import CheckFailed
from autograder.testing.patterns import GUESSES
from autograder.testing.stopped import EXCEPTIONS


@contextmanager
def suspect(mistake: str, hint: str) -> Iterator[None]:
    """Give a failure inside the block this name and hint, unless it has one that belongs to the exercise."""
    try:
        yield
    except CheckFailed as failure:
        if failure.mistake and failure.mistake not in EXCEPTIONS | GUESSES:
            raise
        raise CheckFailed(failure.message, hint, mistake) from None


@contextmanager
def renamed(mistake: str | None, to: str, hint: str) -> Iterator[None]:
    """Give a failure inside the block that carries the name ``mistake``, or none, a more specific name and hint."""
    try:
        yield
    except CheckFailed as failure:
        if failure.mistake != mistake:
            raise
        raise CheckFailed(failure.message, hint, to) from None
