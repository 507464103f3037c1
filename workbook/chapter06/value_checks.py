"""Checks of the scalar engine of chapter 06, against PyTorch's autograd."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, Mistake, call, compare, explained, passed, require, student_side
from autograder.testing.forbidden_calls import ForbiddenCalls
from workbook.chapter06.expressions import Leaves, build, differentiate, shown
from workbook.chapter06.graph_checks import content_of, trace_content
from workbook.chapter06.programs import EQUAL_NUMBERS, GRADIENT, GRADIENTS, SHARED, TRACED, VALUE, VALUES

Function = Callable[..., Any]

NO_TORCH = ForbiddenCalls(
    ("torch",),
    "derivatives are worked out by hand in this exercise; PyTorch is there to compare with.",
    judged_elsewhere=("Value", "forward_values", "backward_values", "squared_distance", "trace"),
    mistake="library-does-the-work",
)


@explained
def value_forward(Value: Function) -> None:
    """Check a new Value, then the value of each operation, with numbers on either side."""
    new_value(Value)
    for program, leaves in VALUES:
        value_of(Value, program, leaves)
    NO_TORCH.check(Value, "Value")
    passed("Value, values", "ten operations, numbers on either side, negative numbers, exponents that are Values")


def new_value(Value: Function) -> None:
    """Require ``data`` and a gradient of 0 in a new Value."""
    fresh = call(Value, 3.0)
    for name, expected in (("data", 3.0), ("grad", 0.0)):
        require(hasattr(fresh, name), f"Value(3.0) has no attribute {name}.", "__init__ sets it.", "attribute-missing")
        compare(getattr(fresh, name), expected, f"Value(3.0).{name}")


def value_of(Value: Function, program: str, leaves: Leaves) -> None:
    """Compare the value of a program with PyTorch; the leaves must stay as they are."""
    output, inputs = build(Value, program, leaves)
    expected = VALUE.answers(program, leaves).right
    what = f"Value: {shown(program, leaves)}"
    VALUE.compare(output.data, what, program, leaves)
    for name, value in leaves.items():
        hint = "an operation makes a new Value and leaves its operands as they are."
        compare(
            inputs[name].data, value, f"{name}.data after {what}", mistakes=[Mistake("operand-changed", hint, expected)]
        )


@explained
def value_backward(Value: Function) -> None:
    """Check the gradients of each operation on its own, then two operations in a row."""
    for program, leaves in GRADIENTS:
        gradients_of(Value, program, leaves)
    NO_TORCH.check(Value, "Value")
    passed("Value, backward", "each operation on its own, then several in a row, against PyTorch")


def gradients_of(Value: Function, program: str, leaves: Leaves) -> None:
    """Compare the gradients of all leaves with PyTorch's."""
    _, got, output, _ = differentiate(Value, program, leaves)
    seeded, steps = bool(np.any(output.grad != 0)), len(program.splitlines())
    for name in leaves:
        what = f"Value: {name}.grad after f.backward(), {shown(program, leaves)}"
        right = GRADIENT.answers(program, leaves, name).right
        if right and isinstance(got[name], (int, float)) and got[name] == 0:
            cause = _zero(seeded, [other != 0 for other in got.values()], steps)
            compare(got[name], right, what, rtol=1e-6, mistakes=[cause])
        if seeded and isinstance(output.grad, (int, float)) and output.grad != 1:
            started = Mistake("output-gradient-not-one", _OTHER_SEED, np.multiply(right, output.grad))
            compare(got[name], right, what, rtol=1e-6, mistakes=[started])
        GRADIENT.compare(got[name], what, program, leaves, name)
    require(output.data == output.data, f"Value: {shown(program, leaves)} is not a number.")


def _zero(seeded: bool, gradients: Sequence[bool], steps: int) -> Mistake:
    """Why a gradient is 0 that should not be.

    Args:
        seeded: whether the output has a gradient.
        gradients: whether each leaf has one.
        steps: the number of lines of the program.
    """
    if not seeded:
        return Mistake("output-gradient-not-one", _SEED, 0.0)
    if steps > 1 and not any(gradients):
        return Mistake("no-topological-order", GRADIENT.mistakes["no-topological-order"], 0.0)
    return Mistake("operand-without-gradient", _NO_GRADIENT, 0.0)


_SEED = "the output has no gradient, so no other gets one. A backward pass starts with the output's own gradient."
_OTHER_SEED = (
    "a backward pass starts with 1, the derivative of the result for itself. Here it starts with something else."
)
_NO_GRADIENT = "nothing has arrived at this operand. An operation hands each of its operands a gradient."


@explained
def value_sharing(Value: Function) -> None:
    """Check nodes that are used more than once: leaves, intermediate results, and the time a diamond takes."""
    for program, leaves in SHARED:
        gradients_of(Value, program, leaves)
    _equal_numbers(Value)
    linear_time(Value)
    NO_TORCH.check(Value, "Value")
    passed("Value, shared nodes", "a leaf and a result used twice, and a chain of them")


def _equal_numbers(Value: Function) -> None:
    """Check nodes that hold the same number and are still different nodes."""
    try:
        gradients_of(Value, *EQUAL_NUMBERS)
    except CheckFailed as failure:
        hint = "several Values hold the same number here. Remember which one you have seen, not which number."
        raise CheckFailed(failure.message, hint, "equal-numbers-merged") from None


def linear_time(Value: Function) -> None:
    """Require that a backward pass visits each node a bounded number of times, not once for each path."""
    lines = []
    for depth in (6, 12):
        program = "\n".join(["t0 = a * 1"] + [f"t{i} = t{i - 1} + t{i - 1}.tanh()" for i in range(1, depth + 1)])
        output, _ = build(Value, program, {"a": 0.5})
        lines.append(student_side.count_lines(output.backward))
    require(
        lines[1] < 4 * lines[0] + 50,
        f"backward() runs {lines[0]} lines of Python for 6 steps t = t + t.tanh() in a row and {lines[1]} for 12.",
        "it walks every path from the output to a leaf, and with each step there are twice as many. Visit each node "
        "once: sort the graph first, then let each node hand on the sum that it has collected.",
        "every-path-walked",
    )


@explained
def trace(function: Function, Value: Function) -> None:
    """Check a trace with a shared leaf, a shared result and a constant."""
    for program, leaves in TRACED:
        traced(function, Value, program, leaves)
    passed("trace", "a square, shared results, a leaf alone, equal numbers, operands whose order matters")


def traced(function: Function, Value: Function, program: str, leaves: Leaves) -> None:
    """Run a program backward, trace it, and compare the graph with the program."""
    data, gradients, output, _ = differentiate(Value, program, leaves)
    content = content_of(call(function, output), "trace(f)")
    if not np.isclose(data, VALUE.answers(program, leaves).right, rtol=1e-6):
        raise CheckFailed(f"Value: {shown(program, leaves)} is wrong.", "fix Value before trace.", "value-wrong")
    right = {name: GRADIENT.answers(program, leaves, name).right for name in leaves}
    known = all(np.isclose(gradients[name], right[name], rtol=1e-5, atol=1e-9) for name in leaves)
    trace_content(content, program, leaves, gradients, check_inner=known)
