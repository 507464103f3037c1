"""Where wrong update rules go along given gradients, from PyTorch's optimizers and what they remember."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.signal import lfilter

from autograder.testing import Mistake
from workbook.chapter10.reference.adaptive_mistakes import adam_mistakes, rmsprop_mistakes
from workbook.chapter10.reference.optimizer_paths import Config, cumulated, path, scaled, shrink
from workbook.chapter10.reference.optimizers import RULES, Array, right_walk, settings, walk

Builder = Callable[[str, Array, Sequence[Array], Sequence[float], Config], list[Mistake]]


def wrong_paths(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config, given: Config
) -> list[Mistake]:
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
) -> list[Mistake]:
    ones = [1.0] * len(rates)
    found = [Mistake("learning-rate-ignored", "the step does not depend on the learning rate.", path(
        rule, w, slopes, ones, config))]  # fmt: skip
    if len(set(rates)) > 1:
        found.append(Mistake("first-rate-kept", _FIRST_RATE, path(rule, w, slopes, [rates[0]] * len(rates), config)))
    if config["weight_decay"] == 0:
        up = path(rule, w, [-np.asarray(slope) for slope in slopes], rates, config)
        found.append(Mistake("uphill", "the step goes up the slope. Look at the signs in the rule.", up))
    if rule != "sgd":
        single = [
            right_walk(rule, w, [g], [r], {**config, "weight_decay": 0.0}).points
            for g, r in zip(slopes, rates, strict=True)
        ]
        steps = [points[1] - points[0] for points in single]
        found.append(Mistake("state-not-kept", _NOT_KEPT, cumulated(w, steps, shrink(rule, rates, config))))
    for key, values in {
        "learning_rate": (1e-1, 1e-2, 1e-3),
        "alpha": (0.9,),
        "momentum": (0.9,),
        "weight_decay": (0.0, 0.01),
    }.items():
        for value in values if key in config and key not in given and len(set(rates)) == 1 else ():
            if value != config[key]:
                other = [value] * len(rates) if key == "learning_rate" else rates
                found.append(Mistake("default-not-torchs", _DEFAULT.format(key), path(
                    rule, w, slopes, other, {**config, key: value})))  # fmt: skip
    for key in given:
        default = RULES[rule].defaults[key]
        if default != config[key] and len(set(rates)) == 1:
            other = [default] * len(rates) if key == "learning_rate" else rates
            found.append(Mistake("setting-not-read", _NOT_READ.format(key), path(
                rule, w, slopes, other, {**config, key: default})))  # fmt: skip
    return found


def shared_state(
    rule: str, w: Array, slopes: Sequence[Array], between: Sequence[Array], rates: Sequence[float], config: Config
) -> Mistake:
    """The path when another parameter, with gradients ``between``, uses the same memory."""
    merged = [slope for pair in zip(slopes, between, strict=True) for slope in pair]
    twice = [rate for rate in rates for _ in range(2)]
    points = right_walk(rule, np.zeros_like(w), merged, twice, {**config, "weight_decay": 0.0}).points
    steps = np.diff(points, axis=0)[::2]
    return Mistake("state-shared", _SHARED, cumulated(w, steps, shrink(rule, rates, config)))


def _decay(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Mistake]:
    decay = config["weight_decay"]
    if decay == 0:
        return []
    plain = path(rule, w, slopes, rates, config, weight_decay=0.0)
    found = [Mistake("decay-ignored", "the weight decay has no effect.", plain)]
    steps = np.diff(plain, axis=0)
    gentle = [1 - rate * decay for rate in rates]
    bare = cumulated(w, steps, [1 - decay] * len(rates))
    found.append(Mistake("decay-without-rate", _NO_RATE, bare))
    if rule == "adamw":
        found.append(Mistake("decay-coupled", _COUPLED, path("adam", w, slopes, rates, config)))
        late = [np.asarray(w, dtype=np.float64)]
        for step, factor in zip(steps, gentle, strict=True):
            late.append(factor * (late[-1] + step))
        found.append(Mistake("decay-after-the-step", _LATE, np.array(late)))
        found.append(Mistake("decay-twice", _TWICE, cumulated(w, steps, [2 * factor - 1 for factor in gentle])))
        found.append(Mistake("decay-twice", _TWICE, _decayed_both_ways(w, slopes, rates, config)))
    else:
        found.append(Mistake("decay-twice", _TWICE, path(rule, w, slopes, rates, config, weight_decay=2 * decay)))
        if rule != "sgd":
            found.append(Mistake("decay-decoupled", _DECOUPLED, cumulated(w, steps, gentle)))
    return found


def _decayed_both_ways(w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> Array:
    """AdamW's path where the decay is a part of the gradient as well, which therefore depends on the path."""
    points = np.asarray(w, dtype=np.float64)[None]
    for step in range(1, len(slopes) + 1):
        coupled = [g + config["weight_decay"] * point for g, point in zip(slopes[:step], points, strict=True)]
        points = right_walk("adamw", w, coupled, rates[:step], config).points
    return points


