"""Where wrong versions of RMSProp and Adam go: averages, roots, eps and the counter of steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.signal import lfilter

from autograder.testing import Mistake
from workbook.chapter10.reference.optimizer_paths import Config, cumulated, path, scaled, shrink
from workbook.chapter10.reference.optimizers import Array, right_walk, walk


def rmsprop_mistakes(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config
) -> list[Mistake]:
    """Wrong paths of RMSProp."""
    g, eps, alpha = np.array(slopes), config["eps"], config["alpha"]
    found = [
        Mistake("weights-exchanged", _EXCHANGED_WEIGHTS, path(rule, w, slopes, rates, config, alpha=1 - alpha)),
        Mistake("sum-not-average", _SUM, walk(
            "Adagrad", w, slopes, rates, eps=eps, weight_decay=config["weight_decay"]).points),
        Mistake("bias-corrected", "the rule of this section has no bias correction; that is Adam's.", walk(
            "Adam", w, slopes, rates, betas=(0.0, alpha), eps=eps, weight_decay=config["weight_decay"]).points),
        Mistake("eps-missing", _NO_EPS, path(rule, w, slopes, rates, config, eps=0.0)),
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
    found += [_divided(name, hint, w, -g, below, rates, config, rule) for (name, hint), below in wrong.items()]
    ones = np.ones(len(slopes))
    return [*found, *_second_moments(w, g, g, alpha, ones, rates, config, rule)]


def adam_mistakes(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config
) -> list[Mistake]:
    """Wrong paths of Adam, and of AdamW."""
    b1, b2, eps = config["beta1"], config["beta2"], config["eps"]
    found = [
        Mistake("betas-exchanged", "the two averages have each other's weights.", path(
            rule, w, slopes, rates, config, beta1=b2, beta2=b1)),
        Mistake("first-average-unused", "the step goes along the gradient of this step, not along the average.", path(
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
    found += [_divided(n, h, w, -top, below, rates, config, rule) for (n, h), (top, below) in wrong.items()]
    return [*found, *_second_moments(w, np.asarray(m / c1), np.array(slopes), b2, np.asarray(c2), rates, config, rule)]


def _second_moments(
    w: Array, top: Array, g: Array, weight: float, correction: Array, rates: Sequence[float], config: Config, rule: str
) -> list[Mistake]:
    """Paths with ``top`` above a wrong root: of an average of something else than squares, or with eps outside."""
    axes, eps = tuple(range(1, g.ndim)), config["eps"]

    def root(averaged: Array) -> Array:
        averages = lfilter([1 - weight], [1, -weight], averaged, axis=0)
        return np.asarray(np.sqrt(averages / np.reshape(correction, (-1, *[1] * len(axes)))))

    with np.errstate(all="ignore"):
        right, unsquared = root(g**2), root(g)
        quotient = top / right
    plain = cumulated(w, scaled(rates, -quotient), shrink(rule, rates, config))
    counts = np.arange(len(plain)).reshape(-1, *[1] * len(axes))
    found = [
        _divided("square-missing", _NO_SQUARE, w, -top, unsquared + eps, rates, config, rule),
        _divided("bracket-missing", _BRACKET, w, -(quotient + eps), np.ones_like(g), rates, config, rule),
    ]
    if rule != "adamw" or not config["weight_decay"]:
        found.append(Mistake("bracket-missing", _BRACKET, plain + eps * counts))
    if g[0].size > 1:
        for summed in (np.sum, np.mean):
            one = np.broadcast_to(summed(g**2, axis=axes, keepdims=True), g.shape)
            found.append(_divided("squares-summed", _SUMMED, w, -top, root(one) + eps, rates, config, rule))
    return found


def _divided(
    name: str, hint: str, w: Array, top: Array, below: Array, rates: Sequence[float], config: Config, rule: str
) -> Mistake:
    with np.errstate(all="ignore"):
        return Mistake(name, hint, cumulated(w, scaled(rates, top / below), shrink(rule, rates, config)))


_NO_SQUARE = "the second average is one of gradients: their squares are to be averaged."
_SUMMED = "the squares of all entries are thrown together. Each entry has an average of its own."
_BRACKET = "eps is added to the quotient: a bracket is missing. It belongs to the root, below the line."
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
