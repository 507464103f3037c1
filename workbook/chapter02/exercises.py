"""Checks of chapter 02: the best straight line, a multi-layer perceptron with exact gradients, its training."""

from __future__ import annotations

from autograder.testing.hint_display import Hints
from workbook.chapter02.best_line_checks import best_line_accuracy, flat, shows
from workbook.chapter02.gradient_checks import (
    GRADIENT,
    every_gradient,
    flat_gradients,
    gradients,
    mlp_hidden_gradients,
    mlp_output_gradients,
)
from workbook.chapter02.line_checks import flat_line, line, line_accuracy
from workbook.chapter02.network_checks import (
    FORWARD,
    LOSS,
    every_forward,
    every_loss,
    far_inputs,
    flat_loss,
    forward,
    loss,
    mlp_forward,
    mlp_loss,
)
from workbook.chapter02.situations import HIDDEN_LAYER, OUTPUT_LAYER, situation
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
from workbook.chapter02.update_checks import mlp_update, two_updates

# For the chapter's test cells and for the command that records.
__all__ = [
    "FORWARD", "GRADIENT", "HIDDEN_LAYER", "LOSS", "OUTPUT_LAYER", "accuracy", "best_line_accuracy",
    "epochs_in_a_row", "every_forward", "every_gradient", "every_loss", "far_inputs", "flat", "flat_gradients",
    "flat_line", "flat_loss", "flat_one_epoch", "forward", "gradients", "line", "line_accuracy", "loss",
    "mlp_forward", "mlp_hidden_gradients", "mlp_loss", "mlp_output_gradients", "mlp_update", "no_epochs",
    "one_epoch", "relu_outputs", "shows", "single_sample", "situation", "threshold_share", "train", "two_updates",
]  # fmt: skip

hint = Hints("workbook.chapter02")
