"""Checks of chapter 03: the least loss of a network with a sigmoid before its softmax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.testing import Mistake, call, compare, explained, passed

Function = Callable[..., Any]


def floor(function: Function, num_classes: int) -> None:
    """Compare ``softmax_floor`` with PyTorch's cross-entropy of the best scores a sigmoid can give."""
    best = torch.zeros(1, num_classes, dtype=torch.float64)
    best[0, 0] = 1.0
    lowest = float(torch.nn.functional.cross_entropy(best, torch.tensor([0])))
    share = float(np.exp(-lowest))
    zero = "the probability of the right class cannot reach 1, so the loss cannot reach 0."
    wrong_classes = "besides the right class there are num_classes - 1 others."
    compare(
        call(function, num_classes), lowest, f"softmax_floor({num_classes})",
        mistakes=[
            Mistake("probability-not-loss", "this is a probability; the loss is its negative logarithm.", share),
            Mistake("one-class-too-many", wrong_classes, float(np.logaddexp(1.0, np.log(num_classes))) - 1),
            Mistake("numerator-forgotten", "the probability has a numerator, too: e to the score of the right class.",
                    lowest + 1),
            Mistake("uniform-loss", "this is the loss of a network that knows nothing, not the least loss.",
                    float(np.log(num_classes))),
            Mistake("zero-floor", zero, 0.0),
        ],
    )  # fmt: skip


@explained
def softmax_floor(function: Function) -> None:
    """Check the floor for several numbers of classes."""
    for num_classes in (10, 2, 1, 5, 60):
        floor(function, num_classes)
    passed("softmax_floor", "one class to sixty")
