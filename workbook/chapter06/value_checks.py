"""Checks of the scalar engine of chapter 06, against PyTorch's autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, Mistake, call, compare, passed, require, student_side
from autograder.testing.forbidden_calls import ForbiddenCalls
from workbook.chapter06.graph_checks import content_of, trace_content
from workbook.chapter06.reference.value import Leaves, build, differentiate, shown, torch_values
from workbook.chapter06.reference.value_mistakes import (
    chain_mistakes,
    gradient_mistakes,
    order_mistakes,
    sharing_mistakes,
    value_mistakes,
    zero_mistakes,
)

Function = Callable[..., Any]

NO_TORCH = ForbiddenCalls(
    ("torch",),
    "derivatives are worked out by hand in this exercise; PyTorch is there to compare with.",
    judged_elsewhere=("Value", "forward_values", "backward_values", "squared_distance", "trace"),
    mistake="library-does-the-work",
)


def value_forward(Value: Function) -> None:
    """Check a new Value, then the value of each operation, with numbers on either side."""
    new_value(Value)
    for expression in (
        "a + b",
        "a * b",
        "a - b",
        "a / b",
        "-a",
        "a ** 3",
        "a ** -1",
        "a.exp()",
        "a.tanh()",
        "a.relu()",
    ):
        value_of(Value, f"f = {expression}", {"a": 1.5, "b": -0.4})
    for expression in ("a + 2", "2 + a", "a - 2", "2 - a", "a * 2", "2 * a", "a / 2", "2 / a", "2 ** a", "a ** 2"):
        value_of(Value, f"f = {expression}", {"a": 1.5})
    for program, leaves in (
        ("f = a ** 2 - a ** 3", {"a": -0.9}),
        ("f = a ** b", {"a": 1.4, "b": -1.2}),
        ("f = -3 - a", {"a": 0.6}),
        ("f = a.relu() - b.relu()", {"a": -1.5, "b": 0.0}),
        ("f = 3 / a - a / 4", {"a": -0.3}),
    ):
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
    expected = torch_values(program, leaves)[0]
    what = f"Value: {shown(program, leaves)}"
    compare(output.data, expected, what, mistakes=value_mistakes(program, leaves))
    for name, value in leaves.items():
        hint = "an operation makes a new Value and leaves its operands as they are."
        compare(
            inputs[name].data, value, f"{name}.data after {what}", mistakes=[Mistake("operand-changed", hint, expected)]
        )


def value_backward(Value: Function) -> None:
    """Check the gradients of each operation on its own, then two operations in a row."""
    for expression in ("a ** 3", "a ** -1", "a.exp()", "a.tanh()", "a.relu()"):
        for a in (0.7, -0.6):
            gradients_of(Value, f"f = {expression}", {"a": a})
    for expression in ("a + b", "a * b", "a - b", "a / b", "2 - a", "2 / a", "a / 2", "2 ** b", "-a"):
        gradients_of(Value, f"f = {expression}", {"a": 1.5, "b": 0.4})
    gradients_of(Value, "t = a * b\nf = 3 * t", {"a": 0.5, "b": -1.5}, chain_mistakes)
    for program, leaves in (
        ("f = a", {"a": 1.5}),
        ("f = a ** 4", {"a": -0.8}),
        ("f = a ** b", {"a": 1.3, "b": -0.7}),
        ("f = 3 ** a", {"a": -1.2}),
        ("f = a / b", {"a": -1.4, "b": -0.6}),
        ("f = (a - 2).relu() + b", {"a": 0.25, "b": 0.75}),
        ("f = ((1 - a * 0.25).tanh() / 2).exp() - b", {"a": 0.6, "b": 1.0}),
    ):
        gradients_of(Value, program, leaves)
    gradients_of(Value, "f = a.relu() + 2", {"a": 0.0}, lambda *_: [Mistake("relu-slope-at-zero", _AT_ZERO, 1.0)])
    NO_TORCH.check(Value, "Value")
    passed("Value, backward", "each operation on its own, then several in a row, against PyTorch")


_AT_ZERO = "the slope of ReLU is 1 if a > 0, else 0. At 0 it is 0."


def gradients_of(
    Value: Function, program: str, leaves: Leaves, mistakes: Callable[[Leaves, str], list[Mistake]] | None = None
) -> None:
    """Compare the gradients of all leaves with PyTorch's."""
    _, got, output, _ = differentiate(Value, program, leaves)
    expected = torch_values(program, leaves)[1]
    seeded, steps = bool(np.any(output.grad != 0)), len(program.splitlines())
    for name in leaves:
        what = f"Value: {name}.grad after f.backward(), {shown(program, leaves)}"
        known = mistakes(leaves, name) if mistakes else gradient_mistakes(program, leaves, name)
        if expected[name] and isinstance(got[name], (int, float)) and got[name] == 0:
            known = zero_mistakes(seeded, [other != 0 for other in got.values()], steps)
        compare(got[name], expected[name], what, rtol=1e-6, mistakes=known)
    require(output.data == output.data, f"Value: {shown(program, leaves)} is not a number.")


