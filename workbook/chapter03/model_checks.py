"""Checks of chapter 03: the class ``MLP``, new and trained."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.testing import explained, passed, suspect
from workbook.chapter03.reference.digits_mlp import some_labels
from workbook.chapter03.reference.digits_model import (
    bias_works,
    evaluated,
    histories,
    ignores_validation,
    images,
    learns,
    new_model,
    one_step,
    uneven_batches,
    untrained,
)
from workbook.chapter03.reference.digits_orders import orders

Function = Callable[..., Any]


@explained
def mlp_untrained(MLP: Function) -> None:
    """Check ``predict`` and ``evaluate`` of a new model."""
    bias_works(new_model(MLP, [5, 3]), 4, 3)
    new_and_consistent(MLP, [5, 6, 3], 8, seed=1)
    new_and_consistent(MLP, [6, 4, 5, 4], 10, seed=11)
    new_and_consistent(MLP, [8, 3], 7, seed=12)
    new_and_consistent(MLP, [5, 4, 4], 1, seed=13)
    low_labels(MLP, [4, 3, 6], seed=14)
    passed("MLP, predict and evaluate", "new models of four sizes; one sample; labels without the highest class")


def new_and_consistent(MLP: Function, layer_sizes: Sequence[int], count: int, seed: int) -> None:
    """Check ``predict`` and ``evaluate`` of a new model of these sizes on ``count`` samples."""
    X, num_classes = images(count, layer_sizes[0] - 1, seed), layer_sizes[-1]
    untrained(new_model(MLP, layer_sizes, seed), X, some_labels(count, num_classes, seed), num_classes)


def low_labels(MLP: Function, layer_sizes: Sequence[int], seed: int) -> None:
    """Check ``evaluate`` for labels that lack the highest classes."""
    model, X = new_model(MLP, layer_sizes, seed), images(5, layer_sizes[0] - 1, seed)
    hint = "the number of classes is layer_sizes[-1], whatever labels a batch holds."
    with suspect("classes-from-labels", hint):
        evaluated(model, X, np.array([0, 1, 0, 1, 2]))


def by_heart(MLP: Function, layer_sizes: Sequence[int], seed: int) -> None:
    """Require that a network learns a few samples by heart, in batches that do not divide their number."""
    X, y = images(14, layer_sizes[0] - 1, seed), some_labels(14, layer_sizes[-1], seed + 1)
    learns(new_model(MLP, layer_sizes, seed + 2), X, y, 200, 4, 1.0, 1.0)


@explained
def mlp_training(MLP: Function) -> None:
    """Check one step against PyTorch, then the histories of twelve epochs."""
    ignores_validation(MLP)
    one_step(new_model(MLP, [4, 3]), images(6, 3), some_labels(6, 3), 3, 0.7)
    one_step(new_model(MLP, [5, 4], 21), images(5, 4, 22), some_labels(5, 4, 23), 4, 1.6)
    uneven_batches(new_model(MLP, [4, 3], 24), 3, 0.4, full=3, size=3, rest=1)
    uneven_batches(new_model(MLP, [4, 3], 25), 3, 0.9, full=0, size=7, rest=4)
    orders(MLP, seed=26)
    histories(new_model(MLP, [4, 5, 4]), 12)
    by_heart(MLP, [13, 12, 4], seed=27)
    passed("MLP, train", "steps against torch.optim.SGD, batches, orders, the five histories, samples by heart")
