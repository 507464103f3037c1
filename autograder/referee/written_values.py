"""What a student's function has left in the arguments that the author's own function writes into."""

from __future__ import annotations

from typing import Any

import numpy as np


def write_into(old: Any, new: Any) -> None:
    """Give a list, dict, set, array or tensor the content that a function has left in it."""
    if isinstance(old, list) and isinstance(new, list):
        old[:] = new
    elif (isinstance(old, dict) and isinstance(new, dict)) or (isinstance(old, set) and isinstance(new, set)):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray) and isinstance(new, bytearray):
        old[:] = new
    elif isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and old.shape == new.shape:
        old[...] = new
    elif type(old).__name__ == "Tensor" and type(new).__name__ == "Tensor" and old.shape == new.shape:
        old.data.copy_(new)
    elif type(old) is type(new) and hasattr(old, "__dict__") and not callable(old):
        vars(old).update(vars(new))
    elif type(old).__name__ == "DataFrame" and type(old) is type(new):
        old.drop(columns=list(old.columns), inplace=True)
        for column in new.columns:
            old[column] = new[column]
