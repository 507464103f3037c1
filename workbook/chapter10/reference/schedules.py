"""Learning-rate schedules by PyTorch, and what wrong schedules and wrong plateaus look like."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.testing import Mistake

Array = NDArray[np.float64]


def scheduled_rates(kind: str, count: int, base: float, **settings: Any) -> Array:
    """The rates of the first ``count`` epochs or steps; ``kind`` is step, cosine or warmup."""
    lr_scheduler = torch.optim.lr_scheduler
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=base)
    if kind == "step":
        scheduler: Any = lr_scheduler.MultiStepLR(optimizer, settings["milestones"], settings["gamma"])
    elif kind == "cosine":
        scheduler = lr_scheduler.CosineAnnealingLR(optimizer, settings["total"], settings.get("floor", 0.0))
    elif settings["steps"] == 1:
        return np.full(count, base)
    else:
        scheduler = lr_scheduler.LinearLR(optimizer, 1 / settings["steps"], total_iters=settings["steps"] - 1)
    rates = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch misses an optimizer.step
        for _ in range(count):
            rates.append(optimizer.param_groups[0]["lr"])
            scheduler.step()
    return np.array(rates)


def step_mistakes(count: int, base: float, milestones: Sequence[int], gamma: float) -> list[Mistake]:
    """Wrong step schedules."""

    def shifted(by: int) -> Array:
        return scheduled_rates("step", count, base, milestones=[m + by for m in milestones], gamma=gamma)

    first = scheduled_rates("step", count, base, milestones=list(milestones[:1]), gamma=gamma)
    last = scheduled_rates("step", count, base, milestones=list(milestones[-1:]), gamma=gamma)
    return [
        Mistake("schedule-one-epoch-late", "a milestone is the first epoch with the lower rate.", shifted(1)),
        Mistake("schedule-one-epoch-early", "the epoch before a milestone still has the higher rate.", shifted(-1)),
        Mistake("one-milestone-only", "only one of the milestones has an effect.", first),
        Mistake("one-milestone-only", "only one of the milestones has an effect.", last),
        Mistake("gamma-forgotten", "the rate never changes.", np.full(count, base)),
        Mistake("gamma-every-epoch", "gamma is applied in every epoch, not at milestones only.",
                base * gamma ** np.arange(count)),
        Mistake("gamma-inverted", "the rate rises at the milestones.", base**2 / shifted(0)),
    ]  # fmt: skip


def cosine_mistakes(count: int, base: float, total: int, floor: float = 0.0) -> list[Mistake]:
    """Wrong cosine schedules."""

    def rates(end: int = total, low: float = floor, high: float = base, number: int = count) -> Array:
        return scheduled_rates("cosine", number, high, total=end, floor=low)

    late = np.append(rates(total + 1, number=count)[1:], np.nan) if total > 1 else np.full(count, np.nan)
    whole = (base - floor) / 2 * (1 + np.cos(2 * np.pi * np.arange(count) / total)) + floor
    quarter = (base - floor) * np.cos(np.pi / 2 * np.arange(count) / total) + floor
    return [
        Mistake("cosine-one-epoch-off", "the schedule should reach the floor in epoch `total`, "
                                        "not later.", rates(total + 1)),
        Mistake("cosine-one-epoch-off", "the schedule should reach the floor in epoch `total`, not before.",
                rates(total - 1) if total > 1 else np.full(count, np.nan)),
        Mistake("cosine-one-epoch-off", "epoch 0 has the rate base.", late),
        Mistake("floor-ignored", "the rate falls to 0, whatever the floor.", rates(low=0.0)),
        Mistake("floor-added", "the floor is added on top, so the schedule starts above base.", rates(low=0.0) + floor),
        Mistake("cosine-wrong-end", "it goes down and up again: half a period of the cosine is enough.", whole),
        Mistake("cosine-wrong-end", "this is a quarter of a period, which falls fastest at its end.", quarter),
        Mistake("cosine-inverted", "it rises from the floor to base.", base + floor - rates()),
    ]  # fmt: skip


def warmup_mistakes(count: int, base: float, steps: int) -> list[Mistake]:
    """Wrong warmups."""
    times = np.arange(count)
    return [
        Mistake("warmup-from-zero", "step 0 gets the rate 0 and does nothing. The first step has the rate base "
                                    "/ steps.",
                base * np.minimum(times / steps, 1)),
        Mistake("warmup-from-zero", "step 0 gets the rate 0 and does nothing. The first step has the rate base "
                                    "/ steps.",
                base * np.minimum(times / max(steps - 1, 1), 1)),
        Mistake("warmup-ends-late", "base is reached one step late: it is the rate of step steps - 1.",
                base * np.minimum((times + 1) / (steps + 1), 1)),
        Mistake("warmup-never-ends", "the rate goes on rising after the warmup.", base * (times + 1) / steps),
        Mistake("no-warmup", "the rate is base from the start.", np.full(count, base)),
    ]  # fmt: skip


def plateau_mistakes(history: Sequence[float], patience: int, threshold: float) -> list[Mistake]:
    """Wrong answers of a plateau finder, as epochs; -1 stands for None."""
    values = np.asarray(history, dtype=np.float64)
    starts = range(len(values) - patience)
    ahead = np.array([values[i + 1 : i + 1 + patience].max() - values[i] for i in starts])
    last = np.array([values[i + patience] - values[i] for i in starts])
    short = np.array([max(values[i + 1 : i + 1 + patience], default=-np.inf) - values[i] for i in range(len(values))])
    near = np.diff(values)
    right = _first(ahead < threshold)
    return [
        Mistake("end-of-the-window", "you return the epoch at which the waiting is over, not the one after which "
                                     "nothing "
                "came.", right + patience if right >= 0 else -1),
        Mistake("plateau-of-neighbours", _NEIGHBOURS, _first(near < threshold)),
        Mistake("plateau-of-neighbours", _NEIGHBOURS, _run(near < threshold, patience)),
        Mistake("end-of-the-window-only", "you compare with the last epoch of the window. The best of the window "
                                          "decides.",
                _first(last < threshold)),
        Mistake("plateau-unfinished", "fewer than `patience` epochs follow this one, so it cannot be judged yet.",
                _first(short < threshold)),
        Mistake("window-too-long", "one epoch too many is waited for.", _first(
            np.array([values[i + 1 : i + 2 + patience].max() - values[i] for i in starts[:-1]]) < threshold)),
        Mistake("exact-gain-counts", "a gain of exactly the threshold is not less than the threshold.",
                _first(ahead <= threshold)),
        Mistake("plateau-size-of-change", "the size of the change is compared: a fall is no gain.", _first(
            np.array([np.abs(values[i + 1 : i + 1 + patience] - values[i]).max() for i in starts]) < threshold)),
    ]  # fmt: skip


def _first(marks: NDArray[np.bool_]) -> int:
    return int(np.argmax(marks)) if marks.any() else -1


def _run(marks: NDArray[np.bool_], length: int) -> int:
    """Where the first run of ``length`` marks starts."""
    return next((i for i in range(len(marks) - length + 1) if marks[i : i + length].all()), -1)


_NEIGHBOURS = (
    "you compare each epoch with its neighbour. Small gains add up, and a dip is no plateau: compare with the "
    "best of the "
    "next `patience` epochs."
)