def value_sharing(Value: Function) -> None:
    """Check nodes that are used more than once: leaves, intermediate results, and the time a diamond takes."""
    gradients_of(Value, "f = a + a", {"a": 3.0}, lambda _, __: sharing_mistakes([1.0]))
    gradients_of(Value, "f = a * a", {"a": 3.0}, lambda _, __: sharing_mistakes([3.0]))
    shared_result(Value, "t = a * b\nu = t.exp()\nf = t + u", {"a": 0.5, "b": -0.8})
    shared_result(Value, "t = a * b\nu = t.exp()\nf = u + t", {"a": 0.5, "b": -0.8})
    gradients_of(Value, "f = a * a * a - 3 * a", {"a": -0.4})
    gradients_of(Value, "t = a.exp()\nu = t * t - t\nv = u * 2\nf = v / (u + 3)", {"a": 0.3})
    _equal_numbers(Value)
    linear_time(Value)
    NO_TORCH.check(Value, "Value")
    passed("Value, shared nodes", "a leaf and a result used twice, and a chain of them")


def _equal_numbers(Value: Function) -> None:
    """Check nodes that hold the same number and are still different nodes."""
    try:
        gradients_of(Value, "t = a * 1\nu = t + 0\nf = u * b", {"a": 2.5, "b": -0.5})
    except CheckFailed as failure:
        hint = "several Values hold the same number here. Remember which one you have seen, not which number."
        raise CheckFailed(failure.message, hint, "equal-numbers-merged") from None


def shared_result(Value: Function, program: str, leaves: Leaves) -> None:
    """Check ``t + exp(t)`` with t = a · b: t may pass its gradient on only when both uses have handed in theirs."""
    inner = [1.0, float(np.exp(leaves["a"] * leaves["b"]))]
    gradients_of(
        Value,
        program,
        leaves,
        lambda at, name: order_mistakes(inner, at["b" if name == "a" else "a"]),
    )


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


def trace(function: Function, Value: Function) -> None:
    """Check a trace with a shared leaf, a shared result and a constant."""
    traced(function, Value, "f = a * a", {"a": 1.5})
    traced(function, Value, "t = a * b\nu = t.tanh()\nf = u / (t + 2)", {"a": 0.5, "b": -0.75})
    traced(function, Value, "f = a", {"a": -0.5})
    traced(function, Value, "f = a - b", {"a": 0.75, "b": 0.75})
    traced(function, Value, "t = a * 3 - b\nf = t * t / (t - 2 * b)", {"a": 0.4, "b": -0.9})
    passed("trace", "a square, shared results, a leaf alone, equal numbers, operands whose order matters")


def traced(function: Function, Value: Function, program: str, leaves: Leaves) -> None:
    """Run a program backward, trace it, and compare the graph with the program."""
    data, gradients, output, _ = differentiate(Value, program, leaves)
    content = content_of(call(function, output), "trace(f)")
    value, right = torch_values(program, leaves)
    if not np.isclose(data, value, rtol=1e-6):
        raise CheckFailed(f"Value: {shown(program, leaves)} is wrong.", "fix Value before trace.", "value-wrong")
    known = all(np.isclose(gradients[name], right[name], rtol=1e-5, atol=1e-9) for name in leaves)
    trace_content(content, program, leaves, gradients, check_inner=known)
