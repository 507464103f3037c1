"""Put into words how a student's value differs from the right one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing.patterns import Comparison, truncated

_TABLE = 8
_DIGITS = (6, 9, 12, 17)


def difference(it: Comparison, what: str) -> str:
    """The first of shape, dtype, non-finite values and values that differs; a small array is shown as a table."""
    have, want = it.have, it.want
    if have.shape != want.shape:
        return f"{what} has shape {have.shape}; expected {want.shape}."
    if truncated(have, want):
        return f"{what} has dtype {have.dtype}; expected {want.dtype}."
    unexpected = ~np.isfinite(have)
    if unexpected.any():
        index = tuple(int(i) for i in np.argwhere(unexpected)[0])
        text = (
            f"{what} holds {int(unexpected.sum())} value(s) that are not finite; the first is "
            f"{have[index]:.6g}{_at(index)}, expected {want[index]:.6g}."
        )
        return text + _table(it)
    with np.errstate(invalid="ignore"):
        error = np.abs(have - want)
    excess = np.nan_to_num(error - it.rtol * np.abs(want), nan=np.inf)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(excess)), have.shape))
    wrong = int((excess > it.atol).sum())
    share = f" {wrong} of {have.size} elements differ." if have.size > 1 else ""
    worst = "the worst element is" if have.size > 1 else "the value is"
    got, expected = until_they_differ(have[index], want[index])
    return f"{what}: {worst} {got}{_at(index)}, expected {expected}.{share}" + _table(it)


def until_they_differ(one: Any, other: Any) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart, six at least."""
    for digits in _DIGITS:
        texts = f"{one:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def _table(it: Comparison) -> str:
    """Lines with index, input, got and expected of every entry; empty for a number and for a large array."""
    if not (it.want.ndim and 1 < it.want.size <= _TABLE):
        return ""
    shown = it.given is not None and it.given.shape == it.want.shape
    rows = [["index", *(["input"] if shown else []), "got", "expected", ""]]
    for index, wrong in np.ndenumerate(it.wrong):
        pair = until_they_differ(it.have[index], it.want[index]) if wrong else (f"{it.want[index]:.6g}",) * 2
        given = [f"{_of(it.given)[index]:.6g}"] if shown else []
        rows.append([f"[{', '.join(map(str, index))}]", *given, *pair, "differs" if wrong else ""])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n" + "\n".join(lines)


def _of(given: NDArray[Any] | None) -> NDArray[Any]:
    assert given is not None
    return given


def _at(index: tuple[int, ...]) -> str:
    return f" at index [{', '.join(map(str, index))}]" if index else ""
