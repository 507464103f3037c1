"""The visible programs of chapter 06's scalar engine, and what their values and gradients are compared with."""

from __future__ import annotations

from autograder.testing import Case, Quantity
from workbook.chapter06.expressions import Leaves

Programs = tuple[tuple[str, Leaves], ...]
_REFERENCE = "workbook.chapter06.reference.expressions"

_OPERATIONS = ("a + b", "a * b", "a - b", "a / b", "-a", "a ** 3", "a ** -1", "a.exp()", "a.tanh()", "a.relu()")
_WITH_NUMBERS = ("a + 2", "2 + a", "a - 2", "2 - a", "a * 2", "2 * a", "a / 2", "2 / a", "2 ** a", "a ** 2")
VALUES: Programs = (
    *((f"f = {expression}", {"a": 1.5, "b": -0.4}) for expression in _OPERATIONS),
    *((f"f = {expression}", {"a": 1.5}) for expression in _WITH_NUMBERS),
    ("f = a ** 2 - a ** 3", {"a": -0.9}),
    ("f = a ** b", {"a": 1.4, "b": -1.2}),
    ("f = -3 - a", {"a": 0.6}),
    ("f = a.relu() - b.relu()", {"a": -1.5, "b": 0.0}),
    ("f = 3 / a - a / 4", {"a": -0.3}),
)
_ONE_LEAF = ("a ** 3", "a ** -1", "a.exp()", "a.tanh()", "a.relu()")
_TWO_LEAVES = ("a + b", "a * b", "a - b", "a / b", "2 - a", "2 / a", "a / 2", "2 ** b", "-a")
GRADIENTS: Programs = (
    *((f"f = {expression}", {"a": a}) for expression in _ONE_LEAF for a in (0.7, -0.6)),
    *((f"f = {expression}", {"a": 1.5, "b": 0.4}) for expression in _TWO_LEAVES),
    ("t = a * b\nf = 3 * t", {"a": 0.5, "b": -1.5}),
    ("f = a", {"a": 1.5}),
    ("f = a ** 4", {"a": -0.8}),
    ("f = a ** b", {"a": 1.3, "b": -0.7}),
    ("f = 3 ** a", {"a": -1.2}),
    ("f = a / b", {"a": -1.4, "b": -0.6}),
    ("f = (a - 2).relu() + b", {"a": 0.25, "b": 0.75}),
    ("f = ((1 - a * 0.25).tanh() / 2).exp() - b", {"a": 0.6, "b": 1.0}),
    ("f = a.relu() + 2", {"a": 0.0}),
)
SHARED: Programs = (
    ("f = a + a", {"a": 3.0}),
    ("f = a * a", {"a": 3.0}),
    ("t = a * b\nu = t.exp()\nf = t + u", {"a": 0.5, "b": -0.8}),
    ("t = a * b\nu = t.exp()\nf = u + t", {"a": 0.5, "b": -0.8}),
    ("f = a * a * a - 3 * a", {"a": -0.4}),
    ("t = a.exp()\nu = t * t - t\nv = u * 2\nf = v / (u + 3)", {"a": 0.3}),
)
EQUAL_NUMBERS: tuple[str, Leaves] = ("t = a * 1\nu = t + 0\nf = u * b", {"a": 2.5, "b": -0.5})
TRACED: Programs = (
    ("f = a * a", {"a": 1.5}),
    ("t = a * b\nu = t.tanh()\nf = u / (t + 2)", {"a": 0.5, "b": -0.75}),
    ("f = a", {"a": -0.5}),
    ("f = a - b", {"a": 0.75, "b": 0.75}),
    ("t = a * 3 - b\nf = t * t / (t - 2 * b)", {"a": 0.4, "b": -0.9}),
)


def moved_leaves(leaves: Leaves) -> Leaves:
    """Other numbers for the leaves of a program that is traced."""
    return {name: value + 0.05 * (number + 1) for number, (name, value) in enumerate(leaves.items())}


VALUE = Quantity(
    f"{_REFERENCE}:value",
    {
        "operands-exchanged": "the operands are exchanged. Python calls __rsub__ and its like with the number that "
        "stands on the left."
    },
    [
        *(Case("f", case) for case in (*VALUES, *TRACED)),
        *(Case("f", (program, moved_leaves(leaves))) for program, leaves in TRACED),
    ],
)
GRADIENT = Quantity(
    f"{_REFERENCE}:gradient",
    {
        "product-own-factor": "the slope of a·b for a is the other factor, not a itself.",
        "product-slope-one": "the slope of a product is not 1: that is the rule of the sum.",
        "quotient-as-product": "the slope of a/b for a depends on b as 1/b.",
        "missing-minus": "the result falls where this operand rises: a minus is missing.",
        "divisor-not-squared": "the slope of 1/b has b squared.",
        "power-rule-for-exp": "exp is its own slope; the power rule is for a variable base.",
        "exp-slope-one": "the slope of exp is the result itself. Here it is 1, whatever a is.",
        "relu-passes-all": "where a is negative, the result does not move with a: no gradient passes.",
        "slope-at-input": "the input was taken where the output is meant: 1 − t² has t = tanh(a), and the slope of "
        "exp(a) is exp(a). The slope of a ReLU is 0 or 1.",
        "tanh-not-squared": "the slope of tanh has the output squared.",
        "relu-slope-at-zero": "the slope of ReLU is 1 if a > 0, else 0. At 0 it is 0.",
        "exponent-not-lowered": "the power rule lowers the exponent by one, also a negative one.",
        "exponent-missing": "the power rule has the old exponent as a factor, with its sign.",
        "chain-rule-missing": "this is the local slope alone. By the chain rule it is multiplied by the gradient of "
        "the node's result.",
        "overwrites-shared-gradient": "a node that is used twice gets a contribution from each use, and they add up. "
        "Here the last one has replaced the others: look at how you write to grad.",
        "no-topological-order": "a node may hand its gradient on only after everything that uses it has handed in its "
        "part. Here a node went too early, or went twice. Go through the graph in reversed topological order, each "
        "node once.",
    },
    [
        Case("grad", (program, leaves, name))
        for program, leaves in (*GRADIENTS, *SHARED, EQUAL_NUMBERS, *TRACED)
        for name in leaves
    ],
    rtol=1e-6,
)
