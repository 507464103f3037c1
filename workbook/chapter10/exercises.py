"""Checks of chapter 10: update rules against ``torch.optim``, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import call, explained, passed, require
from autograder.testing.forbidden_calls import ForbiddenCalls
from autograder.testing.hint_display import Hints
from autograder.testing.student_side import arguments_after
from workbook.chapter10.path_checks import SETTINGS, path, returned_pair, visible_paths
from workbook.chapter10.schedule_checks import cosine_schedule, plateau, rates_of, stall, step_schedule, warmup
from workbook.chapter10.training_run_checks import compare_rates, rates_compared, run_by_schedule, scheduled_run

# Used by the chapter's test cells.
__all__ = [
    "adam", "adamw", "compare_rates", "cosine_schedule", "first_step", "nesterov", "path", "plateau",
    "rates_compared", "rates_of", "rmsprop", "run_by_schedule", "scheduled_run", "sgd", "sgd_momentum", "stall",
    "step_schedule", "warmup",
]  # fmt: skip

Function = Callable[..., Any]


@explained
def sgd(function: Function) -> None:
    """Check ``sgd``: its rule, decay, defaults, a rate that changes, a lone number; the arguments are left alone."""
    _rule(function, "sgd")
    passed("sgd", "torch.optim.SGD in 20 steps, with weight decay, with the defaults; w and dw are left as they were")


@explained
def sgd_momentum(function: Function) -> None:
    """Check ``sgd_momentum``."""
    _rule(function, "sgd_momentum")
    passed("sgd_momentum", f"torch.optim.SGD with momentum, {_VARIED}")


@explained
def nesterov(function: Function) -> None:
    """Check ``nesterov``."""
    _rule(function, "nesterov")
    passed("nesterov", f"torch.optim.SGD with nesterov=True, {_VARIED}")


@explained
def rmsprop(function: Function) -> None:
    """Check ``rmsprop``, also where ``eps`` decides."""
    _rule(function, "rmsprop")
    passed("rmsprop", f"torch.optim.RMSprop, {_VARIED}, tiny gradients and zeros")


@explained
def adam(function: Function) -> None:
    """Check ``adam``, also where ``eps`` decides."""
    _rule(function, "adam")
    passed("adam", f"torch.optim.Adam, {_VARIED}, tiny gradients and zeros")


@explained
def adamw(function: Function) -> None:
    """Check ``adamw`` with a strong decay, without one, and where ``eps`` decides."""
    _rule(function, "adamw")
    passed("adamw", f"torch.optim.AdamW, {_VARIED}, tiny gradients and zeros")


@explained
def first_step(function: Function) -> None:
    """Check the first step of Adam: its length is the learning rate, whatever the size of the gradient."""
    visible_paths(function, "first_step")
    passed("adam", "the first step, for tiny and for huge gradients, with the defaults, and where eps counts")


_NUMPY_ONLY = ForbiddenCalls(
    ("torch",),
    "torch.optim is what this check compares with. Write the rule with NumPy.",
    judged_elsewhere=("sgd", "sgd_momentum", "nesterov", "rmsprop", "adam", "adamw"),
    mistake="library-does-the-work",
)
_VARIED = "two parameters in turn, weight decay, the defaults, a rate that changes, a lone number"


def _rule(function: Function, rule: str) -> None:
    visible_paths(function, rule)
    _arguments_kept(function, rule)
    _NUMPY_ONLY.check(function, rule)


def _arguments_kept(function: Function, rule: str) -> None:
    """Require that a step leaves the arrays w and dw as they were."""
    config = {"weight_decay": 0.4, **SETTINGS[rule]}
    w, dw = np.random.default_rng(3).standard_normal((2, 2, 3))
    memory = returned_pair(call(function, w, dw, dict(config), may_write=True), rule)[1]
    for state in (config, memory):
        after = arguments_after(function, w.copy(), dw.copy(), state)
        for name, array, now in (("w", w, after[0]), ("dw", dw, after[1])):
            require(
                np.array_equal(array, now),
                f"{rule} has written into {name}.",
                "an assignment such as w -= … changes the caller's array. Make a new one.",
                "changed-in-place",
            )


hint = Hints("workbook.chapter10")