def _sgd(*_: object) -> list[Mistake]:
    return []


def _momentum(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Mistake]:
    mu, settled = config["momentum"], settings(rule, config)
    if mu == 0:
        return []
    found = [
        Mistake("velocity-forgotten", _NOT_KEPT, path(rule, w, slopes, rates, config, momentum=0.0)),
        Mistake(
            "momentum-dampened", _DAMPENED, walk("SGD", w, slopes, [(1 - mu) * r for r in rates], **settled).points
        ),
    ]
    if rule == "sgd_momentum":
        found.append(
            Mistake("momentum-dampened", _DAMPENED, walk("SGD", w, slopes, rates, **settled, dampening=mu).points)
        )
        found.append(
            Mistake(
                "nesterov", "this is Nesterov's rule, which comes later.", path("nesterov", w, slopes, rates, config)
            )
        )
    if config["weight_decay"] == 0:
        moved = [rate * np.asarray(slope) for rate, slope in zip(rates, slopes, strict=True)]
        inside = walk("SGD", w, moved, [1.0] * len(rates), **settled).points
        against = lfilter([1.0], [1.0, mu], np.array(slopes), axis=0)
        found += [
            Mistake("momentum-wrong-sign", _AGAINST, cumulated(w, scaled(rates, -against), [1.0] * len(rates))),
            Mistake("rate-inside-the-velocity", _INSIDE, inside),
        ]
    return found


def _nesterov(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Mistake]:
    if config["momentum"] == 0:
        return []
    plain = right_walk("sgd_momentum", w, slopes, rates, config)
    found = [Mistake("nesterov-as-momentum", _AS_MOMENTUM, plain.points)]
    if config["weight_decay"] == 0:
        swapped = plain.state("momentum_buffer") + config["momentum"] * np.array(slopes)
        found.append(
            Mistake("look-ahead-exchanged", _EXCHANGED, cumulated(w, scaled(rates, -swapped), [1.0] * len(rates)))
        )
    return [*found, *_momentum(rule, w, slopes, rates, config)]


_NOT_KEPT = (
    "each step starts from nothing: what the last step left behind is lost. It has to be stored in config and "
    "read from "
    "the config that comes in."
)
_SHARED = (
    "two parameters disturb each other: their memory lies in one place. Everything a rule remembers belongs into the "
    "config it was called with."
)
_DEFAULT = "an entry that is missing in config gets another default than PyTorch's: look at {}."
_FIRST_RATE = "the learning rate has changed on the way, and the rule goes on with the first one. Read it in each step."
_NOT_READ = "this is what the default of {} gives. Is the value in config read?"
_TWICE = "the weight decay acts twice."
_NO_RATE = "the decay is not multiplied by the learning rate."
_COUPLED = (
    "the decay was added to the gradient, so it goes through both averages and is divided like a gradient. That "
    "is L2 in "
    "Adam; here it acts on the weight directly."
)
_DECOUPLED = (
    "the weight is shrunk directly. Here the decay is a part of the gradient, before anything else is done to it."
)
_LATE = "the decay acts on the new weight. In PyTorch it acts on the weight before the step."
_DAMPENED = "the new gradient is weighted with 1 - momentum. In this rule it enters with weight 1."
_AGAINST = "the old velocity enters with a minus sign: it should carry on in its direction."
_INSIDE = (
    "this is chapter 04's convention, with the learning rate inside the velocity. The difference shows as soon "
    "as the rate "
    "changes: old gradients then keep their old rate."
)
_AS_MOMENTUM = (
    "this is plain momentum. Nesterov's rule looks one step further along the velocity: look at the last formula."
)
_EXCHANGED = "gradient and velocity have exchanged their places: the factor momentum belongs to the new velocity."
