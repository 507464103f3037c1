"""Expressions over a student's ``Value`` and what PyTorch's autograd makes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.testing import CheckFailed, call, require, student_side

Leaves = dict[str, float]
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


def shown(program: str, leaves: Leaves) -> str:
    """A program and its inputs on one line, as a student would write them."""
    at = ", ".join(f"{name} = {value:g}" for name, value in leaves.items())
    return f"{'; '.join(program.splitlines())} at {at}"


def build(Value: Callable[[float], Any], program: str, leaves: Leaves) -> tuple[Any, Any]:
    """The last line's ``Value`` and the leaves by name; whatever goes wrong is explained.

    Raises:
        CheckFailed: if an operation is missing, stops, or returns something else than a ``Value``.
    """
    try:
        built = call(student_side.build_expression, Value, program, leaves)
    except CheckFailed as failure:
        if failure.mistake == "not-written":
            hint = "a method that this expression needs still raises NotImplementedError."
            raise CheckFailed(f"Value: {shown(program, leaves)} cannot be computed yet.", hint, "not-written") from None
        text = failure.message.replace("build_expression", shown(program, leaves))
        raise CheckFailed(text, *_cause(failure.message)) from None
    output = built[0]
    require(
        output is not None,
        f"Value: {shown(program, leaves)} is None.",
        "a method of Value ends without a return statement.",
        "no-return",
    )
    missing = [name for name in ("grad", "backward") if not hasattr(output, name)]
    require(
        len(missing) < 2,
        f"Value: {shown(program, leaves)} is a {type(output).__name__}; expected a Value.",
        "an operation on a Value returns a new Value, which remembers where it came from, not a bare number.",
        "result-not-a-value",
    )
    for what, value in {shown(program, leaves): output, **built[1]}.items():
        for name in ("data", "grad", "backward"):
            require(
                hasattr(value, name),
                f"Value: {what} has no attribute {name}.",
                "__init__ sets data and grad, and backward is a method. Look at the spelling.",
                "attribute-missing",
            )
    return output, built[1]


def _cause(message: str) -> tuple[str | None, str | None]:
    if "unsupported operand" in message or "must be a real number" in message:
        return (
            "Python found no method for this operator with these operands. With a number on the left it asks "
            "the Value for __radd__, __rsub__, __rmul__, __rtruediv__ or __rpow__.",
            "number-on-the-left",
        )
    if "has no attribute" in message:
        return "a plain number meets a Value here and is used like one: wrap it first.", "number-not-wrapped"
    if "math domain error" in message or "complex" in message:
        return (
            "a logarithm or a root of a negative number. (-2) ** 3 is a fine expression: for a plain number as "
            "exponent, only the slope for the base is needed.",
            "logarithm-of-base",
        )
    return None, None


def differentiate(Value: Callable[[float], Any], program: str, leaves: Leaves) -> tuple[float, Leaves, Any, Any]:
    """Run a program and its backward pass: the value, the gradients of the leaves, the output and the leaves."""
    output, inputs = build(Value, program, leaves)
    call(output.backward)
    return output.data, {name: inputs[name].grad for name in leaves}, output, inputs
