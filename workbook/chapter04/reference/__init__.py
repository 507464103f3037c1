"""Right values of chapter 04's exercises, by PyTorch, and the wrong ones that its checks recognise.

The names here are those under which the values of the visible cases are recorded.
"""

from workbook.chapter04.reference.layer_mistakes import (
    fc_gradient_mistakes,
    fc_output_mistakes,
    fc_relu_gradient_mistakes,
    fc_relu_output_mistakes,
    relu_gradient_mistakes,
    relu_output_mistakes,
)
from workbook.chapter04.reference.layers import (
    fc_gradient,
    fc_output,
    fc_relu_gradient,
    fc_relu_output,
    relu_gradient,
    relu_output,
)
from workbook.chapter04.reference.momentum import (
    momentum_by_default,
    momentum_by_default_mistakes,
    momentum_parameter,
    momentum_parameter_mistakes,
    momentum_step,
    momentum_step_mistakes,
)
from workbook.chapter04.reference.network_mistakes import (
    network_gradient_mistakes,
    network_loss_mistakes,
    network_scores_mistakes,
)
from workbook.chapter04.reference.networks import network_gradient, network_loss, network_scores
from workbook.chapter04.reference.softmax import softmax_gradient, softmax_loss
from workbook.chapter04.reference.softmax_mistakes import softmax_gradient_mistakes, softmax_loss_mistakes

__all__ = [
    "fc_gradient", "fc_gradient_mistakes", "fc_output", "fc_output_mistakes", "fc_relu_gradient",
    "fc_relu_gradient_mistakes", "fc_relu_output", "fc_relu_output_mistakes", "momentum_by_default",
    "momentum_by_default_mistakes", "momentum_parameter", "momentum_parameter_mistakes", "momentum_step",
    "momentum_step_mistakes", "network_gradient", "network_gradient_mistakes", "network_loss",
    "network_loss_mistakes", "network_scores", "network_scores_mistakes", "relu_gradient", "relu_gradient_mistakes",
    "relu_output", "relu_output_mistakes", "softmax_gradient", "softmax_gradient_mistakes", "softmax_loss",
    "softmax_loss_mistakes",
]  # fmt: skip
