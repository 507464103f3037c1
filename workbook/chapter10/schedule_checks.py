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
    """Check ``step_schedule`` with two milestones, three, one beyond the run, and none."""
    rates_of(function, "step", 8, base=0.1, milestones=[3, 6], gamma=0.1)
    rates_of(function, "step", 9, base=0.8, milestones=[1, 4, 7], gamma=0.25)
    rates_of(function, "step", 4, base=0.6, milestones=[2, 20], gamma=0.5)
    rates_of(function, "step", 3, base=0.4, milestones=[], gamma=0.5)
    passed("step_schedule", "MultiStepLR with two milestones, with three, with one beyond the run and with none")


def cosine_schedule(function: Function) -> None:
    """Check ``cosine_schedule`` from the first epoch to the last, with a floor and without."""
    rates_of(function, "cosine", 9, base=0.2, total=8)
    rates_of(function, "cosine", 8, base=0.7, total=7, floor=0.2)
    rates_of(function, "cosine", 2, base=0.5, total=1, floor=0.05)
    passed("cosine_schedule", "CosineAnnealingLR over eight epochs, over seven with a floor, over one")


def warmup(function: Function) -> None:
    """Check ``warmup`` over five steps and over other numbers of steps, and after them."""
    rates_of(function, "warmup", 8, base=0.2, steps=5)
    rates_of(function, "warmup", 40, base=0.6, steps=3)
    rates_of(function, "warmup", 16, base=0.05, steps=12)
    rates_of(function, "warmup", 4, base=0.7, steps=1)
    passed("warmup", "LinearLR over five steps, three, twelve and one, and the steps after them")


def rates_of(function: Function, kind: str, count: int, **settings: Any) -> None:
    """Compare a schedule with PyTorch's at ``count`` epochs or steps; ``kind`` is step, cosine or warmup."""
    unit = "step" if kind == "warmup" else "epoch"
    got = [scalar(call(function, time, **settings), f"the rate of {unit} {time}") for time in range(count)]
    right = scheduled_rates(kind, count, **settings)
    mistakes = _MISTAKES[kind](count, **settings)
    given = ", ".join(f"{key}={value}" for key, value in settings.items())
    compare(got, right, f"the rates of {unit}s 0 to {count - 1} ({given})", rtol=1e-9, atol=1e-12, mistakes=mistakes)


def plateau(function: Function) -> None:
    """Check ``plateau`` on curves of several kinds, and on one that is too short to judge."""
    stall(function, [0.25, 0.5, 0.625, 0.6875, 0.6875, 0.703125, 0.703125], 2, 0.0625, 3)
    stall(function, [0.25, 0.5, 0.375, 0.75, 0.75, 0.6875, 0.75, 0.625], 3, 0.0625, 3)
    stall(function, [0.125, 0.25, 0.375, 0.5, 0.625], 2, 0.0625, None)
    stall(function, [0.25 + 0.03125 * i for i in range(8)], 4, 0.125, None)
    stall(function, [0.125, 0.375, 0.5, 0.625, 0.625, 0.5], 2, 0.25, 2)
    stall(function, [0.75, 0.5, 0.25, 0.125], 2, 0.0625, 0)
    stall(function, [0.5, 0.75, 0.375, 0.25, 0.375], 2, 0.0625, 1)
    stall(function, [0.125, 0.375, 0.625, 0.625, 0.5], 2, 0.125, 2)
    stall(function, [0.125, 0.5, 0.25, 0.5625, 0.375, 0.25], 3, 0.125, 1)
    stall(function, [0.25, 0.25], 3, 0.0625, None)
    passed("plateau", "smooth curves, a dip, a slow climb, a gain of exactly the threshold, a fall, a short history")


def stall(function: Function, history: Sequence[float], patience: int, threshold: float, expected: int | None) -> None:
    """Compare ``plateau`` with an answer found by hand."""
    got = call(function, list(history), patience, threshold)
    what = f"plateau(history, {patience}, {threshold})"
    if len(history) <= 8:
        what = f"plateau({[round(value, 6) for value in history]}, {patience}, {threshold})"
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
