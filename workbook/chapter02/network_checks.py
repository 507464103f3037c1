"""Checks of chapter 02: the parameters of a network, its forward pass and its loss."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.testing import Case, Mistake, Quantity, call, explained, method, passed, require
from workbook.chapter02.flat_target_checks import flat_targets
from workbook.chapter02.rules import methods_with_numpy
from workbook.chapter02.situations import (
    NAMES,
    Model,
    Situation,
    Sizes,
    new_model,
    outputs_of,
    read_weights,
    situation,
)

_REFERENCE = "workbook.chapter02.reference"
_ACTIVATIONS = ("tanh", "sigmoid", "relu")


def every_pair(sizes: Sizes, seed: int) -> list[Situation]:
    """A network of these sizes for each pair of activations."""
    return [situation(sizes, f, g, seed) for f in _ACTIVATIONS for g in _ACTIVATIONS]


_SINGLE = situation((3, 5, 1), seed=13, count=1)
VISIBLE = [situation(), *every_pair((4, 3, 2), 11), _SINGLE]
LARGE_INPUTS = situation((3, 4, 2), seed=5).in_large_units()
LARGE_ACTIVATIONS = situation((3, 4, 2), seed=5).with_large_activations()

FORWARD = Quantity(
    f"{_REFERENCE}:forward",
    {
        "no-output-activation": "the output activation is missing: these are pre-activations.",
        "bias-not-added": "a bias, or both of them, has no effect on the output.",
        "activation-ignored": "the hidden layer does not use the activation that was asked for.",
        "output-activation-ignored": "the output layer does not use the output activation that was asked for.",
    },
    [Case(one.about, [one.weights, one.X, *one.kinds]) for one in (*VISIBLE, LARGE_INPUTS, LARGE_ACTIVATIONS)],
)

LOSS = Quantity(
    f"{_REFERENCE}:loss",
    {
        "half-the-square": "there is a factor ½ in front that this loss does not have.",
        "averaged-over-rows-only": "the loss is a mean over all entries of the output, columns included; this divides "
        "by the number of rows only.",
        "summed-not-averaged": "this is the sum of the squared errors, or half of it, not their mean.",
        "root-mean-square": "the square root is too many: the loss is the mean square itself.",
        "absolute-error": "errors are made positive here, but not squared.",
    },
    [Case(one.about, [one.weights, one.X, one.y, *one.kinds]) for one in VISIBLE],
)

# --- step 1: parameters and forward pass ---------------------------------------------------------------------------


@explained
def mlp_forward(MLP: Model) -> None:
    """Check a new model's parameters, then outputs for every pair of activations."""
    initial_weights(MLP)
    for one in VISIBLE:
        forward(MLP, one)
    far_inputs(MLP, seed=17)
    methods_with_numpy(MLP, "forward")
    passed("MLP, forward", "new weights; every pair of activations, one sample, two outputs", len(VISIBLE))


def every_forward(MLP: Model, sizes: Sizes, seed: int) -> None:
    """Compare outputs for every pair of activations."""
    for one in every_pair(sizes, seed):
        forward(MLP, one)


