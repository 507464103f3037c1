"""Checks of chapter 10: the path of an update rule along given gradients, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Mistake, Quantity, arrays, call, compare, require, unpacked
from autograder.testing.article import class_with_article
from autograder.testing.quantity import recognised
from workbook.chapter10.inputs import Array, Shape, landmarks_of, walk_inputs
from workbook.chapter10.wrong_rules import MISTAKES

Function = Callable[..., Any]
# Rule, shape, steps, seed, partner, later rate, scale and config, as for :func:`path`.
Walk = tuple[str, Shape, int, int, bool, float | None, float, Mapping[str, float]]
_REFERENCE = "workbook.chapter10.reference.optimizer_mistakes"
_DECAY: dict[str, Any] = {"weight_decay": 0.4}
_STRONG: dict[str, Any] = {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}
SETTINGS: Mapping[str, dict[str, Any]] = {
    "sgd": {"learning_rate": 0.3},
    "sgd_momentum": {"learning_rate": 0.1, "momentum": 0.8},
    "nesterov": {"learning_rate": 0.1, "momentum": 0.8},
    "rmsprop": {"learning_rate": 0.1, "alpha": 0.9, "eps": 0.01},
    "adam": _STRONG,
    "adamw": _STRONG | {"weight_decay": 0.3},
}
"""What the visible cases of each rule set; its ``eps`` is large enough to be seen."""


def _walk(
    rule: str, shape: Shape, steps: int = 20, seed: int = 1, partner: bool = False, later_rate: float | None = None,
    scale: float = 1.0, **config: float,
) -> Walk:  # fmt: skip
    return rule, shape, steps, seed, partner, later_rate, scale, config


def _variations(rule: str) -> list[Walk]:
    """What the text says of every rule: the defaults, decay, a rate that changes, any shape."""
    config = SETTINGS[rule]
    return [
        _walk(rule, (3,), seed=6, steps=8),
        _walk(rule, (2, 2), seed=7, steps=8, **(_DECAY | config)),
        _walk(rule, (4,), seed=8, steps=8, later_rate=0.04, **config),
        _walk(rule, (), seed=9, steps=4, **config),
    ]


def _with_memory(rule: str) -> list[Walk]:
    config = SETTINGS[rule]
    return [
        _walk(rule, (3,), steps=4, partner=True, **config),
        _walk(rule, (2, 3), seed=2, **config),
        *_variations(rule),
    ]


def _tiny_gradients(rule: str) -> list[Walk]:
    """Gradients of the size of the default eps, and gradients that are 0."""
    return [
        _walk(rule, (3, 2), seed=10, steps=8, scale=3e-8, learning_rate=0.2),
        _walk(rule, (2,), seed=10, steps=3, scale=0.0, learning_rate=0.2),
    ]


_BY_CHECK: Mapping[str, list[Walk]] = {
    "sgd": [
        _walk("sgd", (3,), steps=3, learning_rate=0.1),
        _walk("sgd", (2, 3), learning_rate=0.3),
        *_variations("sgd"),
    ],
    **{
        rule: [*_with_memory(rule), _walk(rule, (3,), steps=3, learning_rate=0.3, momentum=0.0)]
        for rule in ("sgd_momentum", "nesterov")
    },
    "rmsprop": [*_with_memory("rmsprop"), *_tiny_gradients("rmsprop")],
    "first_step": [
        _walk("adam", (4,), steps=1, seed=4, scale=1e-3, learning_rate=0.01),
        _walk("adam", (4,), steps=1, seed=5, scale=1e3, learning_rate=0.01),
        _walk("adam", (3, 2), steps=1, seed=11),
        _walk("adam", (2,), steps=1, seed=12, scale=3e-8, learning_rate=0.2),
    ],
    "adam": [*_with_memory("adam"), *_tiny_gradients("adam")],
    "adamw": [
        *_with_memory("adamw"),
        _walk("adamw", (3,), steps=4, **_STRONG, weight_decay=0.0),
        *_tiny_gradients("adamw"),
    ],
}
_SEEN = [Case(walk[0], walk) for walks in _BY_CHECK.values() for walk in walks]
_POINTS = Quantity(f"{_REFERENCE}:points", {}, _SEEN)
_LANDMARKS = Quantity(f"{_REFERENCE}:landmarks", MISTAKES, _SEEN)


def visible_paths(function: Function, check: str) -> None:
    """Compare the paths of the visible cases of a check: of a rule, or ``first_step``."""
    for rule, shape, steps, seed, partner, later_rate, scale, config in _BY_CHECK[check]:
        path(function, rule, shape, steps, seed, partner, later_rate, scale, **config)


def path(
    function: Function,
    rule: str,
    shape: Shape,
    steps: int = 20,
    seed: int = 1,
    partner: bool = False,
    later_rate: float | None = None,
    scale: float = 1.0,
    **config: float,
) -> None:
    """Compare the path of an update rule with that of PyTorch's optimizer along the same random gradients.

    Args:
        shape: of the parameter.
        partner: a second parameter of this shape, with a config of its own, takes its steps in between.
        later_rate: the learning rate from the middle of the path on.
        scale: the size of a typical gradient.
        config: the entries handed to the function; none at all: it gets None.
    """
    case = _walk(rule, shape, steps, seed, partner, later_rate, scale, **config)
    got = _points(function, *case)
    right = np.asarray(_POINTS.answers(*case).right)
    have = np.array(got)
    if np.allclose(have, right, rtol=1e-7, atol=1e-9):
        return
    known = recognised(_LANDMARKS.mistakes, _LANDMARKS.answers(*case))
    fits = [mistake for mistake in known if _leads_to(landmarks_of(have), mistake)]
    description = _described(shape, config, scale, later_rate, steps)
    for step in range(1, len(right)):
        try:
            compare(have[step], right[step], f"w after step {step} ({description})")
        except CheckFailed as failure:
            # Along a path "a constant factor" and the like mean nothing.
            name, hint = _special(rule, shape, config, scale, later_rate) or (None, _LOST if step > 1 else _FIRST)
            if fits:
                name, hint = fits[0].name.partition(" ")[0], fits[0].hint
            raise CheckFailed(failure.message, hint, name) from None


def _leads_to(landmarks: Array, mistake: Mistake) -> bool:
    wrong = np.asarray(mistake.wrong() if callable(mistake.wrong) else mistake.wrong)
    return landmarks.shape == wrong.shape and np.allclose(landmarks, wrong, rtol=1e-6, atol=1e-9, equal_nan=True)


def _points(
    function: Function, rule: str, shape: Shape, steps: int, seed: int, partner: bool, later_rate: float | None,
    scale: float, config: Mapping[str, float],
) -> list[Any]:  # fmt: skip
    """The points that the student's rule visits, the start included."""
    w, slopes, between = walk_inputs(shape, steps, seed, scale)
    what = f"{rule}(w, dw, config)"
    points: list[Any] = [w]
    other: Any = w
    memory: Any = dict(config) or None
    other_memory: Any = dict(config) or None
    for step, slope in enumerate(slopes):
        if later_rate is not None and step == steps // 2:
            memory = {**memory, "learning_rate": later_rate}
        point, memory = returned_pair(call(function, points[-1], slope, memory, may_write=True), what)
        point = arrays([point], f"{what}: next_w")[0]
        require(point.shape == w.shape, f"{what} returns a parameter of shape {point.shape}; expected {w.shape}.")
        points.append(point.copy())
        if partner:
            again = call(function, other, between[step], other_memory, may_write=True)
            other, other_memory = returned_pair(again, what)
    return points


