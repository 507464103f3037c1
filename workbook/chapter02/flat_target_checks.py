"""Checks of chapter 02: targets of shape (N,) are as good as those of shape (N, 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.testing import CheckFailed, call, compare, method
from workbook.chapter02.situations import NAMES, Model, Situation

FLAT_TARGETS = (
    "an array of shape (N,) and one of shape (N, 1) broadcast to (N, N) when they are combined. Give targets and "
    "outputs the same shape first."
)


def flat_targets(MLP: Model, one: Situation, name: str, entries: Sequence[str] = NAMES) -> None:
    """Require that a method gives for targets of shape (N,) what it gives, in another model, for shape (N, 1).

    Args:
        name: of the method, which takes inputs and targets.
        entries: which of them to compare, where the method returns a dict.
    """
    column = call(method(one.model(MLP), name), one.X, one.y)
    try:
        flat = call(method(one.model(MLP), name), one.X, one.y.ravel())
        if isinstance(column, Mapping):
            for entry in column:
                if entry in entries:
                    compare(flat[entry], column[entry], f"{name} for targets of shape (N,)")
        else:
            compare(flat, column, f"{name} for targets of shape (N,)")
    except CheckFailed as failure:
        raise CheckFailed(failure.message, FLAT_TARGETS, "broadcast-targets") from None


def takes_flat_targets(MLP: Model, one: Situation, name: str, entries: Sequence[str] = NAMES) -> bool:
    """Whether :func:`flat_targets` passes."""
    try:
        flat_targets(MLP, one, name, entries)
    except CheckFailed:
        return False
    return True
