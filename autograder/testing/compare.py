"""Compare a student's value with the expected one and say, in words, how they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.testing.failure import CheckFailed


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that students give, with the sentence that helps.

    Attributes:
        name: lower-case words and hyphens; reports count mistakes by it.
        hint: the likely cause and where to look, never the corrected code.
        wrong: the value this mistake produces for this case, or a function that computes it.
    """

    name: str
    hint: str
    wrong: ArrayLike | Callable[[], ArrayLike]


def require(condition: bool, message: str, hint: str | None = None, mistake: str | None = None) -> None:
    """Fail the check with this message unless the condition holds.

    Raises:
        CheckFailed: when ``condition`` is false.
    """
    if not condition:
        raise CheckFailed(message, hint, mistake)


def compare(
    got: Any,
    expected: ArrayLike,
    what: str,
    *,
    rtol: float = 1e-7,
    atol: float = 1e-9,
    mistakes: Sequence[Mistake] = (),
) -> None:
    """Require that ``got`` equals ``expected`` elementwise: ``|got - expected| <= atol + rtol * |expected|``.

    The failure says the first thing that is wrong, in the order shape, dtype, non-finite values, worst
    element; then the likely cause: one of ``mistakes``, or a general one (sign, constant factor, transposed).

    Args:
        got: the student's value: a number, an array, a tensor, or a list of numbers.
        expected: the value it should have, finite; never shown except at the worst element.
        what: the expression as the student would write it, for example ``"sigmoid(x)"``.
        rtol, atol: relative and absolute tolerance, dimensionless and in the unit of the values.
        mistakes: the wrong answers to recognise, most specific first.

    Raises:
        CheckFailed: when the values differ.
        ValueError: when ``expected`` is not finite, which is the fault of the check. Infinity equals infinity, so an
            answer that makes the check overflow would be right.
    """
    want = np.asarray(expected)
    if not np.isfinite(want).all():
        raise ValueError(
            f"the check of {what} expects a value that is not finite. Its author has to look for finite values first, "
            "or to choose other inputs."
        )
    have = _as_array(got, what)
    if have.shape == want.shape and _close(have, want, rtol, atol) and not _truncated(have, want):
        return
    if have.dtype.kind == "b" and want.dtype.kind != "b":
        is_what = f"is {have}; expected a number" if have.ndim == 0 else "holds truth values; expected numbers"
        cause = "a comparison is returned. A bracket may close too late, or a sum or mean over it is missing."
        raise CheckFailed(f"{what} {is_what}.", cause, "truth-value")
    have = have.astype(np.int64) if have.dtype.kind == "b" else have
    named = _recognised(have, mistakes, rtol, atol)
    if named is not None:
        raise CheckFailed(_difference(have, want, what, rtol, atol), named.hint, named.name)
    hint, name = _general_cause(have, want, rtol, atol)
    raise CheckFailed(_difference(have, want, what, rtol, atol), hint, name)


def _as_array(got: Any, what: str) -> NDArray[Any]:
    """The student's value as a numeric array; tensors are detached."""
    if got is None:
        raise CheckFailed(f"{what} is None.", "the function ends without a return statement.", "no-return")
    if got is NotImplemented or isinstance(got, (str, bytes, dict)) or callable(got):
        raise CheckFailed(f"{what} is a {type(got).__name__}; expected numbers.")
    if hasattr(got, "detach"):
        got = got.detach().cpu().numpy()
    try:
        array = np.asarray(got)
    except ValueError:
        raise CheckFailed(f"{what} is a {type(got).__name__} whose rows have different lengths.") from None
    if array.dtype.kind not in "biufc":
        raise CheckFailed(f"{what} holds values of type {array.dtype}; expected numbers.")
    return array


def _close(have: NDArray[Any], want: NDArray[Any], rtol: float, atol: float) -> bool:
    return bool(np.allclose(have, want, rtol=rtol, atol=atol, equal_nan=False))


def _truncated(have: NDArray[Any], want: NDArray[Any]) -> bool:
    """True where an array of integers stands in for one of floats; plain numbers may be either."""
    return want.ndim > 0 and want.dtype.kind == "f" and have.dtype.kind in "biu"


def _recognised(have: NDArray[Any], mistakes: Sequence[Mistake], rtol: float, atol: float) -> Mistake | None:
    for mistake in mistakes:
        with np.errstate(all="ignore"):
            wrong = np.asarray(mistake.wrong() if callable(mistake.wrong) else mistake.wrong)
        if wrong.shape == have.shape and np.allclose(have, wrong, rtol=max(rtol, 1e-6), atol=atol, equal_nan=True):
            return mistake
    return None


def _difference(have: NDArray[Any], want: NDArray[Any], what: str, rtol: float, atol: float) -> str:
    """The first of shape, dtype, non-finite values and values that differs."""
    if have.shape != want.shape:
        return f"{what} has shape {have.shape}; expected {want.shape}."
    if _truncated(have, want):
        return f"{what} has dtype {have.dtype}; expected {want.dtype}."
    unexpected = ~np.isfinite(have)
    if unexpected.any():
        index = _first(unexpected)
        return (
            f"{what} holds {int(unexpected.sum())} value(s) that are not finite; the first is "
            f"{_number(have[index])}{_at(index)}, expected {_number(want[index])}."
        )
    with np.errstate(invalid="ignore"):
        error = np.abs(have - want)
    excess = np.nan_to_num(error - rtol * np.abs(want), nan=np.inf)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(excess)), have.shape))
    wrong = int((excess > atol).sum())
    share = f" {wrong} of {have.size} elements differ." if have.size > 1 else ""
    worst = "the worst element is" if have.size > 1 else "the value is"
    return f"{what}: {worst} {_number(have[index])}{_at(index)}, expected {_number(want[index])}.{share}"


def _general_cause(have: NDArray[Any], want: NDArray[Any], rtol: float, atol: float) -> tuple[str | None, str | None]:
    if have.shape != want.shape:
        if have.ndim > 1 and have.shape == want.shape[::-1]:
            return "rows and columns are exchanged.", "transposed"
        if have.size == want.size:
            return "the numbers may be right, but an axis of length 1 is missing or too many.", "wrong-axes"
        return None, None
    if _truncated(have, want):
        return "the result was made as an array of integers, which cuts off every fraction.", "integer-dtype"
    if not np.isfinite(have).all():
        return None, None
    if have.ndim == 2 and have.shape[0] == have.shape[1] and _close(have.T, want, rtol, atol):
        return "rows and columns are exchanged.", "transposed"
    if _close(-have, want, rtol, atol):
        return "every value has the opposite sign.", "opposite-sign"
    weight = float(np.vdot(want, want).real)
    factor = float(np.vdot(want, have).real) / weight if weight else 0.0
    if factor and want.size > 1 and _close(have / factor, want, max(rtol, 1e-6), atol):
        return (
            f"every value is {factor:.4g} times what it should be: a factor too many or too few.",
            "constant-factor",
        )
    return None, None


def _first(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(index: tuple[int, ...]) -> str:
    return f" at index [{', '.join(map(str, index))}]" if index else ""


def _number(value: Any) -> str:
    return f"{value:.6g}"
