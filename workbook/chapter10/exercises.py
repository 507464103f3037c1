"""Checks of chapter 10: update rules against ``torch.optim``, step by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, Mistake, arrays, call, compare, passed, require, unpacked
from autograder.testing.forbidden_calls import ForbiddenCalls
from autograder.testing.hint_display import Hints
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
    """Check ``sgd``: its rule, decay, defaults, a rate that changes, a lone number; the arguments are left alone."""
    path(function, "sgd", (3,), steps=3, learning_rate=0.1)
    path(function, "sgd", (2, 3), learning_rate=0.3)
    _variations(function, "sgd", learning_rate=0.3)
    passed("sgd", "torch.optim.SGD in 20 steps, with weight decay, with the defaults; w and dw are left as they were")


def sgd_momentum(function: Function) -> None:
    """Check ``sgd_momentum``."""
    _rule(function, "sgd_momentum", learning_rate=0.1, momentum=0.8)
    path(function, "sgd_momentum", (3,), steps=3, learning_rate=0.3, momentum=0.0)
    passed("sgd_momentum", f"torch.optim.SGD with momentum, {_VARIED}")


def nesterov(function: Function) -> None:
    """Check ``nesterov``."""
    _rule(function, "nesterov", learning_rate=0.1, momentum=0.8)
    path(function, "nesterov", (3,), steps=3, learning_rate=0.3, momentum=0.0)
    passed("nesterov", f"torch.optim.SGD with nesterov=True, {_VARIED}")


def rmsprop(function: Function) -> None:
    """Check ``rmsprop``, with an ``eps`` large enough to be seen, and where ``eps`` decides."""
    _rule(function, "rmsprop", learning_rate=0.1, alpha=0.9, eps=0.01)
    _tiny_gradients(function, "rmsprop")
    passed("rmsprop", f"torch.optim.RMSprop, {_VARIED}, tiny gradients and zeros")


def adam(function: Function) -> None:
    """Check ``adam``, with an ``eps`` large enough to be seen, and where ``eps`` decides."""
    _rule(function, "adam", learning_rate=0.1, beta1=0.8, beta2=0.95, eps=0.01)
    _tiny_gradients(function, "adam")
    passed("adam", f"torch.optim.Adam, {_VARIED}, tiny gradients and zeros")


def adamw(function: Function) -> None:
    """Check ``adamw`` with a strong decay, without one, and where ``eps`` decides."""
    config: dict[str, Any] = {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}
    _rule(function, "adamw", **config, weight_decay=0.3)
    path(function, "adamw", (3,), steps=4, **config, weight_decay=0.0)
    _tiny_gradients(function, "adamw")
    passed("adamw", f"torch.optim.AdamW, {_VARIED}, tiny gradients and zeros")


def first_step(function: Function) -> None:
    """Check the first step of Adam: its length is the learning rate, whatever the size of the gradient."""
    path(function, "adam", (4,), steps=1, seed=4, scale=1e-3, learning_rate=0.01)
    path(function, "adam", (4,), steps=1, seed=5, scale=1e3, learning_rate=0.01)
    path(function, "adam", (3, 2), steps=1, seed=11)
    path(function, "adam", (2,), steps=1, seed=12, scale=3e-8, learning_rate=0.2)
    passed("adam", "the first step, for tiny and for huge gradients, with the defaults, and where eps counts")


_NUMPY_ONLY = ForbiddenCalls(
    ("torch",),
    "torch.optim is what this check compares with. Write the rule with NumPy.",
    judged_elsewhere=("sgd", "sgd_momentum", "nesterov", "rmsprop", "adam", "adamw"),
    mistake="library-does-the-work",
)
_VARIED = "two parameters in turn, weight decay, the defaults, a rate that changes, a lone number"


def _rule(function: Function, rule: str, **config: Any) -> None:
    path(function, rule, (3,), steps=4, partner=True, **config)
    path(function, rule, (2, 3), seed=2, **config)
    _variations(function, rule, **config)


def _variations(function: Function, rule: str, **config: Any) -> None:
    """What the text says of every rule: the defaults, decay, a rate that changes, any shape, arguments left alone."""
    decayed = {"weight_decay": 0.4, **config}
    path(function, rule, (3,), seed=6, steps=8)
    path(function, rule, (2, 2), seed=7, steps=8, **decayed)
    path(function, rule, (4,), seed=8, steps=8, later_rate=0.04, **config)
    path(function, rule, (), seed=9, steps=4, **config)
    _arguments_kept(function, rule, **decayed)
    _NUMPY_ONLY.check(function, rule)


def _tiny_gradients(function: Function, rule: str) -> None:
    """Gradients of the size of the default eps, and gradients that are 0."""
    path(function, rule, (3, 2), seed=10, steps=8, scale=3e-8, learning_rate=0.2)
    path(function, rule, (2,), seed=10, steps=3, scale=0.0, learning_rate=0.2)


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
    special = _special(rule, shape, config, scale, later_rate)
    _compare_paths(got, right, mistakes, _described(shape, config, scale, later_rate, steps), special)


def _described(
    shape: tuple[int, ...], config: Mapping[str, float], scale: float, later_rate: float | None, steps: int
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
    rule: str, shape: tuple[int, ...], config: Mapping[str, float], scale: float, later_rate: float | None
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


def _compare_paths(
    got: Sequence[Any], right: Array, mistakes: Sequence[Mistake], case: str, special: tuple[str, str] | None
) -> None:
    have = np.array(got)
    if np.allclose(have, right, rtol=1e-7, atol=1e-9):
        return
    fits = [m for m in mistakes if np.allclose(have, np.asarray(m.wrong), rtol=1e-6, atol=1e-9, equal_nan=True)]
    for step in range(1, len(right)):
        wrong = [Mistake(m.name, m.hint, np.asarray(m.wrong)[step]) for m in fits]
        what = f"w after step {step} ({case})"
        try:
            compare(have[step], right[step], what, mistakes=wrong)
        except CheckFailed as failure:
            # Along a path "a constant factor" and the like mean nothing.
            if failure.mistake in {m.name for m in mistakes}:
                raise
            name, hint = special or (None, _LOST if step > 1 else _FIRST)
            raise CheckFailed(failure.message, hint, name) from None


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


hint = Hints("workbook.chapter10")
