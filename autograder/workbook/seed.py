"""One call that makes a notebook's random numbers repeatable."""

from __future__ import annotations

import random
import sys

import numpy as np


def seed_everything(seed: int = 0) -> np.random.Generator:
    """Seed Python, NumPy's legacy generator and PyTorch, and return a fresh NumPy generator.

    PyTorch is seeded only where a notebook has imported it: importing it takes a second.
    """
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  (older library code draws from it)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
    return np.random.default_rng(seed)
