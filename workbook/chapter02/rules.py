"""What the exercises of chapter 02 do without; the checks read the code for it."""

from __future__ import annotations

from typing import Any

from autograder.testing import method
from autograder.testing.forbidden_calls import ForbiddenCalls

_LIBRARIES = ("torch", "scipy", "sklearn", "workbook.gradcheck")
_HINT = "the exercises of this chapter are written with NumPy alone."
_EXERCISES = ("line_accuracy", "best_line_accuracy", "MLP", "accuracy", "train")
_OTHER_STEPS = ("MLP.forward", "MLP.loss", "MLP.update")

NUMPY_ONLY = ForbiddenCalls(_LIBRARIES, _HINT, _EXERCISES, "library-does-the-work")
GRADIENTS_WITH_NUMPY = ForbiddenCalls(
    _LIBRARIES,
    f"{_HINT} Compute the gradients with the formulas of the text.",
    (*_EXERCISES, *_OTHER_STEPS),
    "library-does-the-work",
)
"""For the class ``MLP``: what ``gradients`` calls may be in any method that is not judged in another step."""


def methods_with_numpy(MLP: Any, *names: str) -> None:
    """Look at these methods alone."""
    for name in names:
        NUMPY_ONLY.check(method(MLP, name), f"MLP.{name}")
