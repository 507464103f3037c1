"""Checks of chapter 10: update rules against ``torch.optim``, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, Mistake, arrays, call, compare, passed, require, unpacked
from autograder.testing.student_side import arguments_after
from workbook.chapter10.reference.optimizer_mistakes import shared_state, wrong_paths
from workbook.chapter10.reference.optimizers import RULES, Array, right_walk
from workbook.chapter10.schedule_checks import cosine_schedule, plateau, rates_of, stall, step_schedule, warmup
from workbook.chapter10.training_run_checks import compare_rates, rates_compared, run_by_schedule, scheduled_run

# Used by the chapter's test cells.
__all__ = [
    "adam", "adamw", "compare_rates", "cosine_schedule", "first_step", "nesterov", "path", "plateau",
    "rates_compared", "rates_of", "rmsprop", "run_by_schedule", "scheduled_run", "sgd", "sgd_momentum", "stall",
    "step_schedule", "warmup",
]  # fmt: skip

Function = Callable[..., Any]


def sgd(function: Function) -> None:
    """Check ``sgd``: three steps, twenty steps, and that the arguments are left alone."""
    path(function, "sgd", (3,), steps=3, learning_rate=0.1)
    path(function, "sgd", (2, 3), learning_rate=0.3)
    _arguments_kept(function, "sgd")
    passed("sgd", "20 steps of torch.optim.SGD; w and dw are left as they were")


def sgd_momentum(function: Function) -> None:
    """Check ``sgd_momentum`` at a constant rate."""
    _rule(function, "sgd_momentum", learning_rate=0.1, momentum=0.8)
    passed("sgd_momentum", "20 steps of torch.optim.SGD with momentum, two parameters in turn")


def nesterov(function: Function) -> None:
    """Check ``nesterov``."""
    _rule(function, "nesterov", learning_rate=0.1, momentum=0.8)
    passed("nesterov", "20 steps of torch.optim.SGD with nesterov=True, two parameters in turn")


def rmsprop(function: Function) -> None:
    """Check ``rmsprop``, with an ``eps`` large enough to be seen."""
    _rule(function, "rmsprop", learning_rate=0.1, alpha=0.9, eps=0.01)
    passed("rmsprop", "20 steps of torch.optim.RMSprop, two parameters in turn")


def adam(function: Function) -> None:
    """Check ``adam``, with an ``eps`` large enough to be seen."""
    _rule(function, "adam", learning_rate=0.1, beta1=0.8, beta2=0.95, eps=0.01)
    passed("adam", "20 steps of torch.optim.Adam, two parameters in turn")


def adamw(function: Function) -> None:
    """Check ``adamw`` with a strong decay."""
    _rule(function, "adamw", learning_rate=0.1, beta1=0.8, beta2=0.95, eps=0.01, weight_decay=0.3)
    passed("adamw", "20 steps of torch.optim.AdamW, two parameters in turn")


def first_step(function: Function) -> None:
    """Check the first step of Adam: its length is the learning rate, whatever the size of the gradient."""
    path(function, "adam", (4,), steps=1, seed=4, scale=1e-3, learning_rate=0.01)
    path(function, "adam", (4,), steps=1, seed=5, scale=1e3, learning_rate=0.01)
    passed("adam", "the first step, for tiny and for huge gradients")


def _rule(function: Function, rule: str, **config: Any) -> None:
    path(function, rule, (3,), steps=4, partner=True, **config)
    path(function, rule, (2, 3), seed=2, **config)
    _arguments_kept(function, rule, **config)


def path(
    function: Function,
    rule: str,
    shape: tuple[int, ...],
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
    rng = np.random.default_rng(seed)
    w = rng.standard_normal(shape)
    slopes, between = (scale * rng.standard_normal((steps, *shape)) for _ in range(2))
    complete = {**RULES[rule].defaults, **config}
    rates = [complete["learning_rate"]] * steps
    if later_rate is not None:
        rates[steps // 2 :] = [later_rate] * (steps - steps // 2)
    right = right_walk(rule, w, list(slopes), rates, complete).points
    got = _walk(function, rule, w, slopes, between if partner else None, rates, config)
    mistakes = wrong_paths(rule, w, list(slopes), rates, complete, config)
    if partner:
        mistakes.append(shared_state(rule, w, list(slopes), list(between), rates, complete))
    _compare_paths(got, right, mistakes)


def _walk(
    function: Function,
    rule: str,
    w: Array,
    slopes: Array,
    between: Array | None,
    rates: Sequence[float],
    config: Mapping[str, float],
) -> list[Any]:
    """The points that the student's rule visits, the start included."""
    what = f"{rule}(w, dw, config)"
    points: list[Any] = [w]
    other: Any = w
    memory: Any = dict(config) or None
    other_memory: Any = dict(config) or None
    for step, slope in enumerate(slopes):
        if step and rates[step] != rates[step - 1]:
            memory = {**memory, "learning_rate": rates[step]}
        point, memory = _pair(call(function, points[-1], slope, memory, may_write=True), what)
        point = arrays([point], f"{what}: next_w")[0]
        require(point.shape == w.shape, f"{what} returns a parameter of shape {point.shape}; expected {w.shape}.")
        points.append(point.copy())
        if between is not None:
            other, other_memory = _pair(call(function, other, between[step], other_memory, may_write=True), what)
    return points


def _pair(got: Any, what: str) -> tuple[Any, dict[str, Any]]:
    name, both = "config-not-returned", "the two values next_w and config"
    next_w, config = unpacked(got, 2, what, both, "return the config as well: it is the memory.", name)
    require(next_w is not None, f"{what}: next_w is None; expected an array.")
    require(
        isinstance(config, dict),
        f"{what}: config is a {type(config).__name__}; expected a dict.",
        "where config is None, make a dict of your own and return it.",
        name,
    )
    return next_w, config


def _compare_paths(got: Sequence[Any], right: Array, mistakes: Sequence[Mistake]) -> None:
    have = np.array(got)
    if np.allclose(have, right, rtol=1e-7, atol=1e-9):
        return
    fits = [m for m in mistakes if np.allclose(have, np.asarray(m.wrong), rtol=1e-6, atol=1e-9, equal_nan=True)]
    for step in range(1, len(right)):
        wrong = [Mistake(m.name, m.hint, np.asarray(m.wrong)[step]) for m in fits]
        what = f"w after step {step}"
        try:
            compare(have[step], right[step], what, mistakes=wrong)
        except CheckFailed as failure:
            # Along a path "a constant factor" and the like mean nothing.
            if failure.mistake in {m.name for m in mistakes}:
                raise
            raise CheckFailed(failure.message, _LOST if step > 1 else _FIRST) from None


_LOST = "the steps before this one are right, so look at what this step needs from them."
_FIRST = "write this step out by hand for a single number, and print what your function has at each stage."


def _arguments_kept(function: Function, rule: str, **config: float) -> None:
    """Require that a step leaves the arrays w and dw as they were."""
    rng = np.random.default_rng(3)
    w, dw = rng.standard_normal((2, 2, 3))
    memory = _pair(call(function, w, dw, dict(config), may_write=True), rule)[1]
    for state in (dict(config), memory):
        after = arguments_after(function, w.copy(), dw.copy(), state)
        for name, array, now in (("w", w, after[0]), ("dw", dw, after[1])):
            require(
                np.array_equal(array, now),
                f"{rule} has written into {name}.",
                "an assignment such as w -= … changes the caller's array. Make a new one.",
                "changed-in-place",
            )