def returned_pair(got: Any, what: str) -> tuple[Any, dict[str, Any]]:
    """The two values next_w and config.

    Raises:
        CheckFailed: if ``got`` is something else.
    """
    name, both = "config-not-returned", "the two values next_w and config"
    next_w, config = unpacked(got, 2, what, both, "return the config as well: it is the memory.", name)
    require(next_w is not None, f"{what}: next_w is None; expected an array.")
    require(
        isinstance(config, dict),
        f"{what}: config is {class_with_article(config)}; expected a dict.",
        "where config is None, make a dict of your own and return it.",
        name,
    )
    return next_w, config


def _described(
    shape: Sequence[int], config: Mapping[str, float], scale: float, later_rate: float | None, steps: int
) -> str:
    """The case in words: what the rule was given."""
    settings = ", ".join(f"{key} {value:g}" for key, value in config.items()) or "None, so all defaults"
    parts = [f"w has shape {shape}", f"config: {settings}"]
    if later_rate is not None:
        parts.append(f"learning_rate {later_rate:g} from step {steps // 2 + 1} on")
    if scale != 1:
        parts.append(f"gradients of the size {scale:g}" if scale else "gradients 0")
    return "; ".join(parts)


def _special(
    rule: str, shape: Sequence[int], config: Mapping[str, float], scale: float, later_rate: float | None
) -> tuple[str, str] | None:
    """What sets a case apart from those in which the plain rule is followed: the place to look at if it alone fails."""
    if not config:
        return "default-wrong", "config is None here: compare the defaults with the docstring."
    if scale < 1e-6:
        return "tiny-gradients", "the gradients are so small here that eps decides. Look at where it stands."
    if later_rate is not None:
        return "changing-rate", "the learning rate changes on the way here. Each step takes that of its own config."
    if config.get("weight_decay", 0) and rule != "adamw":
        return "decay-wrong", "look at what the weight decay is added to, and with which factor."
    if not shape:
        return "lone-number", "w is a lone number here, an array of shape (). No step of the rule needs an axis."
    return None


_LOST = "the steps before this one are right, so look at what this step needs from them."
_FIRST = "write this step out by hand for a single number, and print what your function has at each stage."