def initial_weights(MLP: Model) -> None:
    """Check that weights are standard normal, biases zero, and that the generator passed in is used."""
    weights, again, other = (read_weights(new_model(MLP, (40, 300, 40), seed=seed)) for seed in (3, 3, 4))
    for name in ("weights_input_hidden", "weights_hidden_output"):
        spread, centre = float(weights[name].std()), float(weights[name].mean())
        hint, known = "draw weights from a normal distribution of mean 0 and standard deviation 1.", "weight-spread"
        if spread == 0:
            hint, known = "all weights are equal, so all hidden units stay equal for ever.", "constant-weights"
        elif centre > 0.3:
            hint, known = "these look uniform on [0, 1): no weight is negative.", "uniform-weights"
        require(
            abs(spread - 1) < 0.05 and abs(centre) < 0.05,
            f"the 12000 entries of {name} have mean {centre:.3f} and standard deviation {spread:.3f}; "
            "expected about 0 and 1.",
            hint,
            known,
        )
    for name in ("bias_hidden", "bias_output"):
        require(not weights[name].any(), f"{name} is not zero in a new model.", "biases start at 0.", "nonzero-bias")
    require(
        all(np.array_equal(weights[name], again[name]) for name in NAMES),
        "two models made with equally seeded generators have different weights.",
        "draw from the generator rng that is passed in, not from np.random.",
        "rng-ignored",
    )
    for name in ("weights_input_hidden", "weights_hidden_output"):
        require(
            not np.array_equal(weights[name], other[name]),
            f"two models made with differently seeded generators have the same {name}.",
            "draw all weights from the generator rng that is passed in.",
            "rng-ignored",
        )
    default, fresh = (read_weights(call(MLP, 2, 3, 1)) for _ in range(2))
    require(
        not np.array_equal(default["weights_input_hidden"], fresh["weights_input_hidden"]),
        "two models made without a generator have the same weights.",
        "without rng each model draws from a generator of its own, with no fixed seed.",
        "fixed-seed",
    )


def forward(MLP: Model, one: Situation) -> None:
    """Compare ``forward`` with what PyTorch gives for the same parameters."""
    got = call(method(one.model(MLP), "forward"), one.X)
    FORWARD.compare(got, f"forward(X) ({one.about})", one.weights, one.X, *one.kinds)


def far_inputs(MLP: Model, seed: int) -> None:
    """Require that a sigmoid output stays in [0, 1] for inputs of a thousand, without a warning."""
    one = situation(seed=seed)
    outputs = call(method(one.model(MLP), "forward"), 1e3 * one.X, quiet=True)
    inside = np.min(outputs) >= 0 and np.max(outputs) <= 1
    hint = "the output of a sigmoid is between 0 and 1 for any input. Use the functions that are given."
    require(bool(inside), "forward(X) leaves [0, 1] for inputs of a thousand.", hint, "output-range")


def forward_is_right(model: Any, one: Situation) -> bool:
    """Whether a model with the parameters of ``one`` has the right outputs, on which its later steps rest."""
    outputs, right = outputs_of(model, one.X), FORWARD.answers(one.weights, one.X, *one.kinds).right
    return outputs.shape == np.shape(right) and np.allclose(outputs, right)


def forward_mistake(model: Any, one: Situation, got: Any) -> list[Mistake]:
    """What to say of a wrong value ``got`` that no other mistake explains, where the outputs are wrong as well."""
    wrong = "forward(X) is not right here: fix it first. The check of step 1 shows such a network."
    return [] if forward_is_right(model, one) else [Mistake("forward-pass-wrong", wrong, got)]


# --- step 2: loss -------------------------------------------------------------------------------------------------


@explained
def mlp_loss(MLP: Model) -> None:
    """Check losses for every pair of activations and both shapes of targets."""
    for one in VISIBLE:
        loss(MLP, one)
    flat_loss(MLP, seed=15)
    methods_with_numpy(MLP, "loss")
    passed("MLP, loss", "every pair of activations, one sample, two outputs, both shapes of targets", len(VISIBLE) + 1)


def every_loss(MLP: Model, sizes: Sizes, seed: int) -> None:
    """Compare losses for every pair of activations."""
    for one in every_pair(sizes, seed):
        loss(MLP, one)


def loss(MLP: Model, one: Situation) -> None:
    """Compare ``loss`` with what PyTorch gives for the same parameters."""
    model = one.model(MLP)
    got = call(method(model, "loss"), one.X, one.y)
    also = forward_mistake(model, one, got)
    LOSS.compare(got, f"loss(X, y) ({one.about})", one.weights, one.X, one.y, *one.kinds, also=also)


def flat_loss(MLP: Model, seed: int) -> None:
    """Require that ``loss`` takes targets of shape (N,)."""
    flat_targets(MLP, situation(seed=seed), "loss")
