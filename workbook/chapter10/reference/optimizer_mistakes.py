"""Where wrong update rules go along given gradients, from PyTorch's optimizers and what they remember."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy.signal import lfilter

from autograder.testing.answers import Formulas
from workbook.chapter10.inputs import Array, Shape, landmarks_of, walk_inputs
from workbook.chapter10.reference.adaptive_mistakes import adam_mistakes, rmsprop_mistakes
from workbook.chapter10.reference.optimizer_paths import Config, Wrong, cumulated, path, scaled, shrink
from workbook.chapter10.reference.optimizers import RULES, right_walk, settings, walk

Builder = Callable[[str, Array, Sequence[Array], Sequence[float], Config], list[Wrong]]


def wrong_paths(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config, given: Config
) -> list[Wrong]:
    """Mistakes whose wrong value is a whole path, (T + 1, ...).

    Args:
        config: all entries; given: those that the student was handed.
    """
    arguments = (w, slopes, rates, config)
    builders: dict[str, Builder] = {
        "sgd": _sgd, "sgd_momentum": _momentum, "nesterov": _nesterov, "rmsprop": rmsprop_mistakes,
        "adam": adam_mistakes, "adamw": adam_mistakes,
    }  # fmt: skip
    specific = builders[rule]
    return [*_decay(rule, *arguments), *specific(rule, *arguments), *_general(rule, *arguments, given)]


def _general(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config, given: Config
) -> list[Wrong]:
    ones = [1.0] * len(rates)
    found = [("learning-rate-ignored", path(rule, w, slopes, ones, config))]
    if len(set(rates)) > 1:
        found.append(("first-rate-kept", path(rule, w, slopes, [rates[0]] * len(rates), config)))
    if config["weight_decay"] == 0:
        up = path(rule, w, [-np.asarray(slope) for slope in slopes], rates, config)
        found.append(("uphill", up))
    if rule != "sgd":
        single = [
            right_walk(rule, w, [g], [r], {**config, "weight_decay": 0.0}).points
            for g, r in zip(slopes, rates, strict=True)
        ]
        steps = [points[1] - points[0] for points in single]
        found.append(("state-not-kept", cumulated(w, steps, shrink(rule, rates, config))))
    for key, values in {
        "learning_rate": (1e-1, 1e-2, 1e-3),
        "alpha": (0.9,),
        "momentum": (0.9,),
        "weight_decay": (0.0, 0.01),
    }.items():
        for value in values if key in config and key not in given and len(set(rates)) == 1 else ():
            if value != config[key]:
                other = [value] * len(rates) if key == "learning_rate" else rates
                changed = path(rule, w, slopes, other, {**config, key: value})
                found.append((f"default-not-torchs {key}", changed))
    for key in given:
        default = RULES[rule].defaults[key]
        if default != config[key] and len(set(rates)) == 1:
            other = [default] * len(rates) if key == "learning_rate" else rates
            found.append((f"setting-not-read {key}", path(rule, w, slopes, other, {**config, key: default})))
    return found


def shared_state(
    rule: str, w: Array, slopes: Sequence[Array], between: Sequence[Array], rates: Sequence[float], config: Config
) -> Wrong:
    """The path when another parameter, with gradients ``between``, uses the same memory."""
    merged = [slope for pair in zip(slopes, between, strict=True) for slope in pair]
    twice = [rate for rate in rates for _ in range(2)]
    points = right_walk(rule, np.zeros_like(w), merged, twice, {**config, "weight_decay": 0.0}).points
    steps = np.diff(points, axis=0)[::2]
    return ("state-shared", cumulated(w, steps, shrink(rule, rates, config)))


def _decay(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Wrong]:
    decay = config["weight_decay"]
    if decay == 0:
        return []
    plain = path(rule, w, slopes, rates, config, weight_decay=0.0)
    found = [("decay-ignored", plain)]
    steps = np.diff(plain, axis=0)
    gentle = [1 - rate * decay for rate in rates]
    bare = cumulated(w, steps, [1 - decay] * len(rates))
    found.append(("decay-without-rate", bare))
    if rule == "adamw":
        found.append(("decay-coupled", path("adam", w, slopes, rates, config)))
        late = [np.asarray(w, dtype=np.float64)]
        for step, factor in zip(steps, gentle, strict=True):
            late.append(factor * (late[-1] + step))
        found.append(("decay-after-the-step", np.array(late)))
        found.append(("decay-twice", cumulated(w, steps, [2 * factor - 1 for factor in gentle])))
        found.append(("decay-twice", _decayed_both_ways(w, slopes, rates, config)))
    else:
        found.append(("decay-twice", path(rule, w, slopes, rates, config, weight_decay=2 * decay)))
        if rule != "sgd":
            found.append(("decay-decoupled", cumulated(w, steps, gentle)))
    return found


def _decayed_both_ways(w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> Array:
    """AdamW's path where the decay is a part of the gradient as well, which therefore depends on the path."""
    points = np.asarray(w, dtype=np.float64)[None]
    for step in range(1, len(slopes) + 1):
        coupled = [g + config["weight_decay"] * point for g, point in zip(slopes[:step], points, strict=True)]
        points = right_walk("adamw", w, coupled, rates[:step], config).points
    return points


