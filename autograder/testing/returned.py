"""Take apart what a student's function returns, and say so where it is something else than was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing.article import class_with_article
from autograder.testing.compare import NO_RETURN, require
from autograder.testing.failure import CheckFailed


def returned(
    got: Any, what: str, fits: bool, expected: str, hint: str | None = None, mistake: str | None = None
) -> None:
    """Require that a value has the form that was asked for.

    Args:
        got: the student's value; None is taken for a forgotten return.
        what: the expression as the student would write it.
        fits: whether the value has the form.
        expected: the form, such as "a dict".
        hint, mistake: for a value of another form.

    Raises:
        CheckFailed: if it has not.
    """
    require(got is not None, f"{what} is None; expected {expected}.", NO_RETURN, "no-return")
    require(fits, f"{what} is {class_with_article(got)}; expected {expected}.", hint, mistake)


def unpacked(
    got: Any, count: int, what: str, expected: str, hint: str | None = None, mistake: str | None = None
) -> Sequence[Any]:
    """The parts of a tuple or list of ``count`` values; arguments and failure as for :func:`returned`."""
    returned(got, what, isinstance(got, (tuple, list)), expected, hint, mistake)
    require(len(got) == count, f"{what} has {len(got)} part(s); expected {expected}.", hint, mistake)
    values: Sequence[Any] = got
    return values


def entries(got: Any, keys: Sequence[str], what: str, hint: str | None = None, mistake: str | None = None) -> Any:
    """A dict, after a look at its keys.

    Raises:
        CheckFailed: if it is not a dict, with this hint and mistake or with ones that show how a dict is written, or
            lacks a key.
    """
    written = f"return one dict, with a name for each value: {{{keys[0]!r}: …}}." if keys else None
    returned(got, what, hasattr(got, "keys"), "a dict", hint or written, mistake or "not-a-dict")
    missing = [key for key in keys if key not in got]
    names = f"the keys are {', '.join(keys)}, as strings."
    require(not missing, f"{what} has no entry {', '.join(map(repr, missing))}.", names, "missing-key")
    return got


def arrays(got: Any, what: str) -> list[NDArray[np.float64]]:
    """The arrays of a list, as float64.

    Raises:
        CheckFailed: if it is not a list, or holds something else than numbers.
    """
    returned(got, what, _several(got), "a list of arrays")
    try:
        return [np.asarray(part, dtype=np.float64) for part in got]
    except (TypeError, ValueError, RuntimeError):
        raise CheckFailed(f"{what} holds something else than arrays of numbers.") from None


def scalar(got: Any, what: str, hint: str | None = None, mistake: str | None = None) -> float:
    """A single number as a float; arguments and failure as for :func:`returned`."""
    try:
        return float(got)
    except (TypeError, ValueError, RuntimeError):
        returned(got, what, False, "a number", hint, mistake)
        raise


def numbers(got: Any, what: str, hint: str | None = None, mistake: str | None = None) -> NDArray[np.float64]:
    """A flat list of numbers; arguments and failure as for :func:`returned`."""
    returned(got, what, _several(got), "a list of numbers", hint, mistake)
    return np.array([scalar(entry, f"entry {at} of {what}", hint, mistake) for at, entry in enumerate(got)])


def _several(got: Any) -> bool:
    return isinstance(got, (list, tuple)) or getattr(got, "ndim", 0) > 0


def network(got: Any, what: str) -> Any:
    """A PyTorch module; failure as for :func:`instance`."""
    return instance(got, what, "a torch.nn.Module", "state_dict", "parameters", "eval")


def instance(got: Any, what: str, expected: str, *names: str) -> Any:
    """An object with these attributes and methods.

    Raises:
        CheckFailed: if it is another kind of object, or lacks one of them.
    """
    missing = [name for name in names if not hasattr(got, name)]
    returned(got, what, len(missing) < len(names), expected)
    require(
        not missing, f"{what} has no attribute {', '.join(missing)}.", "compare with the docstring.", "missing-name"
    )
    return got
