"""Say why a student's function stopped: the error, the line it comes from, and what such an error usually means."""

from __future__ import annotations

import re

from autograder.testing.failure import CheckFailed

# The text of an exception, the name of the mistake, and its likely cause without any number of this case.
_CAUSES = (
    (
        r"truth value of an array",
        "truth-value-of-array",
        "`if`, `and`, `or`, `max` and `min` take one number at a time. For a whole array use NumPy's elementwise "
        "functions.",
    ),
    (
        r"only (length-1|0-dimensional|size-1) arrays can be converted",
        "one-number-function",
        "a function for one number, such as those of the module math or float(), was given a whole array. NumPy's "
        "functions work on arrays.",
    ),
    (
        r"bitwise_xor|unsupported operand type\(s\) for \^",
        "xor-for-power",
        "`^` is not a power in Python, but an operation on bits.",
    ),
    (
        r"operands could not be broadcast|must match the size of tensor|shape mismatch",
        "shapes-do-not-fit",
        "an elementwise operation joins arrays whose shapes do not fit. Print both shapes: an axis may have been lost "
        "(a sum without keepdims=True), or a matrix product was meant.",
    ),
    (
        r"matmul: |not aligned|shapes cannot be multiplied",
        "product-shapes",
        "in a matrix product the last axis of the left factor is as long as the first of the right. Print both shapes: "
        "one may have to be transposed, or the factors exchanged.",
    ),
    (
        r"'NoneType' object",
        "none-inside",
        "something that this line uses is None. A function of yours may end without a return statement.",
    ),
    (
        r"name '\w+' is not defined",
        "not-defined",
        "the name is misspelt, or the cell that defines it has not been run.",
    ),
    (
        r"is out of bounds|index out of range",
        "index-out-of-range",
        "an index runs past the end of an axis. Count from 0, and look where the loop ends.",
    ),
    (
        r"(unexpected keyword argument|positional arguments? but|missing \d+ required)",
        "wrong-arguments",
        "a function is called with other arguments than its first line names. Keep the names and the order of the "
        "stub.",
    ),
    (
        r"maximum recursion depth",
        "endless-recursion",
        "a function calls itself without an end.",
    ),
)

EXCEPTIONS = frozenset(mistake for _, mistake, _ in _CAUSES)
"""The mistakes that are known by nothing but an exception; whoever knows the exercise may know better."""


def stopped(name: str, error: BaseException, given: str = "") -> CheckFailed:
    """What a check says when the function called ``name`` raised ``error``.

    Args:
        given: completes the sentence, for example " when called with an array of shape (2, 3)".
    """
    where = "".join(f"\n{note[:1].upper()}{note[1:]}" for note in getattr(error, "__notes__", [])[-1:])
    message = f"{name} stopped with {type(error).__name__}: {error}{given}{where}"
    for pattern, mistake, cause in _CAUSES:
        if re.search(pattern, str(error)):
            return CheckFailed(message, cause, mistake)
    return CheckFailed(message)
