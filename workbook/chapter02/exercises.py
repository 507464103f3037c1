"""Checks of chapter 02: the best straight line, a multi-layer perceptron with exact gradients, its training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import explained, passed
from autograder.testing.hint_display import Hints
from workbook.chapter02.best_line_checks import best_line_accuracy, line_mistake, twice_a_point
from workbook.chapter02.network_checks import (
    ACTIVATIONS,
    OUTPUT_ACTIVATIONS,
    far_inputs,
    flat_gradients,
    flat_loss,
    forward_and_loss,
    gradients,
    initial_weights,
    two_updates,
    update,
)
from workbook.chapter02.reference.xor_mlp import new_model, points, read_weights
from workbook.chapter02.reference.xor_mlp_mistakes import flat_targets
from workbook.chapter02.training_checks import (
    accuracy,
    epochs_in_a_row,
    flat_one_epoch,
    no_epochs,
    one_epoch,
    relu_outputs,
    single_sample,
    threshold_share,
    train,
)

# Used by the chapter's test cells.
__all__ = [
    "accuracy", "best_line_accuracy", "epochs_in_a_row", "flat_one_epoch", "flat_targets", "line_mistake", "no_epochs",
    "one_epoch", "relu_outputs", "single_sample", "threshold_share", "train", "twice_a_point",
]  # fmt: skip


@explained
def mlp_forward(MLP: Callable[..., Any]) -> None:
    """Check a new model's parameters, then outputs and losses for every pair of activations."""
    initial_weights(MLP)
    forward_and_loss(new_model(MLP, moved=False), *points(5))
    every_forward(MLP, (4, 3, 2), seed=11)
    forward_and_loss(new_model(MLP, (3, 5, 1), seed=13), *points(1, 3, seed=14))
    flat_loss(new_model(MLP, seed=15), seed=16)
    far_inputs(new_model(MLP, seed=17), seed=18)
    passed("MLP, forward and loss", "new weights; every pair of activations, biases that are not zero, two outputs")


def every_forward(MLP: Callable[..., Any], sizes: tuple[int, int, int], seed: int) -> None:
    """Compare outputs and losses for every pair of activations, with targets other than 0 and 1."""
    for f in ACTIVATIONS:
        for g in OUTPUT_ACTIVATIONS:
            X, y = points(7, sizes[0], sizes[2], seed=seed + 1)
            forward_and_loss(new_model(MLP, sizes, f, g, seed=seed), X, 2 * y - 0.7, f, g)


@explained
def mlp_gradients(MLP: Callable[..., Any]) -> None:
    """Check the gradients for every pair of activations, one sample, targets of any value and either shape."""
    for activation in ACTIVATIONS:
        gradients(new_model(MLP, activation=activation), *points(6), activation)
    every_gradient(MLP, (4, 3, 2), seed=21)
    gradients(new_model(MLP, (3, 5, 1), seed=23), *points(1, 3, seed=24))
    flat_gradients(new_model(MLP, seed=25), seed=26)
    passed("MLP, gradients", "four parameters for every pair of activations, against autograd")


def every_gradient(MLP: Callable[..., Any], sizes: tuple[int, int, int], seed: int) -> None:
    """Compare gradients for every pair of activations, with targets other than 0 and 1."""
    for f in ACTIVATIONS:
        for g in OUTPUT_ACTIVATIONS:
            X, y = points(9, sizes[0], sizes[2], seed=seed + 1)
            gradients(new_model(MLP, sizes, f, g, seed=seed), X, 3 * y - 0.8, f, g)


@explained
def mlp_update(MLP: Callable[..., Any]) -> None:
    """Check steps with gradients that are given, and that the forward pass follows."""
    model = new_model(MLP, moved=False)
    update(model, {name: np.cos(array) for name, array in read_weights(model).items()}, 0.3)
    two_updates(new_model(MLP, (3, 4, 2), seed=31), 3, (0.7, 1.6))
    passed("MLP, update", "steps of all four parameters with three rates")


hint = Hints("workbook.chapter02")
