"""Wrong gradients that students' scalar engines give, for the expressions of the visible checks."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograder.testing import Mistake

_OVERWRITES = (
    "a node that is used twice gets a contribution from each use, and they add up. Here the last one has replaced "
    "the others: look at how you write to grad."
)
_ORDER = (
    "a node may hand its gradient on only after everything that uses it has handed in its part. Here a node went too "
    "early, or went twice. Go through the graph in reversed topological order, each node once."
)
_SEED = "the output has no gradient, so no other gets one. A backward pass starts with the output's own gradient."
_NO_GRADIENT = "nothing has arrived at this operand. An operation hands each of its operands a gradient."
_CHAIN = "this is the local slope alone. By the chain rule it is multiplied by the gradient of the node's result."

_OWN = "the slope of a·b for a is the other factor, not a itself."
_SUM = "the slope of a product is not 1: that is the rule of the sum."
_TANH = "1 − t² is meant with the output t = tanh(a), not with the input a."
_POWER = "exp is its own slope; the power rule is for a variable base."
_RELU = "where a is negative, the result does not move with a: no gradient passes."
_LOWER = "the power rule lowers the exponent by one, also a negative one."
_FACTOR = "the power rule has the old exponent as a factor, with its sign."


def _local_slopes(program: str, a: float, b: float) -> list[Mistake]:
    """Wrong gradients of ``a`` for a program of one operation."""
    known = {
        "f = a * b": [Mistake("product-own-factor", _OWN, a), Mistake("product-slope-one", _SUM, 1.0)],
        "f = a / b": [Mistake("quotient-as-product", "the slope of a/b for a depends on b as 1/b.", b)],
        "f = a.tanh()": [
            Mistake("slope-at-input", _TANH, 1 - a * a),
            Mistake("tanh-not-squared", "the slope of tanh has the output squared.", 1 - math.tanh(a)),
        ],
        "f = a.exp()": [
            Mistake("power-rule-for-exp", _POWER, a * math.exp(a - 1)),
            Mistake("slope-at-input", "the slope of exp is its output, not its input.", a),
        ],
        "f = a.relu()": [
            Mistake("relu-passes-all", _RELU, 1.0),
            Mistake("slope-at-input", "the slope of a ReLU is 0 or 1, not the input.", a),
        ],
        "f = a ** 3": [Mistake("exponent-not-lowered", _LOWER, 3 * a**3), Mistake("exponent-missing", _FACTOR, a**2)],
        "f = a ** -1": [Mistake("exponent-not-lowered", _LOWER, -1 / a), Mistake("exponent-missing", _FACTOR, a**-2)],
        "f = 2 - a": [Mistake("missing-minus", "f falls when a rises.", 1.0)],
    }
    return known.get(program, [])


def value_mistakes(program: str, leaves: dict[str, float]) -> list[Mistake]:
    """Wrong results of ``number operator value``: the operands the wrong way round."""
    a = leaves["a"]
    exchanged = {"f = 2 - a": a - 2, "f = 2 / a": a / 2, "f = 2 ** a": abs(a) ** 2, "f = 7 - a": a - 7}
    if program not in exchanged:
        return []
    hint = "the operands are exchanged. Python calls __rsub__ and its like with the number that stands on the left."
    return [Mistake("operands-exchanged", hint, exchanged[program])]


def gradient_mistakes(program: str, leaves: dict[str, float], name: str) -> list[Mistake]:
    """Wrong gradients of one leaf for a program of one operation."""
    mistakes = []
    if name == "a":
        mistakes = _local_slopes(program, leaves["a"], leaves.get("b", 1.0))
    if program == "f = a / b" and name == "b":
        a, b = leaves["a"], leaves["b"]
        mistakes.append(Mistake("missing-minus", "a/b falls when b rises (for positive a).", a / b**2))
        mistakes.append(Mistake("divisor-not-squared", "the slope of 1/b has b squared.", -a / b))
    return mistakes


def zero_mistakes(seeded: bool, gradients: Sequence[float], steps: int) -> list[Mistake]:
    """Why a gradient is 0 that should not be.

    Args:
        seeded: whether the output has a gradient.
        gradients: those of all leaves.
        steps: the number of lines of the program.
    """
    if not seeded:
        return [Mistake("output-gradient-not-one", _SEED, 0.0)]
    if steps > 1 and not any(gradients):
        return [Mistake("no-topological-order", _ORDER, 0.0)]
    return [Mistake("operand-without-gradient", _NO_GRADIENT, 0.0)]


def chain_mistakes(leaves: dict[str, float], name: str) -> list[Mistake]:
    """Wrong gradients for ``t = a * b; f = 3 * t``."""
    other = leaves["b" if name == "a" else "a"]
    return [Mistake("chain-rule-missing", _CHAIN, other)]


def sharing_mistakes(slopes: list[float]) -> list[Mistake]:
    """Where the right gradient is the sum of the slopes of several uses: one of them alone."""
    return [Mistake("overwrites-shared-gradient", _OVERWRITES, slope) for slope in slopes]


def order_mistakes(inner: list[float], factor: float) -> list[Mistake]:
    """Wrong gradients where one intermediate result has two uses with slopes ``inner``, then a slope ``factor``."""
    first, second = inner
    wrong = (first, second, 2 * first + second, first + 2 * second, 2 * (first + second))
    return [Mistake("no-topological-order", _ORDER, factor * slope) for slope in wrong]
