"""What PyTorch's autograd makes of expressions, what wrong engines give, and random expressions."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch

from autograder.testing import student_side
from autograder.testing.answers import Formulas
from workbook.chapter06.expressions import Leaves

_UNARY = ("{a}.exp()", "{a}.tanh()", "{a}.relu()", "-{a}", "{a} ** 2", "{a} ** 3", "{a} ** -1", "{a} ** 0.5")
_WITH_NUMBER = ("{a} + {c}", "{c} + {a}", "{a} - {c}", "{c} - {a}", "{a} * {c}", "{c} * {a}", "{a} / {c}", "{c} / {a}")
_BINARY = ("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / {b}")


def torch_values(program: str, leaves: Leaves) -> tuple[float, Leaves]:
    """The value of a program's last line, and its gradient for each leaf, by PyTorch."""
    result, inputs = student_side.build_expression(_torch_leaf, program, leaves)
    result.backward()
    return result.item(), {name: 0.0 if x.grad is None else x.grad.item() for name, x in inputs.items()}


def _torch_leaf(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def value(program: str, leaves: Leaves) -> float:
    """The value of a program."""
    return torch_values(program, leaves)[0]


def value_mistakes(program: str, leaves: Leaves) -> Formulas:
    """Wrong results of ``number operator value``: the operands the wrong way round."""
    a = leaves.get("a", 1.0)
    exchanged = {"f = 2 - a": a - 2, "f = 2 / a": a / 2, "f = 2 ** a": abs(a) ** 2}
    if program in exchanged:
        yield "operands-exchanged", lambda: exchanged[program]


def gradient(program: str, leaves: Leaves, name: str) -> float:
    """The derivative of a program's value for one leaf."""
    return torch_values(program, leaves)[1][name]


def gradient_mistakes(program: str, leaves: Leaves, name: str) -> Formulas:
    """Wrong gradients of one leaf, for programs of one operation and for those that share a result."""
    a, b = leaves["a"], leaves.get("b", 1.0)
    other = b if name == "a" else a
    for_a: dict[str, Callable[[], list[tuple[str, float]]]] = {
        "f = a * b": lambda: [("product-own-factor", a), ("product-slope-one", 1.0)],
        "f = a / b": lambda: [("quotient-as-product", b)],
        "f = a.tanh()": lambda: [("slope-at-input", 1 - a * a), ("tanh-not-squared", 1 - math.tanh(a))],
        "f = a.exp()": lambda: [
            ("power-rule-for-exp", a * math.exp(a - 1)),
            ("slope-at-input", a),
            ("exp-slope-one", 1.0),
        ],
        "f = a.relu()": lambda: [("relu-passes-all", 1.0), ("slope-at-input", a)],
        "f = a.relu() + 2": lambda: [("relu-slope-at-zero", 1.0)] if a == 0 else [],
        "f = a ** 3": lambda: [("exponent-not-lowered", 3 * a**3), ("exponent-missing", a**2)],
        "f = a ** -1": lambda: [("exponent-not-lowered", -1 / a), ("exponent-missing", a**-2)],
        "f = 2 - a": lambda: [("missing-minus", 1.0)],
        "f = a + a": lambda: [("overwrites-shared-gradient", 1.0)],
        "f = a * a": lambda: [("overwrites-shared-gradient", a)],
    }
    known = for_a.get(program, list)() if name == "a" else []
    if program == "f = a / b" and name == "b":
        known = [("missing-minus", a / b**2), ("divisor-not-squared", -a / b)]
    if program == "t = a * b\nf = 3 * t":
        known = [("chain-rule-missing", other)]
    if program in ("t = a * b\nu = t.exp()\nf = t + u", "t = a * b\nu = t.exp()\nf = u + t"):
        first, second = 1.0, math.exp(a * b)
        sums = (first, second, 2 * first + second, first + 2 * second, 2 * (first + second))
        known = [("no-topological-order", other * slope) for slope in sums]
    return ((mistake, lambda wrong=wrong: wrong) for mistake, wrong in known)  # type: ignore[misc]


def random_program(seed: int, steps: int = 8, leaf_count: int = 3, *, patterns: tuple[str, ...] = ()) -> str:
    """A random expression whose intermediate results are of moderate size and keep away from kinks.

    Intermediate results are used several times, and every one of them has a part in the last line, ``f``. Evaluate it
    at ``random_leaves(seed, leaf_count)``.

    Args:
        patterns: the operations to draw from; by default all, with numbers on either side.
    """
    rng = np.random.default_rng(seed)
    known: dict[str, float] = random_leaves(seed, leaf_count)
    unused = list(known)
    lines: list[str] = []
    choices = patterns or (*_UNARY, *_WITH_NUMBER, *_BINARY, *_BINARY)
    while len(lines) < steps:
        a = unused[0] if unused and rng.random() < 0.6 else str(rng.choice(list(known)))
        b, c = str(rng.choice(list(known))), round(float(rng.uniform(0.5, 3.0)), 1)
        pattern = choices[int(rng.integers(len(choices)))]
        expression = pattern.format(a=a, b=b, c=c)
        value = _number(expression, known)
        if not _moderate(pattern, value, known[a], known[b]):
            continue
        name = f"t{len(lines) + 1}"
        lines.append(f"{name} = {expression}")
        known[name] = value
        unused = [other for other in unused if other not in {a, b if "{b}" in pattern else a}] + [name]
    lines.append("f = " + " + ".join(unused))
    return "\n".join(lines)


def random_leaves(seed: int, count: int = 3) -> Leaves:
    """The leaves a, b, c, … of a random program: different numbers of both signs between 0.3 and 2 in size."""
    rng = np.random.default_rng([seed, 6])
    sizes = rng.uniform(0.3, 2.0, count) * rng.choice([-1.0, 1.0], count)
    return {"abcdefgh"[i]: round(float(size), 4) for i, size in enumerate(sizes)}


def _number(expression: str, known: Leaves) -> float:
    inputs = {name: torch.tensor(value, dtype=torch.float64) for name, value in known.items()}
    return float(eval(expression, {"__builtins__": {}}, inputs))


def _moderate(pattern: str, value: float, a: float, b: float) -> bool:
    divisor = b if pattern == "{a} / {b}" else a if pattern in ("{c} / {a}", "{a} ** -1") else 1.0
    kink = pattern == "{a}.relu()" and abs(a) < 0.05
    below_root = pattern == "{a} ** 0.5" and a < 0.05
    return bool(np.isfinite(value) and abs(value) < 8 and abs(divisor) > 0.25 and not kink and not below_root)
