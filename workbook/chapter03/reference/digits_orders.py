"""In which order chapter 03's class ``MLP`` takes its samples, told from the steps that it makes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import compare, require, suspect
from workbook.chapter03.reference.digits_mlp import Labels, Twin, after_steps
from workbook.chapter03.reference.digits_model import (
    images,
    linear_weights,
    new_model,
    probabilities_of,
    train_on,
)

Array = NDArray[np.float64]


def orders(MLP: Callable[..., Any], seed: int) -> None:
    """Require a new order of the samples in each epoch, drawn from the model's generator.

    Steps on single samples of a network without hidden layer tell in which order they came.
    """
    X, y, rate = images(4, 3, seed), np.array([2, 0, 1, 1]), 0.9
    model, found = new_model(MLP, [4, 3], seed), []
    batch = np.column_stack([X, np.ones(4)])
    for _ in range(5):
        weights = linear_weights(model, 3, 3)
        train_on(model, X, y, batch_size=1, epochs=1, rate=rate)
        got = probabilities_of(model, X, 3)
        found.append(
            next((o for o in itertools.permutations(range(4)) if _in_order(batch, y, weights, rate, o, got)), ())
        )
    require(
        all(found),
        "the weights after an epoch of batches of one sample fit no order of the four samples.",
        "each sample takes part in an epoch exactly once, with its own label, in batches of batch_size.",
        "samples-not-once",
    )
    require(
        len(set(found)) > 1,
        "five epochs take the samples in the same order each time.",
        "draw a new order at the beginning of each epoch, with the model's generator.",
        "one-order",
    )
    pair = [new_model(MLP, [4, 3], seed) for _ in range(2)]
    first, second = (probabilities_of(twin, X, 3) for twin in pair)
    if not np.allclose(first, second):
        return  # the first weights do not come from the generator, which init_weights' own check says
    for twin in pair:
        train_on(twin, X, y, batch_size=1, epochs=5, rate=rate)
    one, other = (probabilities_of(twin, X, 3) for twin in pair)
    require(
        np.allclose(one, other),
        "two equally seeded models end with different weights after the same training.",
        "draw the order from the generator rng that the model was given, not from np.random.",
        "rng-ignored",
    )
    _one_call(MLP, X, y, rate, seed, one)


def _one_call(MLP: Callable[..., Any], X: Array, y: Labels, rate: float, seed: int, right: Array) -> None:
    """Require that five calls for one epoch each end where one call for five epochs ends."""
    model = new_model(MLP, [4, 3], seed)
    for _ in range(5):
        train_on(model, X, y, batch_size=1, epochs=1, rate=rate)
    hint = "every epoch has the same rate, an order of its own, and starts with the weights that the last one left."
    with suspect("epochs-differ", hint):
        compare(probabilities_of(model, X, 3), right, "probabilities after five epochs in one call", rtol=1e-5)


def _in_order(batch: Array, y: Labels, weights: Array, rate: float, order: Sequence[int], right: Array) -> bool:
    """Whether steps on single samples in this order lead to these probabilities."""
    for sample in order:
        (weights,) = after_steps(batch[[sample]], y[[sample]], [weights], rate, [1.0])
    return np.allclose(Twin.of(batch, [weights]).probabilities(), right, rtol=1e-5)
