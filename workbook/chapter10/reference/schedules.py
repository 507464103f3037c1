"""Learning-rate schedules by PyTorch, and what wrong schedules and wrong plateaus look like."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from autograder.testing.answers import Formulas
from workbook.chapter10.inputs import Array


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


def step(count: int, **settings: Any) -> Array:
    """The rates of a step schedule."""
    return scheduled_rates("step", count, **settings)


def cosine(count: int, **settings: Any) -> Array:
    """The rates of a cosine schedule."""
    return scheduled_rates("cosine", count, **settings)


def warmup(count: int, **settings: Any) -> Array:
    """The rates of a warmup."""
    return scheduled_rates("warmup", count, **settings)


def plateau(history: Sequence[float], patience: int, threshold: float) -> int:
    """The first epoch after which ``patience`` epochs bring less than ``threshold``; -1 stands for None."""
    return _first(_best_ahead(history, patience) < threshold)


def _best_ahead(history: Sequence[float], patience: int) -> Array:
    """What the best of the next ``patience`` epochs gains on each epoch that has so many successors."""
    values = np.asarray(history, dtype=np.float64)
    return np.array([values[i + 1 : i + 1 + patience].max() - values[i] for i in range(len(values) - patience)])


def _fixed(wrong: Iterable[tuple[str, ArrayLike]]) -> Formulas:
    return ((name, partial(np.asarray, value)) for name, value in wrong)


def step_mistakes(count: int, base: float, milestones: Sequence[int], gamma: float) -> Formulas:
    """Wrong step schedules."""

    def shifted(by: int) -> Array:
        return scheduled_rates("step", count, base, milestones=[m + by for m in milestones], gamma=gamma)

    first = scheduled_rates("step", count, base, milestones=list(milestones[:1]), gamma=gamma)
    last = scheduled_rates("step", count, base, milestones=list(milestones[-1:]), gamma=gamma)
    yield from _fixed([
        ("schedule-one-epoch-late", shifted(1)),
        ("schedule-one-epoch-early", shifted(-1)),
        ("one-milestone-only", first),
        ("one-milestone-only", last),
        ("gamma-forgotten", np.full(count, base)),
        ("gamma-every-epoch", base * gamma ** np.arange(count)),
        ("gamma-inverted", base**2 / shifted(0)),
        ("milestone-for-one-epoch", np.where(np.isin(np.arange(count), milestones), base * gamma, base)),
    ])  # fmt: skip


def cosine_mistakes(count: int, base: float, total: int, floor: float = 0.0) -> Formulas:
    """Wrong cosine schedules."""

    def rates(end: int = total, low: float = floor, high: float = base, number: int = count) -> Array:
        return scheduled_rates("cosine", number, high, total=end, floor=low)

    late = np.append(rates(total + 1, number=count)[1:], np.nan) if total > 1 else np.full(count, np.nan)
    whole = (base - floor) / 2 * (1 + np.cos(2 * np.pi * np.arange(count) / total)) + floor
    quarter = (base - floor) * np.cos(np.pi / 2 * np.arange(count) / total) + floor
    yield from _fixed([
        ("cosine-one-epoch-off", rates(total + 1)),
        ("cosine-one-epoch-off", rates(total - 1) if total > 1 else np.full(count, np.nan)),
        ("cosine-one-epoch-off", late),
        ("floor-ignored", rates(low=0.0)),
        ("floor-added", rates(low=0.0) + floor),
        ("floor-cut-off", np.maximum(rates(low=0.0), floor)),
        ("cosine-wrong-end", whole),
        ("cosine-wrong-end", quarter),
        ("cosine-inverted", base + floor - rates()),
    ])  # fmt: skip


def warmup_mistakes(count: int, base: float, steps: int) -> Formulas:
    """Wrong warmups."""
    times = np.arange(count)
    yield from _fixed([
        ("warmup-from-zero", base * np.minimum(times / steps, 1)),
        ("warmup-from-zero", base * np.minimum(times / max(steps - 1, 1), 1)),
        ("warmup-ends-late", base * np.minimum((times + 1) / (steps + 1), 1)),
        ("warmup-never-ends", base * (times + 1) / steps),
        ("no-warmup", np.full(count, base)),
    ])  # fmt: skip


def plateau_mistakes(history: Sequence[float], patience: int, threshold: float) -> Formulas:
    """Wrong answers of a plateau finder, as epochs; -1 stands for None."""
    values = np.asarray(history, dtype=np.float64)
    starts = range(len(values) - patience)
    ahead = _best_ahead(history, patience)
    last = np.array([values[i + patience] - values[i] for i in starts])
    short = np.array([max(values[i + 1 : i + 1 + patience], default=-np.inf) - values[i] for i in range(len(values))])
    mean = np.array([values[i + 1 : i + 1 + patience].mean() - values[i] for i in starts])
    near = np.diff(values)
    right = _first(ahead < threshold)
    yield from _fixed([
        ("end-of-the-window", right + patience if right >= 0 else -1),
        ("mean-of-the-window", _first(mean < threshold)),
        ("plateau-of-neighbours", _first(near < threshold)),
        ("plateau-of-neighbours", _run(near < threshold, patience)),
        ("end-of-the-window-only", _first(last < threshold)),
        ("plateau-unfinished", _first(short < threshold)),
        ("window-too-long", _first(_best_ahead(history, patience + 1) < threshold)),
        ("exact-gain-counts", _first(ahead <= threshold)),
        ("plateau-size-of-change", _first(
            np.array([np.abs(values[i + 1 : i + 1 + patience] - values[i]).max() for i in starts]) < threshold)),
    ])  # fmt: skip


def _first(marks: NDArray[np.bool_]) -> int:
    return int(np.argmax(marks)) if marks.any() else -1


def _run(marks: NDArray[np.bool_], length: int) -> int:
    """Where the first run of ``length`` marks starts."""
    return next((i for i in range(len(marks) - length + 1) if marks[i : i + length].all()), -1)
