"""Checks of chapter 04's two network classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.testing import call, explained, passed, suspect
from workbook.chapter04.network_values import (
    DEEP_LOSSES,
    DEEP_PICTURE,
    DEEP_SCORES,
    TWO_LAYER_LOSSES,
    TWO_LAYER_PICTURE,
    TWO_LAYER_SCORES,
    WITHOUT_REG,
    network_loss,
    network_scores,
    picture_scores,
    without_reg,
)
from workbook.chapter04.new_networks import new_weights, seeds
from workbook.chapter04.rules import NUMPY_ONLY

Class = Callable[..., Any]


def _two_layer(TwoLayerNet: Class, sizes: Sequence[int], **more: Any) -> Any:
    return call(TwoLayerNet, input_dim=sizes[0], hidden_dim=sizes[1], num_classes=sizes[2], **more)


def _deep(FullyConnectedNet: Class, sizes: Sequence[int], **more: Any) -> Any:
    return call(FullyConnectedNet, list(sizes[1:-1]), input_dim=sizes[0], num_classes=sizes[-1], **more)


@explained
def two_layer_scores(TwoLayerNet: Class) -> None:
    """Check a new ``TwoLayerNet``'s parameters, then its scores for inputs that switch hidden units off."""
    new_weights(_two_layer(TwoLayerNet, (60, 50, 3), weight_scale=1e-2), (60, 50, 3), 1e-2)
    two_layer_defaults(TwoLayerNet)
    for sizes, count in TWO_LAYER_SCORES:
        network_scores(_two_layer(TwoLayerNet, sizes), sizes, count)
    picture_scores(_two_layer(TwoLayerNet, TWO_LAYER_PICTURE[0]), *TWO_LAYER_PICTURE)
    NUMPY_ONLY.check(TwoLayerNet, "TwoLayerNet")
    summary = "new parameters and their defaults, then scores of rows and of an image, against PyTorch"
    passed("TwoLayerNet, scores", summary, len(TWO_LAYER_SCORES) + 3)


def two_layer_defaults(TwoLayerNet: Class) -> None:
    """Check the parameters of a ``TwoLayerNet`` that is made without arguments."""
    with suspect("other-defaults", "the sizes and the weight scale are arguments; keep the defaults of the stub."):
        new_weights(call(TwoLayerNet), (4320, 128, 4), 1e-3)


@explained
def two_layer_loss(TwoLayerNet: Class) -> None:
    """Check ``TwoLayerNet``'s loss and gradients, without and with regularisation."""
    for sizes, count, reg in TWO_LAYER_LOSSES:
        network_loss(_two_layer(TwoLayerNet, sizes, reg=reg), sizes, reg, count)
    without_reg(_two_layer(TwoLayerNet, WITHOUT_REG))
    NUMPY_ONLY.check(TwoLayerNet, "TwoLayerNet")
    summary = "several sizes, and reg from 0 to 2.3, against autograd"
    passed("TwoLayerNet, loss and gradients", summary, len(TWO_LAYER_LOSSES) + 2)


@explained
def fully_connected_scores(FullyConnectedNet: Class) -> None:
    """Check new parameters, the seed and the scores of ``FullyConnectedNet`` with none to three hidden layers."""
    new = (60, 50, 40, 3)
    new_weights(_deep(FullyConnectedNet, new, weight_scale=5e-2, seed=1), new, 5e-2)
    seeds(FullyConnectedNet, new, 1)
    fully_connected_defaults(FullyConnectedNet, [50, 40])
    for sizes, count in DEEP_SCORES:
        network_scores(_deep(FullyConnectedNet, sizes), sizes, count)
    picture_scores(_deep(FullyConnectedNet, DEEP_PICTURE[0]), *DEEP_PICTURE)
    NUMPY_ONLY.check(FullyConnectedNet, "FullyConnectedNet")
    summary = "new parameters, seeds, defaults; none to three hidden layers; rows and an image"
    passed("FullyConnectedNet, scores", summary, len(DEEP_SCORES) + 4)


def fully_connected_defaults(FullyConnectedNet: Class, hidden: list[int]) -> None:
    """Check the parameters of a ``FullyConnectedNet`` that is given nothing but its hidden layers."""
    with suspect("other-defaults", "sizes and weight scale are arguments; keep the defaults of the stub."):
        new_weights(call(FullyConnectedNet, hidden), (4320, *hidden, 4), 1e-2)


@explained
def fully_connected_loss(FullyConnectedNet: Class) -> None:
    """Check loss and gradients of ``FullyConnectedNet`` with none to three hidden layers."""
    for sizes, count, reg in DEEP_LOSSES:
        network_loss(_deep(FullyConnectedNet, sizes, reg=reg), sizes, reg, count)
    without_reg(_deep(FullyConnectedNet, WITHOUT_REG))
    NUMPY_ONLY.check(FullyConnectedNet, "FullyConnectedNet")
    summary = "none to three hidden layers, reg from 0 to 1.8, against autograd"
    passed("FullyConnectedNet, loss and gradients", summary, len(DEEP_LOSSES) + 2)
