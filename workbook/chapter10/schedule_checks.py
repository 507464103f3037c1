"""Checks of chapter 10: learning-rate schedules against ``torch.optim.lr_scheduler``, and plateaus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.testing import Mistake, call, compare, passed, require, scalar
from workbook.chapter10.reference.schedules import (
    cosine_mistakes,
    plateau_mistakes,
    scheduled_rates,
    step_mistakes,
    warmup_mistakes,
)

Function = Callable[..., Any]
Builder = Callable[..., list[Mistake]]
_MISTAKES: dict[str, Builder] = {"step": step_mistakes, "cosine": cosine_mistakes, "warmup": warmup_mistakes}


def step_schedule(function: Function) -> None:
    """Check ``step_schedule`` at every epoch of a short run with two milestones."""
    rates_of(function, "step", 8, base=0.1, milestones=[3, 6], gamma=0.1)
    passed("step_schedule", "eight epochs with two milestones, against MultiStepLR")


def cosine_schedule(function: Function) -> None:
    """Check ``cosine_schedule`` from the first epoch to the last."""
    rates_of(function, "cosine", 9, base=0.2, total=8)
    passed("cosine_schedule", "nine epochs, against CosineAnnealingLR")


def warmup(function: Function) -> None:
    """Check ``warmup`` over five steps and after them."""
    rates_of(function, "warmup", 8, base=0.2, steps=5)
    passed("warmup", "five steps and three more, against LinearLR")


def rates_of(function: Function, kind: str, count: int, **settings: Any) -> None:
    """Compare a schedule with PyTorch's at ``count`` epochs or steps; ``kind`` is step, cosine or warmup."""
    unit = "step" if kind == "warmup" else "epoch"
    got = [scalar(call(function, time, **settings), f"the rate of {unit} {time}") for time in range(count)]
    right = scheduled_rates(kind, count, **settings)
    mistakes = _MISTAKES[kind](count, **settings)
    compare(got, right, f"the rates of {unit}s 0 to {count - 1}", rtol=1e-9, atol=1e-12, mistakes=mistakes)


def plateau(function: Function) -> None:
    """Check ``plateau`` on a smooth curve, a noisy one and one that never stalls."""
    stall(function, [0.25, 0.5, 0.625, 0.6875, 0.6875, 0.703125, 0.703125], 2, 0.0625, 3)
    stall(function, [0.25, 0.5, 0.375, 0.75, 0.75, 0.6875, 0.75, 0.625], 3, 0.0625, 3)
    stall(function, [0.125, 0.25, 0.375, 0.5, 0.625], 2, 0.0625, None)
    passed("plateau", "a smooth curve, one with a dip, and one that rises to its end")


def stall(function: Function, history: Sequence[float], patience: int, threshold: float, expected: int | None) -> None:
    """Compare ``plateau`` with an answer found by hand."""
    got = call(function, list(history), patience, threshold)
    what = f"plateau(history, {patience}, {threshold})"
    require(
        got is None or scalar(got, what) >= 0,
        f"{what} is {got}; expected {'None' if expected is None else 'an epoch'}.",
        "epochs count from 0, and a negative index is one from the end. Where no plateau is found the answer is None.",
        "negative-epoch",
    )
    mistakes = plateau_mistakes(history, patience, threshold)
    if expected is None or got is None:
        found = next((m for m in mistakes if m.wrong == (-1 if got is None else got)), None)
        require(
            got is None and expected is None,
            f"{what} is {got}; expected {'None' if expected is None else 'an epoch'}.",
            found.hint if found else None,
            found.name if found else None,
        )
        return
    compare(got, expected, what, mistakes=mistakes)
