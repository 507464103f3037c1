"""Where wrong update rules go along given gradients, from PyTorch's optimizers and what they remember."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.signal import lfilter

from autograder.workbook.oracles.optimizers import Array, right_walk, settings, walk
from autograder.workbook.testing import Mistake

Config = Mapping[str, float]
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
        "sgd": _sgd, "sgd_momentum": _momentum, "nesterov": _nesterov, "rmsprop": _rmsprop,
        "adam": _adam, "adamw": _adam,
    }  # fmt: skip
    specific = builders[rule]
    return [*_decay(rule, *arguments), *specific(rule, *arguments), *_general(rule, *arguments, given)]


def _path(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config, **changed: float
) -> Array:
    return right_walk(rule, w, slopes, rates, {**config, **changed}).points


def _general(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config, given: Config
) -> list[Mistake]:
    ones = [1.0] * len(rates)
    found = [Mistake("learning-rate-ignored", "the step does not depend on the learning rate.", _path(
        rule, w, slopes, ones, config))]  # fmt: skip
    if config["weight_decay"] == 0:
        up = _path(rule, w, [-np.asarray(slope) for slope in slopes], rates, config)
        found.append(Mistake("uphill", "the step goes up the slope. Look at the signs in the rule.", up))
    if rule != "sgd":
        single = [
            right_walk(rule, w, [g], [r], {**config, "weight_decay": 0.0}).points
            for g, r in zip(slopes, rates, strict=True)
        ]
        steps = [points[1] - points[0] for points in single]
        found.append(Mistake("state-not-kept", _NOT_KEPT, _cumulated(w, steps, _shrink(rule, rates, config))))
    for key, values in {
        "learning_rate": (1e-1, 1e-2, 1e-3),
        "alpha": (0.9,),
        "momentum": (0.9,),
        "weight_decay": (0.0, 0.01),
    }.items():
        for value in values if key in config and key not in given and len(set(rates)) == 1 else ():
            if value != config[key]:
                other = [value] * len(rates) if key == "learning_rate" else rates
                found.append(Mistake("default-not-torchs", _DEFAULT.format(key), _path(
                    rule, w, slopes, other, {**config, key: value})))  # fmt: skip
    return found


def shared_state(
    rule: str, w: Array, slopes: Sequence[Array], between: Sequence[Array], rates: Sequence[float], config: Config
) -> Mistake:
    """The path when another parameter, with gradients ``between``, uses the same memory."""
    merged = [slope for pair in zip(slopes, between, strict=True) for slope in pair]
    twice = [rate for rate in rates for _ in range(2)]
    points = right_walk(rule, np.zeros_like(w), merged, twice, {**config, "weight_decay": 0.0}).points
    steps = np.diff(points, axis=0)[::2]
    return Mistake("state-shared", _SHARED, _cumulated(w, steps, _shrink(rule, rates, config)))


def _cumulated(w: Array, steps: Sequence[Array] | Array, shrink: Sequence[float]) -> Array:
    """The path with these steps, where ``w`` is multiplied by ``shrink`` before each."""
    points = [np.asarray(w, dtype=np.float64)]
    for step, factor in zip(steps, shrink, strict=True):
        points.append(factor * points[-1] + step)
    return np.array(points)


def _shrink(rule: str, rates: Sequence[float], config: Config) -> list[float]:
    decay = config["weight_decay"] if rule == "adamw" else 0.0
    return [1 - rate * decay for rate in rates]


def _decay(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Mistake]:
    decay = config["weight_decay"]
    if decay == 0:
        return []
    plain = _path(rule, w, slopes, rates, config, weight_decay=0.0)
    found = [Mistake("decay-ignored", "the weight decay has no effect.", plain)]
    steps = np.diff(plain, axis=0)
    gentle = [1 - rate * decay for rate in rates]
    bare = _cumulated(w, steps, [1 - decay] * len(rates))
    found.append(Mistake("decay-without-rate", _NO_RATE, bare))
    if rule == "adamw":
        found.append(Mistake("decay-coupled", _COUPLED, _path("adam", w, slopes, rates, config)))
        late = [np.asarray(w, dtype=np.float64)]
        for step, factor in zip(steps, gentle, strict=True):
            late.append(factor * (late[-1] + step))
        found.append(Mistake("decay-after-the-step", _LATE, np.array(late)))
    elif rule != "sgd":
        found.append(Mistake("decay-decoupled", _DECOUPLED, _cumulated(w, steps, gentle)))
    return found


def _sgd(*_: object) -> list[Mistake]:
    return []


def _momentum(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Mistake]:
    mu, settled = config["momentum"], settings(rule, config)
    if mu == 0:
        return []
    found = [
        Mistake("velocity-forgotten", _NOT_KEPT, _path(rule, w, slopes, rates, config, momentum=0.0)),
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
                "nesterov", "this is Nesterov's rule, which comes later.", _path("nesterov", w, slopes, rates, config)
            )
        )
    if config["weight_decay"] == 0:
        scaled = [rate * np.asarray(slope) for rate, slope in zip(rates, slopes, strict=True)]
        inside = walk("SGD", w, scaled, [1.0] * len(rates), **settled).points
        against = lfilter([1.0], [1.0, mu], np.array(slopes), axis=0)
        found += [
            Mistake("momentum-wrong-sign", _AGAINST, _cumulated(w, _scaled(rates, -against), [1.0] * len(rates))),
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
            Mistake("look-ahead-exchanged", _EXCHANGED, _cumulated(w, _scaled(rates, -swapped), [1.0] * len(rates)))
        )
    return [*found, *_momentum(rule, w, slopes, rates, config)]


def _rmsprop(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Mistake]:
    g, eps, alpha = np.array(slopes), config["eps"], config["alpha"]
    found = [
        Mistake("weights-exchanged", _EXCHANGED_WEIGHTS, _path(rule, w, slopes, rates, config, alpha=1 - alpha)),
        Mistake("sum-not-average", _SUM, walk(
            "Adagrad", w, slopes, rates, eps=eps, weight_decay=config["weight_decay"]).points),
        Mistake("bias-corrected", "the rule of this section has no bias correction; that is Adam's.", walk(
            "Adam", w, slopes, rates, betas=(0.0, alpha), eps=eps, weight_decay=config["weight_decay"]).points),
        Mistake("eps-missing", _NO_EPS, _path(rule, w, slopes, rates, config, eps=0.0)),
    ]  # fmt: skip
    if config["weight_decay"]:
        return found
    s = right_walk(rule, w, slopes, rates, config).state("square_avg")
    before = np.concatenate([np.zeros_like(s[:1]), s[:-1]])
    wrong = {
        ("eps-inside-the-root", _EPS_INSIDE): np.sqrt(s + eps),
        ("root-forgotten", _NO_ROOT): s + eps,
        ("average-too-old", "the average of this step must contain the gradient of this step."): np.sqrt(before) + eps,
    }
    return [*found, *(_divided(name, hint, w, -g, below, rates, config, rule) for (name, hint), below in wrong.items())]


def _adam(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Mistake]:
    b1, b2, eps = config["beta1"], config["beta2"], config["eps"]
    found = [
        Mistake("betas-exchanged", "the two averages have each other's weights.", _path(
            rule, w, slopes, rates, config, beta1=b2, beta2=b1)),
        Mistake("first-average-unused", "the step goes along the gradient of this step, not along the average.", _path(
            rule, w, slopes, rates, config, beta1=0.0)),
        Mistake("step-counter-from-zero", _FROM_ZERO, np.concatenate([
            np.asarray(w, dtype=np.float64)[None], np.full((len(slopes), *np.shape(w)), np.nan)])),
    ]  # fmt: skip
    if config["weight_decay"] and rule == "adam":
        return found
    memory = right_walk(rule, w, slopes, rates, config)
    m, s = memory.state("exp_avg"), memory.state("exp_avg_sq")
    t = np.arange(1, len(slopes) + 1).reshape(-1, *[1] * np.ndim(w))
    late = np.maximum(t - 1, 1)
    c1, c2 = 1 - b1**t, 1 - b2**t
    wrong = {
        ("no-bias-correction", _NO_CORRECTION): (m, np.sqrt(s) + eps),
        ("first-moment-uncorrected", "the average of the gradients is not corrected."): (m, np.sqrt(s / c2) + eps),
        ("second-moment-uncorrected", "the average of the squares is not corrected."): (m / c1, np.sqrt(s) + eps),
        ("eps-inside-the-root", _EPS_INSIDE): (m / c1, np.sqrt(s / c2 + eps)),
        ("eps-before-the-correction", _EPS_EARLY): (m / c1, (np.sqrt(s) + eps) / np.sqrt(c2)),
        ("eps-missing", _NO_EPS): (m / c1, np.sqrt(s / c2)),
        ("root-forgotten", _NO_ROOT): (m / c1, s / c2 + eps),
        ("step-counter-late", _FROM_ZERO): (m / (1 - b1**late), np.sqrt(s / (1 - b2**late)) + eps),
        ("step-counter-ahead", "the first step is number 1, not number 2."): (
            m / (1 - b1 ** (t + 1)), np.sqrt(s / (1 - b2 ** (t + 1))) + eps),
        ("step-counter-stands", "the number of the step stays 1 for ever. It has to be kept in config."): (
            m / (1 - b1), np.sqrt(s / (1 - b2)) + eps),
    }  # fmt: skip
    return [*found, *(_divided(n, h, w, -top, below, rates, config, rule) for (n, h), (top, below) in wrong.items())]


def _scaled(rates: Sequence[float], steps: Array) -> Array:
    return np.asarray(steps * np.reshape(rates, (-1, *[1] * (steps.ndim - 1))))


def _divided(
    name: str, hint: str, w: Array, top: Array, below: Array, rates: Sequence[float], config: Config, rule: str
) -> Mistake:
    with np.errstate(all="ignore"):
        return Mistake(name, hint, _cumulated(w, _scaled(rates, top / below), _shrink(rule, rates, config)))


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
_EXCHANGED_WEIGHTS = "alpha is the weight of the old average, 1 - alpha that of the new square."
_SUM = "the squares are added up and never forgotten, so the steps shrink for ever. That is AdaGrad; RMSProp averages."
_NO_EPS = "eps has no effect. Where all gradients so far are tiny, the quotient needs it."
_EPS_INSIDE = "eps was added under the root. It is added to the root: 1e-8 under a root acts like 1e-4."
_EPS_EARLY = "eps was added before the average of the squares was corrected, so it is divided by the correction, too."
_NO_ROOT = "the square root is missing: the step is divided by an average of squares, which has the wrong unit."
_NO_CORRECTION = (
    "the averages start at 0 and are used as they are. Divide each by the sum of the weights that it has given out "
    "so far."
)
_FROM_ZERO = (
    "the step counter is one behind. In the first step t is 1; with t = 0 the correction divides by 0, because "
    "no weight has been given out yet."
)
