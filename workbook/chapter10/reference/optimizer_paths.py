"""Paths put together from steps, for wrong update rules that PyTorch does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from workbook.chapter10.inputs import Array
from workbook.chapter10.reference.optimizers import right_walk

Config = Mapping[str, float]
Wrong = tuple[str, Array]
"""A mistake's name and the path that it gives, (T + 1, ...)."""


def path(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config, **changed: float
) -> Array:
    """Where a rule of the chapter goes with some settings changed."""
    return right_walk(rule, w, slopes, rates, {**config, **changed}).points


def cumulated(w: Array, steps: Sequence[Array] | Array, factors: Sequence[float]) -> Array:
    """The path with these steps, where ``w`` is multiplied by one of ``factors`` before each."""
    points = [np.asarray(w, dtype=np.float64)]
    for step, factor in zip(steps, factors, strict=True):
        points.append(factor * points[-1] + step)
    return np.array(points)


def shrink(rule: str, rates: Sequence[float], config: Config) -> list[float]:
    """The factors of the parameter before each step that a decoupled decay gives."""
    decay = config["weight_decay"] if rule == "adamw" else 0.0
    return [1 - rate * decay for rate in rates]


def scaled(rates: Sequence[float], steps: Array) -> Array:
    """Each step times its rate."""
    return np.asarray(steps * np.reshape(rates, (-1, *[1] * (steps.ndim - 1))))
