"""Where wrong versions of RMSProp and Adam go: averages, roots, eps and the counter of steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.signal import lfilter

from workbook.chapter10.inputs import Array
from workbook.chapter10.reference.optimizer_paths import Config, Wrong, cumulated, path, scaled, shrink
from workbook.chapter10.reference.optimizers import right_walk, walk


def rmsprop_mistakes(
    rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config
) -> list[Wrong]:
    """Wrong paths of RMSProp."""
    g, eps, alpha = np.array(slopes), config["eps"], config["alpha"]
    found = [
        ("weights-exchanged", path(rule, w, slopes, rates, config, alpha=1 - alpha)),
        ("sum-not-average", walk(
            "Adagrad", w, slopes, rates, eps=eps, weight_decay=config["weight_decay"]).points),
        ("bias-corrected", walk(
            "Adam", w, slopes, rates, betas=(0.0, alpha), eps=eps, weight_decay=config["weight_decay"]).points),
        ("eps-missing", path(rule, w, slopes, rates, config, eps=0.0)),
    ]  # fmt: skip
    if config["weight_decay"]:
        return found
    s = right_walk(rule, w, slopes, rates, config).state("square_avg")
    before = np.concatenate([np.zeros_like(s[:1]), s[:-1]])
    wrong = {
        "eps-inside-the-root": np.sqrt(s + eps),
        "root-forgotten": s + eps,
        "average-too-old": np.sqrt(before) + eps,
    }
    found += [_divided(name, w, -g, below, rates, config, rule) for name, below in wrong.items()]
    ones = np.ones(len(slopes))
    return [*found, *_second_moments(w, g, g, alpha, ones, rates, config, rule)]


def adam_mistakes(rule: str, w: Array, slopes: Sequence[Array], rates: Sequence[float], config: Config) -> list[Wrong]:
    """Wrong paths of Adam, and of AdamW."""
    b1, b2, eps = config["beta1"], config["beta2"], config["eps"]
    found = [
        ("betas-exchanged", path(rule, w, slopes, rates, config, beta1=b2, beta2=b1)),
        ("first-average-unused", path(rule, w, slopes, rates, config, beta1=0.0)),
        ("step-counter-from-zero", np.concatenate([
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
        "no-bias-correction": (m, np.sqrt(s) + eps),
        "first-moment-uncorrected": (m, np.sqrt(s / c2) + eps),
        "second-moment-uncorrected": (m / c1, np.sqrt(s) + eps),
        "eps-inside-the-root": (m / c1, np.sqrt(s / c2 + eps)),
        "eps-before-the-correction": (m / c1, (np.sqrt(s) + eps) / np.sqrt(c2)),
        "eps-missing": (m / c1, np.sqrt(s / c2)),
        "root-forgotten": (m / c1, s / c2 + eps),
        "step-counter-late": (m / (1 - b1**late), np.sqrt(s / (1 - b2**late)) + eps),
        "step-counter-ahead": (m / (1 - b1 ** (t + 1)), np.sqrt(s / (1 - b2 ** (t + 1))) + eps),
        "step-counter-stands": (m / (1 - b1), np.sqrt(s / (1 - b2)) + eps),
    }  # fmt: skip
    with np.errstate(invalid="ignore"):
        wrong["power-as-product"] = (m / (1 - b1 * t), np.sqrt(s / (1 - b2 * t)) + eps)
    found += [_divided(n, w, -top, below, rates, config, rule) for n, (top, below) in wrong.items()]
    return [*found, *_second_moments(w, np.asarray(m / c1), np.array(slopes), b2, np.asarray(c2), rates, config, rule)]


def _second_moments(
    w: Array, top: Array, g: Array, weight: float, correction: Array, rates: Sequence[float], config: Config, rule: str
) -> list[Wrong]:
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
        _divided("square-missing", w, -top, unsquared + eps, rates, config, rule),
        _divided("bracket-missing", w, -(quotient + eps), np.ones_like(g), rates, config, rule),
    ]
    if rule != "adamw" or not config["weight_decay"]:
        found.append(("bracket-missing", plain + eps * counts))
    if g[0].size > 1:
        for summed in (np.sum, np.mean):
            one = np.broadcast_to(summed(g**2, axis=axes, keepdims=True), g.shape)
            found.append(_divided("squares-summed", w, -top, root(one) + eps, rates, config, rule))
    return found


def _divided(name: str, w: Array, top: Array, below: Array, rates: Sequence[float], config: Config, rule: str) -> Wrong:
    with np.errstate(all="ignore"):
        return (name, cumulated(w, scaled(rates, top / below), shrink(rule, rates, config)))
