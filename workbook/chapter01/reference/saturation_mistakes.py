"""Wrong saturated shares of chapter 01 that have a name."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Mistake


def fraction_mistakes(values: ArrayLike, threshold: float) -> list[Mistake]:
    """Wrong saturated shares, counted in the sorted entries."""
    values = np.asarray(values, dtype=np.float64)
    size, signed, sizes = values.size, np.sort(values, axis=None), np.sort(np.abs(values), axis=None)
    count = int(np.searchsorted(sizes, threshold))
    return [
        Mistake("count", "this is how many there are. Divide by how many entries there are in all.", count),
        Mistake("percent", "this is a percentage; a share lies between 0 and 1.", 100 * count / size),
        Mistake(
            "not-saturated-share", "this is the share of the entries that are not saturated.", (size - count) / size
        ),
        Mistake(
            "no-absolute-value",
            "large negative derivatives are counted as small. Compare their absolute value.",
            np.searchsorted(signed, threshold) / size,
        ),
        Mistake(
            "boundary-counted",
            "an entry that equals the threshold is not below it.",
            np.searchsorted(sizes, threshold, side="right") / size,
        ),
        Mistake(
            "threshold-ignored",
            "the result does not change with the argument threshold.",
            np.searchsorted(sizes, 0.01) / size,
        ),
        *(
            Mistake(
                "other-default",
                "without the argument the threshold is 0.01. Compare absolute values, not squares.",
                np.searchsorted(sizes, other) / size,
            )
            for other in (0.1, 0.001, 1e-4)
            if threshold == 0.01
        ),
        Mistake(
            "squared-entries",
            "the squares are compared; take absolute values.",
            np.searchsorted(sizes**2, threshold) / size,
        ),
        Mistake("rounded", "the share was rounded. Return it as it is.", round(count / size, 2)),
        Mistake(
            "divided-by-rows",
            "the count is divided by the length of one axis. Divide by the number of entries.",
            count / values.shape[-1],
        ),
        Mistake(
            "divided-by-rows",
            "the count is divided by the number of rows. Divide by the number of entries.",
            count / len(values),
        ),
    ]
