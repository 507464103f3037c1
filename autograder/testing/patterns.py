"""Causes of a wrong value that any exercise has: its shape, its type, or where and how the numbers are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Cause = tuple[str | None, str | None]
_FEW_DIGITS = 1e-4


@dataclass(frozen=True)
class Comparison:
    """A value of a student's next to the right one.

    Attributes:
        have, want: the value and what it should be.
        rtol, atol: tolerances as for :func:`autograder.testing.compare`.
        given: the argument of an elementwise function, in the shape of the value; None where there is none.
    """

    have: Array
    want: Array
    rtol: float
    atol: float
    given: Array | None = None

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """True where the value is not right; both must have the same shape."""
        return ~np.isclose(self.have, self.want, rtol=self.rtol, atol=self.atol)

    def equals(self, other: Array, loosely: bool = False) -> bool:
        """True if ``other`` would be right as the value."""
        rtol = max(self.rtol, 1e-6) if loosely else self.rtol
        return other.shape == self.want.shape and np.allclose(other, self.want, rtol=rtol, atol=self.atol)


def general_cause(it: Comparison) -> Cause:
    """The likely cause and its name; twice None where none is recognised."""
    if it.have.shape != it.want.shape:
        return _of_shape(it)
    if truncated(it.have, it.want):
        return "the result was made as an array of integers, which cuts off every fraction.", "integer-dtype"
    if not np.isfinite(it.have).all():
        return _not_finite(it)
    for look in (_of_precision, _of_arrangement, _of_factor, _of_formula, _of_variation, _of_place):
        hint, name = look(it)
        if name is not None:
            return hint, name
    return None, None


def truncated(have: Array, want: Array) -> bool:
    """True where an array of integers stands in for one of floats; plain numbers may be either."""
    return want.ndim > 0 and want.dtype.kind == "f" and have.dtype.kind in "biu"


def _of_shape(it: Comparison) -> Cause:
    have, want = it.have.shape, it.want.shape
    if len(have) > 1 and have == want[::-1]:
        return "rows and columns are exchanged.", "transposed"
    if it.have.size == it.want.size:
        if len(have) < len(want):
            return "the numbers may be right, but an axis is missing: an array was flattened on the way.", "wrong-axes"
        return (
            "the numbers may be right, but there is an axis too many. A comma at the end of the line with return "
            "makes a tuple; keepdims=True keeps an axis of length 1.",
            "wrong-axes",
        )
    if len(have) < len(want):
        return "a sum, mean or maximum went over axes that belong to the result.", "axis-lost"
    if len(have) == len(want) > 1 and have == (max(want), max(want)) and 1 in want:
        return (
            "an array of shape (N,) and one of shape (N, 1) broadcast to (N, N) when they are combined.",
            "broadcast",
        )
    if len(have) > len(want):
        return (
            "a sum or mean over an axis is missing, or two arrays were broadcast against each other.",
            "axis-too-many",
        )
    if sum(abs(a - b) for a, b in zip(have, want, strict=True)) == 1:
        return "there is one entry too many or too few. Look where a loop or a range begins and ends.", "one-off"
    return "an axis has another length: entries were selected or dropped, or it is another axis.", "axis-length"


def _not_finite(it: Comparison) -> Cause:
    if it.given is not None and it.given.shape == it.have.shape:
        bad = ~np.isfinite(it.have)
        if np.array_equal(bad, it.given == 0):
            return "it fails exactly where the input is 0: something is divided by it there.", "division-by-zero"
    return (
        "an exponential overflowed, or 0 was divided by 0, or a logarithm was taken of 0. Print the intermediate "
        "values for this input.",
        "not-finite",
    )


def _of_precision(it: Comparison) -> Cause:
    small = _FEW_DIGITS / 10 * min(1.0, float(np.abs(it.want).max(initial=0)))
    if not np.allclose(it.have, it.want, rtol=_FEW_DIGITS, atol=small):
        return None, None
    if it.want.dtype == np.float64 and it.have.dtype in (np.float32, np.float16):
        return f"it was computed in {it.have.dtype}, with 7 digits or fewer. Keep float64.", "single-precision"
    if any(np.array_equal(it.have, np.round(it.have, digits)) for digits in range(1, 8)):
        return "the value was rounded. Return it as it is; rounding is for printing.", "rounded"
    return (
        "the value is nearly right. A small number may be added somewhere, a step may be too large or too small, or "
        "digits were lost in float32.",
        "nearly-right",
    )


def _of_arrangement(it: Comparison) -> Cause:
    have = it.have
    if have.ndim == 2 and have.shape[0] == have.shape[1] and it.equals(have.T):
        return "rows and columns are exchanged.", "transposed"
    if have.ndim and len(have) > 1 and it.equals(have[::-1]):
        return "the order along the first axis is reversed.", "reversed"
    if have.ndim and len(have) > 2:
        for step in (1, -1):
            if it.equals(np.roll(have, step, axis=0)) or _equal_but_ends(it, step):
                return (
                    "the entries are shifted by one place: a loop or a slice begins too early or too late.",
                    "shifted",
                )
    return None, None


def _equal_but_ends(it: Comparison, step: int) -> bool:
    """True where all entries but those at one end are right one place further, and differ from each other."""
    ahead, behind = (it.have[1:], it.want[:-1]) if step < 0 else (it.have[:-1], it.want[1:])
    return _varies(behind) and np.allclose(ahead, behind, rtol=it.rtol, atol=it.atol)


def _of_factor(it: Comparison) -> Cause:
    if it.equals(-it.have):
        return "every value has the opposite sign.", "opposite-sign"
    weight = float(np.vdot(it.want, it.want).real)
    if not weight or not _varies(it.want):
        return None, None
    factor = float(np.vdot(it.want, it.have).real) / weight
    known = [word for value, word in _factors(it.want.shape) if factor and np.isclose(factor, value, rtol=1e-6)]
    if known and it.equals(it.have / factor, loosely=True):
        return f"every value is {known[0]} times what it should be: a factor too many or too few.", "constant-factor"
    return None, None


def _factors(shape: tuple[int, ...]) -> Iterator[tuple[float, str]]:
    """Factors that a formula can have too many or too few, with their texts; 1 is none."""
    for number in (2, 4, 3, 10, 100, *shape, int(np.prod(shape))):
        if number > 1:
            yield from ((number, f"{number}"), (1 / number, f"1/{number}"))
            yield from ((-number, f"-{number}"), (-1 / number, f"-1/{number}"))


def _of_formula(it: Comparison) -> Cause:
    """One step too many or too few at the end of a formula."""
    if not _varies(it.want):
        return None, None
    for name, hint, wrong in _LAST_STEPS:
        with np.errstate(all="ignore"):
            value = wrong(it.want)
        if np.isfinite(value).all() and np.allclose(it.have, value, rtol=max(it.rtol, 1e-6), atol=it.atol):
            return hint, name
    return None, None


_LAST_STEPS: tuple[tuple[str, str, Callable[[Array], Array]], ...] = (
    ("logarithm", "these are the logarithms of the right values.", np.log),
    ("negative-logarithm", "these are the right values' logarithms with a minus sign.", lambda v: -np.log(v)),
    ("exponential", "these are the exponentials of the right values.", np.exp),
    ("complement", "these are 1 minus the right values.", lambda v: 1 - v),
    (
        "inverse-value",
        "these are the right values' inverses: numerator and denominator are exchanged.",
        lambda v: 1 / v,
    ),
    ("squared", "these are the squares of the right values.", np.square),
    ("square-root", "these are the square roots of the right values.", np.sqrt),
    ("sign-lost", "the sign is lost: these are the absolute values of the right ones.", np.abs),
    ("plus-one", "every value is too large by 1.", lambda v: v + 1),
    ("minus-one", "every value is too small by 1.", lambda v: v - 1),
    (
        "running-sum",
        "these are running sums of the right values: something is not reset.",
        lambda v: np.cumsum(v, axis=0),
    ),
)


GUESSES = frozenset(
    {
        *(
            "axis-lost",
            "axis-too-many",
            "axis-length",
            "one-off",
            "broadcast",
            "division-by-zero",
            "not-finite",
            "nearly-right",
            "reversed",
        ),
        *("shifted", "wrong-at-zero", "wrong-where-negative", "wrong-where-positive", "wrong-where-large"),
        *("wrong-where-small", "only-first", "only-last", "first-wrong", "last-wrong", "zero-everywhere"),
        "same-everywhere",
        *(name for name, _, _ in _LAST_STEPS),
    }
)
"""Causes that say what is odd about a value; whoever knows the exercise may know better."""


def _of_variation(it: Comparison) -> Cause:
    """The same value everywhere, where the right ones differ."""
    if it.want.size < 3 or not _varies(it.want) or np.ptp(it.have.real) > it.atol:
        return None, None
    if not it.have.any():
        return (
            "every value is 0: two terms cancel each other, something is multiplied by 0, or // or an integer type has "
            "cut off fractions. Are parentheses missing, as in a * (1 - b)?",
            "zero-everywhere",
        )
    return (
        "every value is the same, whatever the input. Is each argument used, and none of them replaced by a number?",
        "same-everywhere",
    )


def _of_place(it: Comparison) -> Cause:
    wrong = it.wrong
    if wrong.all() or not wrong.any():
        return None, None
    if it.given is not None and it.given.shape == wrong.shape:
        x = it.given
        for words, name, here in (
            ("is negative", "wrong-where-negative", x < 0),
            ("is positive", "wrong-where-positive", x > 0),
            ("is 0", "wrong-at-zero", x == 0),
            ("is 0 or negative", "wrong-where-negative", x <= 0),
            ("is 0 or positive", "wrong-where-positive", x >= 0),
        ):
            if np.array_equal(wrong, here):
                return f"the value is wrong exactly where the input {words}.", name
        for size in (x, np.abs(x)):
            if size[wrong].min() > size[~wrong].max():
                return (
                    "the value is wrong where the input is large. Something is cut off, or overflows.",
                    "wrong-where-large",
                )
        if np.abs(x[wrong]).max() < np.abs(x[~wrong]).min():
            return "the value is wrong where the input is near 0.", "wrong-where-small"
        return None, None
    for axis, line in _lines(wrong.ndim):
        length = wrong.shape[axis]
        here = wrong.all(axis=tuple(other for other in range(wrong.ndim) if other != axis))
        if length < 3 or not np.array_equal(here, wrong.any(axis=tuple(a for a in range(wrong.ndim) if a != axis))):
            continue
        for words, name, at in (
            (f"only the first {line} is right", "only-first", np.arange(length) > 0),
            (f"only the last {line} is right", "only-last", np.arange(length) < length - 1),
            (f"only the first {line} is wrong", "first-wrong", np.arange(length) == 0),
            (f"only the last {line} is wrong", "last-wrong", np.arange(length) == length - 1),
        ):
            if np.array_equal(here, at):
                return f"{words}. Look where a loop or a slice begins and ends, and how far return is indented.", name
    return None, None


def _lines(axes: int) -> Iterator[tuple[int, str]]:
    names = {1: ("entry",), 2: ("row", "column")}.get(axes, ())
    yield from enumerate(names)


def _varies(values: Array) -> bool:
    """True where values are far enough from being equal that a formula can be told from their factor."""
    return values.size > 1 and float(np.ptp(values.real)) > 1e-3 * float(np.abs(values).max())
