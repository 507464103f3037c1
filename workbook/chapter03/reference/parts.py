"""One-hot rows, the cross-entropy and its floor by PyTorch, and wrong ones that students write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch.nn import functional

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Formulas = list[tuple[str, Callable[[], ArrayLike]]]


def one_hot(labels: Labels, num_classes: int) -> Array:
    """PyTorch's one-hot rows, float64 of shape (N, C)."""
    whole = torch.from_numpy(np.asarray(labels, dtype=np.int64))
    return np.array(functional.one_hot(whole, num_classes).numpy(), dtype=np.float64)


def one_hot_mistakes(labels: Labels, num_classes: int) -> Formulas:
    """What comes out when classes are counted from 1, or from the labels themselves."""
    right = one_hot(labels, num_classes)
    return [
        ("counts-from-one", lambda: np.roll(right, -1, axis=1)),
        ("zeros-and-ones-exchanged", lambda: 1 - right),
        ("classes-from-labels", lambda: one_hot(labels, int(labels.max()) + 1)),
    ]


def mean_loss(p: ArrayLike, labels: Labels) -> float:
    """PyTorch's mean negative log likelihood of the labels (N,) under the rows of ``p`` (N, C)."""
    logs = torch.log(torch.tensor(np.asarray(p, dtype=np.float64)))
    return float(functional.nll_loss(logs, torch.from_numpy(labels)))


def cross_entropy(p: Array, y: Array) -> float:
    """The mean cross-entropy of probabilities (N, C) and one-hot rows (N, C)."""
    return mean_loss(p, y.argmax(axis=1))


def cross_entropy_mistakes(p: Array, y: Array) -> Formulas:
    """Values of the loss with another mean, another logarithm or a term too many."""
    count, width = p.shape
    of_class = p[y == 1]
    total = -float(np.log(of_class).sum())
    both = float(functional.binary_cross_entropy(torch.from_numpy(p), torch.from_numpy(y), reduction="sum"))

    def added(epsilon: float) -> float:
        return -float(np.mean(np.log(of_class + epsilon)))

    def cut_off(epsilon: float) -> float:
        return -float(np.mean(np.log(np.clip(of_class, epsilon, 1))))

    return [
        ("loss-not-divided", lambda: total),
        ("divided-by-all-entries", lambda: total / (count * width)),
        ("divided-by-classes", lambda: total / width),
        ("binary-cross-entropy", lambda: both / count),
        ("binary-cross-entropy", lambda: both / (count * width)),
        ("another-logarithm", lambda: total / count / np.log(2)),
        ("another-logarithm", lambda: total / count / np.log(10)),
        ("logarithm-of-the-mean", lambda: -float(np.log(of_class.mean()))),
        ("zero-times-log-zero", lambda: np.nan),
        *[("epsilon-added", partial(added, 10.0**-digits)) for digits in range(3, 13)],
        *[("epsilon-added", partial(cut_off, 10.0**-digits)) for digits in range(2, 6)],
    ]


def floor(num_classes: int) -> float:
    """PyTorch's cross-entropy of the best scores that a sigmoid can give."""
    best = torch.zeros(1, num_classes, dtype=torch.float64)
    best[0, 0] = 1.0
    return float(functional.cross_entropy(best, torch.tensor([0])))


def floor_mistakes(num_classes: int) -> Formulas:
    """Wrong floors."""
    lowest = floor(num_classes)
    return [
        ("probability-not-loss", lambda: np.exp(-lowest)),
        ("one-class-too-many", lambda: floor(num_classes + 1)),
        ("numerator-forgotten", lambda: lowest + 1),
        ("uniform-loss", lambda: np.log(num_classes)),
        ("zero-floor", lambda: 0.0),
    ]