def _sgd(*_: object) -> list[Wrong]:
    return []


def _momentum(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Wrong]:
    mu, settled = config["momentum"], settings(rule, config)
    if mu == 0:
        return []
    found = [
        ("velocity-forgotten", path(rule, w, slopes, rates, config, momentum=0.0)),
        ("momentum-dampened", walk("SGD", w, slopes, [(1 - mu) * r for r in rates], **settled).points),
    ]
    if rule == "sgd_momentum":
        found.append(("momentum-dampened", walk("SGD", w, slopes, rates, **settled, dampening=mu).points))
        found.append(("nesterov", path("nesterov", w, slopes, rates, config)))
    if config["weight_decay"] == 0:
        moved = [rate * np.asarray(slope) for rate, slope in zip(rates, slopes, strict=True)]
        inside = walk("SGD", w, moved, [1.0] * len(rates), **settled).points
        against = lfilter([1.0], [1.0, mu], np.array(slopes), axis=0)
        found += [
            ("momentum-wrong-sign", cumulated(w, scaled(rates, -against), [1.0] * len(rates))),
            ("rate-inside-the-velocity", inside),
        ]
    return found


def _nesterov(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Wrong]:
    if config["momentum"] == 0:
        return []
    plain = right_walk("sgd_momentum", w, slopes, rates, config)
    found = [("nesterov-as-momentum", plain.points)]
    if config["weight_decay"] == 0:
        swapped = plain.state("momentum_buffer") + config["momentum"] * np.array(slopes)
        found.append(("look-ahead-exchanged", cumulated(w, scaled(rates, -swapped), [1.0] * len(rates))))
    return [*found, *_momentum(rule, w, slopes, rates, config)]


def points(
    rule: str, shape: Shape, steps: int, seed: int, _partner: bool, later_rate: float | None, scale: float,
    given: Config,
) -> Array:  # fmt: skip
    """The right path (T + 1, ...) of a case of the checks."""
    w, slopes, _ = walk_inputs(shape, steps, seed, scale)
    return right_walk(rule, w, list(slopes), *_settled(rule, steps, later_rate, given)).points


def landmarks(*case: Any) -> Array:
    """The points by which :func:`points` is known."""
    return landmarks_of(points(*case))


def landmarks_mistakes(
    rule: str, shape: Shape, steps: int, seed: int, partner: bool, later_rate: float | None, scale: float,
    given: Config,
) -> Formulas:  # fmt: skip
    """The points by which the paths of wrong rules are known."""
    w, slopes, between = walk_inputs(shape, steps, seed, scale)
    rates, config = _settled(rule, steps, later_rate, given)
    with np.errstate(all="ignore"):
        found = wrong_paths(rule, w, list(slopes), rates, config, given)
        if partner:
            found.append(shared_state(rule, w, list(slopes), list(between), rates, config))
    for name, wrong in found:
        yield name, partial(landmarks_of, wrong)


def _settled(rule: str, steps: int, later_rate: float | None, given: Config) -> tuple[list[float], dict[str, float]]:
    """The rate of each step, and all entries of the config."""
    config = {**RULES[rule].defaults, **given}
    late = steps - steps // 2 if later_rate is not None else 0
    return [config["learning_rate"]] * (steps - late) + [later_rate or 0.0] * late, config
