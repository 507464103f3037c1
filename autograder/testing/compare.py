"""Compare a student's value with the expected one and say, in words, how they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from autograder.testing.article import class_with_article
from autograder.testing.differences import difference
from autograder.testing.failure import CheckFailed
from autograder.testing.patterns import Comparison, general_cause, truncated

NO_RETURN = "the function ends without a return statement; printing a value does not return it."
_GENERATOR = (
    "yield in place of return, or round brackets round an expression with for, make a generator, which holds no "
    "numbers yet. Return an array or a list."
)
_FUNCTIONS = {"function", "method", "builtin_function_or_method", "ufunc", "type", "functools.partial"}
_FUNCTION = "a function or class is returned itself. To get its value, call it: its name, then round brackets."
_NONE_INSIDE = "some entries are None. A function that computes them may end without a return statement."
_OBJECTS = "an array was made of lists of different lengths, of texts, or with dtype=object. Make it of numbers."


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
    given: ArrayLike | None = None,
) -> None:
    """Require that ``got`` equals ``expected`` elementwise: ``|got - expected| <= atol + rtol * |expected|``.

    The failure says the first thing that is wrong, in the order shape, dtype, non-finite values, worst
    element (a table for at most eight values); then the likely cause: one of ``mistakes``, or a general one of
    :mod:`autograder.testing.patterns`.

    Args:
        got: the student's value: a number, an array, a tensor, or a list of numbers.
        expected: the value it should have, finite; never shown except at the worst element.
        what: the expression as the student would write it, for example ``"sigmoid(x)"``.
        rtol, atol: relative and absolute tolerance, dimensionless and in the unit of the values.
        mistakes: the wrong answers to recognise, most specific first.
        given: the argument of an elementwise function, to say for which inputs it is wrong.

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
    it = Comparison(have, want, rtol, atol, None if given is None else np.asarray(given))
    if it.equals(have) and not truncated(have, want):
        return
    if have.dtype.kind == "b" and want.dtype.kind != "b":
        is_what = f"is {have}; expected a number" if have.ndim == 0 else "holds truth values; expected numbers"
        cause = "a comparison is returned. A bracket may close too late, or a sum or mean over it is missing."
        raise CheckFailed(f"{what} {is_what}.", cause, "truth-value")
    it = replace(it, have=_counted(have), want=_counted(want))
    named = _recognised(it.have, mistakes, rtol, atol)
    hint, name = (named.hint, named.name) if named is not None else general_cause(it)
    raise CheckFailed(difference(it, what), hint, name)


def _counted(array: NDArray[Any]) -> NDArray[Any]:
    """Truth values as 0 and 1, which can be subtracted."""
    return array.astype(np.int64) if array.dtype.kind == "b" else array


def _as_array(got: Any, what: str) -> NDArray[Any]:
    """The student's value as a numeric array; tensors are detached."""
    if got is None:
        raise CheckFailed(f"{what} is None.", NO_RETURN, "no-return")
    kind = type(got).__name__
    for fits, hint, name in (
        # By name: an object that stays in the student's kernel bears the name of its class.
        (kind == "generator", _GENERATOR, "generator"),
        (kind in _FUNCTIONS, _FUNCTION, "function-not-called"),
        (isinstance(got, (str, bytes)), "text is returned. Return the numbers; formatting is for printing.", "text"),
        (got is NotImplemented or isinstance(got, (dict, set)) or callable(got), None, None),
    ):
        if fits:
            raise CheckFailed(f"{what} is {class_with_article(got)}; expected numbers.", hint, name)
    if hasattr(got, "detach"):
        got = got.detach().cpu().numpy()
    try:
        array = np.asarray(got)
    except ValueError:
        hint = "append a row of the same length each time, or look where a row is cut."
        raise CheckFailed(
            f"{what} is {class_with_article(got)} whose rows have different lengths.", hint, "ragged-rows"
        ) from None
    if array.dtype.kind not in "biufc":
        none = array.dtype.kind == "O" and any(value is None for value in array.ravel())
        hint = _NONE_INSIDE if none else _OBJECTS
        raise CheckFailed(f"{what} holds values of type {array.dtype}; expected numbers.", hint, "object-dtype")
    return array


def _recognised(have: NDArray[Any], mistakes: Sequence[Mistake], rtol: float, atol: float) -> Mistake | None:
    for mistake in mistakes:
        with np.errstate(all="ignore"):
            wrong = np.asarray(mistake.wrong() if callable(mistake.wrong) else mistake.wrong)
        if wrong.shape == have.shape and np.allclose(have, wrong, rtol=max(rtol, 1e-6), atol=atol, equal_nan=True):
            return mistake
    return None
