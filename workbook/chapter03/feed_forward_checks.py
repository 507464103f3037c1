"""Checks of chapter 03's forward pass: probabilities and hidden layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.testing import (
    Case,
    CheckFailed,
    Quantity,
    call,
    explained,
    passed,
    renamed,
    require,
    returned,
    unpacked,
)
from workbook.chapter03.inputs import BACKWARD, FORWARD, Array, hidden_layer_inputs, network
from workbook.chapter03.rules import NUMPY_ONLY

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter03.reference.twin"

PROBABILITIES = Quantity(
    f"{_REFERENCE}:probabilities",
    {
        "sigmoid-before-softmax": "there is a sigmoid between the output layer and the softmax. The softmax takes the "
        "scores as they are: squashed into (0, 1) they can never be far apart.",
        "no-softmax": "these are the scores of the output layer; the softmax is missing.",
        "sigmoid-for-softmax": "the output layer has a sigmoid in place of the softmax: rows do not sum to 1.",
        "softmax-over-samples": "each column sums to 1 here. Each row should: a row is one image.",
        "no-hidden-activation": "the hidden layers have no activation, so the network is linear.",
        "another-hidden-activation": "the hidden layers use a tanh or a ReLU where a sigmoid is asked for.",
    },
    [Case("probabilities", partial(network, *given)) for given in (*FORWARD, *BACKWARD)],
)
HIDDEN_LAYER = Quantity(
    f"{_REFERENCE}:hidden_layer",
    {
        "pre-activations-kept": "these are the scores before the sigmoid. Back-propagation needs the activations after "
        "it.",
    },
    [
        Case(f"hidden_layers[{at}]", partial(hidden_layer_inputs, at, *given))
        for given in (*FORWARD, *BACKWARD)
        for at in range(len(given[1]) - 1)
    ],
)


@explained
def feed_forward(function: Function) -> None:
    """Check probabilities and hidden layers for networks and batches of several sizes, and for large scores."""
    for given in FORWARD:
        outputs(function, *network(*given))
    NUMPY_ONLY.check(function, "feed_forward")
    summary = "no hidden layer, one and three; one sample to seven; scores of thousands"
    passed("feed_forward", summary, len(FORWARD))


def outputs(function: Function, batch: Array, weights: Sequence[Array]) -> None:
    """Compare ``feed_forward(batch, weights)`` with the PyTorch twin."""
    probabilities, layers = forward(function, batch, weights)
    with renamed("constant-factor", "wrong-probabilities", "a factor too many or too few."):
        PROBABILITIES.compare(probabilities, "probabilities", batch, list(weights))
    if len(layers) != len(weights):
        hint = "the list starts with the batch and goes on with each hidden layer's activations; nothing else is in it."
        name = "logits-included" if len(layers) == len(weights) + 1 else "batch-left-out"
        raise CheckFailed(f"hidden_layers has {len(layers)} entries; expected {len(weights)}.", hint, name)
    for at, layer in enumerate(layers):
        HIDDEN_LAYER.compare(layer, f"hidden_layers[{at}]", at, batch, list(weights))


def forward(function: Function, batch: Array, weights: Sequence[Array]) -> tuple[Any, list[Any]]:
    """Call ``feed_forward`` without a numerical warning and require that it returns a pair."""
    hint = "an exponential overflowed in the softmax. Subtract the largest score of each row first."
    with renamed("numerical-warning", "softmax-without-shift", hint):
        try:
            got = call(function, batch, list(weights), quiet=True)
        except CheckFailed:
            # With scores of 0 only a hidden layer can overflow.
            hidden = "an exponential overflowed in a hidden layer. The sigmoid that is given cannot overflow."
            with renamed("numerical-warning", "sigmoid-overflows", hidden):
                call(function, batch, [*weights[:-1], np.zeros_like(weights[-1])], quiet=True)
            raise
    what, expected = "feed_forward(batch, weights)", "(probabilities, hidden_layers)"
    both = "return both: the array of probabilities and the list of layers."
    probabilities, layers = unpacked(got, 2, what, expected, both, "pair-expected")
    require(
        not isinstance(probabilities, (tuple, list)) or isinstance(layers, (tuple, list)),
        f"{what} is (hidden_layers, probabilities); expected {expected}.",
        "both are there, but in the wrong order.",
        "swapped-return",
    )
    returned(layers, "hidden_layers", isinstance(layers, (tuple, list)), "a list", both, "pair-expected")
    return probabilities, list(layers)
