"""Checks of chapter 10: learning-rate schedules against ``torch.optim.lr_scheduler``, and plateaus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.testing import Case, Mistake, Quantity, call, compare, explained, passed, require, scalar
from autograder.testing.quantity import recognised

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter10.reference.schedules"
_TOLERANCE = {"rtol": 1e-9, "atol": 1e-12}

_STEP = Quantity(
    f"{_REFERENCE}:step",
    {
        "schedule-one-epoch-late": "a milestone is the first epoch with the lower rate.",
        "schedule-one-epoch-early": "the epoch before a milestone still has the higher rate.",
        "one-milestone-only": "only one of the milestones has an effect.",
        "gamma-forgotten": "the rate never changes.",
        "gamma-every-epoch": "gamma is applied in every epoch, not at milestones only.",
        "gamma-inverted": "the rate rises at the milestones.",
        "milestone-for-one-epoch": "the rate is lower in the epoch of a milestone only. Every milestone that has "
        "passed counts.",
    },
    [
        Case("step", (8,), {"base": 0.1, "milestones": [3, 6], "gamma": 0.1}),
        Case("step", (9,), {"base": 0.8, "milestones": [1, 4, 7], "gamma": 0.25}),
        Case("step", (4,), {"base": 0.6, "milestones": [2, 20], "gamma": 0.5}),
        Case("step", (3,), {"base": 0.4, "milestones": [], "gamma": 0.5}),
    ],
    **_TOLERANCE,
)
_COSINE = Quantity(
    f"{_REFERENCE}:cosine",
    {
        "cosine-one-epoch-off": "epoch 0 has the rate base, and epoch `total` the floor, neither earlier nor later.",
        "floor-ignored": "the rate falls to 0, whatever the floor.",
        "floor-added": "the floor is added on top, so the schedule starts above base.",
        "floor-cut-off": "the curve falls to 0 and is cut off at the floor. The cosine itself has to end at the floor.",
        "cosine-wrong-end": "half a period of the cosine is enough: a whole one goes down and up again, and a quarter "
        "falls fastest at its end.",
        "cosine-inverted": "it rises from the floor to base.",
    },
    [
        Case("cosine", (9,), {"base": 0.2, "total": 8}),
        Case("cosine", (8,), {"base": 0.7, "total": 7, "floor": 0.2}),
        Case("cosine", (2,), {"base": 0.5, "total": 1, "floor": 0.05}),
    ],
    **_TOLERANCE,
)
_WARMUP = Quantity(
    f"{_REFERENCE}:warmup",
    {
        "warmup-from-zero": "step 0 gets the rate 0 and does nothing. The first step has the rate base / steps.",
        "warmup-ends-late": "base is reached one step late: it is the rate of step steps - 1.",
        "warmup-never-ends": "the rate goes on rising after the warmup.",
        "no-warmup": "the rate is base from the start.",
    },
    [
        Case("warmup", (8,), {"base": 0.2, "steps": 5}),
        Case("warmup", (40,), {"base": 0.6, "steps": 3}),
        Case("warmup", (16,), {"base": 0.05, "steps": 12}),
        Case("warmup", (4,), {"base": 0.7, "steps": 1}),
    ],
    **_TOLERANCE,
)
# Histories, patience and threshold, and the answer found by hand.
_HISTORIES: tuple[tuple[list[float], int, float, int | None], ...] = (
    ([0.25, 0.5, 0.625, 0.6875, 0.6875, 0.703125, 0.703125], 2, 0.0625, 3),
    ([0.25, 0.5, 0.375, 0.75, 0.75, 0.6875, 0.75, 0.625], 3, 0.0625, 3),
    ([0.125, 0.25, 0.375, 0.5, 0.625], 2, 0.0625, None),
    ([0.25 + 0.03125 * i for i in range(8)], 4, 0.125, None),
    ([0.125, 0.375, 0.5, 0.625, 0.625, 0.5], 2, 0.25, 2),
    ([0.75, 0.5, 0.25, 0.125], 2, 0.0625, 0),
    ([0.5, 0.75, 0.375, 0.25, 0.375], 2, 0.0625, 1),
    ([0.125, 0.375, 0.625, 0.625, 0.5], 2, 0.125, 2),
    ([0.125, 0.5, 0.25, 0.5625, 0.375, 0.25], 3, 0.125, 1),
    ([0.25, 0.25], 3, 0.0625, None),
)
_PLATEAU = Quantity(
    f"{_REFERENCE}:plateau",
    {
        "end-of-the-window": "you return the epoch at which the waiting is over, not the one after which nothing came.",
        "mean-of-the-window": "you compare with the mean of the next `patience` epochs. The best of them decides.",
        "plateau-of-neighbours": "you compare each epoch with its neighbour. Small gains add up, and a dip is no "
        "plateau: compare with the best of the next `patience` epochs.",
        "end-of-the-window-only": "you compare with the last epoch of the window. The best of the window decides.",
        "plateau-unfinished": "fewer than `patience` epochs follow this one, so it cannot be judged yet.",
        "window-too-long": "one epoch too many is waited for.",
        "exact-gain-counts": "a gain of exactly the threshold is not less than the threshold.",
        "plateau-size-of-change": "the size of the change is compared, so a fall counts as progress, too.",
    },
    [Case("plateau", history[:3]) for history in _HISTORIES],
)


@explained
def step_schedule(function: Function) -> None:
    """Check ``step_schedule`` with two milestones, three, one beyond the run, and none."""
    _visible(function, _STEP)
    passed("step_schedule", "MultiStepLR with two milestones, with three, with one beyond the run and with none")


@explained
def cosine_schedule(function: Function) -> None:
    """Check ``cosine_schedule`` from the first epoch to the last, with a floor and without."""
    _visible(function, _COSINE)
    passed("cosine_schedule", "CosineAnnealingLR over eight epochs, over seven with a floor, over one")


@explained
def warmup(function: Function) -> None:
    """Check ``warmup`` over five steps and over other numbers of steps, and after them."""
    _visible(function, _WARMUP)
    passed("warmup", "LinearLR over five steps, three, twelve and one, and the steps after them")


def _visible(function: Function, schedule: Quantity) -> None:
    for case in schedule.cases:
        rates_of(function, case.what, *case.arguments(), **case.options)


def rates_of(function: Function, kind: str, count: int, **settings: Any) -> None:
    """Compare a schedule with PyTorch's at ``count`` epochs or steps; ``kind`` is step, cosine or warmup."""
    unit = "step" if kind == "warmup" else "epoch"
    got = [scalar(call(function, time, **settings), f"the rate of {unit} {time}") for time in range(count)]
    given = ", ".join(f"{key}={value}" for key, value in settings.items())
    schedule = {"step": _STEP, "cosine": _COSINE, "warmup": _WARMUP}[kind]
    schedule.compare(got, f"the rates of {unit}s 0 to {count - 1} ({given})", count, **settings)


@explained
def plateau(function: Function) -> None:
    """Check ``plateau`` on curves of several kinds, and on one that is too short to judge."""
    for case in _HISTORIES:
        stall(function, *case)
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
    mistakes = recognised(_PLATEAU.mistakes, _PLATEAU.answers(list(history), patience, threshold))
    if expected is None or got is None:
        found = next((m for m in mistakes if np.array_equal(_epoch(m), -1 if got is None else got)), None)
        require(
            got is None and expected is None,
            f"{what} is {got}; expected {'None' if expected is None else 'an epoch'}.",
            found.hint if found else None,
            found.name if found else None,
        )
        return
    compare(got, expected, what, mistakes=mistakes)


def _epoch(mistake: Mistake) -> Any:
    """The epoch that a mistake gives; -1 stands for None."""
    return mistake.wrong() if callable(mistake.wrong) else mistake.wrong
