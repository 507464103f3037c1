"""One call that makes a notebook's random numbers repeatable."""

from __future__ import annotations

import hashlib
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


def personal_seed(student: str, purpose: str = "") -> int:
    """A seed of 64 bits that is the same whenever the same student asks for the same purpose.

    A hidden test that draws its cases from a purpose which stands only there cannot be foreseen, and draws the same
    cases again when the submission is graded again.

    Args:
        student: the name that the notebook's line ``STUDENT = …`` holds.
        purpose: what the numbers are for, any text; other texts give other seeds.
    """
    return int.from_bytes(hashlib.sha256(f"{len(student)}:{student}{purpose}".encode()).digest()[:8], "big")
