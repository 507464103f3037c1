"""The curves of chapter 09: which are accepted for a number at every step, and which wrong ones are recognised.

Students get this module: the losses of a run that starts with a student's own weights cannot be recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from workbook.chapter09.inputs import Array

READINGS = ("mean of ten", "every tenth", "first of ten")


def entries(per_step: Array, every: int = 10) -> list[Array]:
    """The curves that may stand for a number at every step, one for each of :data:`READINGS`."""
    whole = per_step[: len(per_step) // every * every]
    return [whole.reshape(-1, every).mean(axis=1), per_step[every - 1 :: every], per_step[::every]]


def wrong_curves(right: Array, per_epoch: int, batch: int) -> Iterator[tuple[str, Array]]:
    """Curves of the wrong length, or of numbers divided too often or not at all, by the name of the mistake.

    Args:
        right: the number of each step that the curve is about.
        per_epoch: steps in an epoch.
        batch: images in a batch.
    """
    accepted = entries(right)
    means, tenth, first = accepted
    epochs = right.reshape(-1, per_epoch)
    restarted = [c.reshape(-1) for c in map(np.array, zip(*[entries(epoch) for epoch in epochs], strict=True))]
    shapes = [
        ("one-entry-an-epoch", epochs.mean(axis=1)),
        ("one-entry-an-epoch", epochs[:, -1]),
        ("one-entry-a-step", right),
        ("sum-of-ten", 10 * means),
        *[("loss-divided-twice", curve / n) for curve in (means, tenth, first) for n in (10, batch)],
        ("running-mean", (np.cumsum(right) / np.arange(1, len(right) + 1))[9::10]),
        ("counter-restarts", np.array([])),
        *[("counter-restarts", curve) for curve in restarted],
        *[("one-epoch-only", curve) for curve in entries(epochs[0]) if curve.size],
    ]
    yield from (one for one in shapes if not is_one_of(one[1], accepted))


def is_one_of(curve: ArrayLike, accepted: list[Array]) -> bool:
    """True where a curve cannot be told from an accepted one."""
    array = np.asarray(curve)
    return any(array.shape == one.shape and np.allclose(array, one, rtol=1e-3) for one in accepted)
