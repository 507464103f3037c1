"""Expressions over a student's ``Value``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.testing import CheckFailed, call, require, student_side
from autograder.testing.article import class_with_article

Leaves = dict[str, float]


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
        raise CheckFailed(text, *_cause(failure)) from None
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
        f"Value: {shown(program, leaves)} is {class_with_article(output)}; expected a Value.",
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


def _cause(failure: CheckFailed) -> tuple[str | None, str | None]:
    message = failure.message
    if "unsupported operand" in message or "must be a real number" in message:
        return (
            "Python found no method for this operator with these operands. With a number on the left it asks "
            "the Value for __radd__, __rsub__, __rmul__, __rtruediv__ or __rpow__.",
            "number-on-the-left",
        )
    if "not 'Value'" in message:
        return (
            "a Value stands where a number is meant. Compute with the numbers, self.data and other.data, and let the "
            "new Value hold the number that comes out.",
            "value-for-number",
        )
    if "has no attribute" in message:
        return "a plain number meets a Value here and is used like one: wrap it first.", "number-not-wrapped"
    if "math domain error" in message or "complex" in message:
        return (
            "a logarithm or a root of a negative number. (-2) ** 3 is a fine expression: for a plain number as "
            "exponent, only the slope for the base is needed.",
            "logarithm-of-base",
        )
    return failure.hint, failure.mistake


def differentiate(Value: Callable[[float], Any], program: str, leaves: Leaves) -> tuple[float, Leaves, Any, Any]:
    """Run a program and its backward pass: the value, the gradients of the leaves, the output and the leaves."""
    output, inputs = build(Value, program, leaves)
    call(output.backward)
    return output.data, {name: inputs[name].grad for name in leaves}, output, inputs
