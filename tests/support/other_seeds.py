"""What a kernel imports to run a chapter with other seeds: each whole-number seed of the notebook is moved by a number.

Seeds inside the checks stay as they are: they do not belong to an experiment.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

MOVE = "TESTS_MOVE_SEEDS"
"""The environment variable with the number."""

# The notebook, and what shuffles the batches of its training.
_MOVED = frozenset({"__main__", "workbook.training"})


def moved(seeded: Callable[..., Any], by: int) -> Callable[..., Any]:
    """The function ``seeded`` with its first argument moved, where a notebook calls it with a whole number."""

    @functools.wraps(seeded)
    def call(*seed: Any, **named: Any) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__")
        if caller in _MOVED and seed and isinstance(seed[0], int | np.integer):
            seed = (int(seed[0]) + by, *seed[1:])
        return seeded(*seed, **named)

    return call


def install(by: int) -> None:
    """Move the seeds of NumPy and torch in this process."""
    import torch

    np.random.default_rng = moved(np.random.default_rng, by)
    torch.manual_seed = moved(torch.manual_seed, by)


if MOVE in os.environ:
    install(int(os.environ[MOVE]))
