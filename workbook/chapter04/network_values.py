"""What chapter 04's networks compute: scores, loss and gradients, for parameters that the check sets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.testing import (
    Case,
    Mistake,
    Quantity,
    call,
    method,
    renamed,
    require,
    returned,
    student_side,
    suspect,
    unpacked,
)
from workbook.chapter04.inputs import loss_inputs, scores_inputs
from workbook.chapter04.new_networks import parameter_names, read_parameters

Sizes = tuple[int, ...]
_REFERENCE = "workbook.chapter04.reference.networks"

# The visible cases: sizes of the layers and number of samples, then the strength of the penalty.
TWO_LAYER_SCORES: tuple[tuple[Sizes, int], ...] = (((5, 7, 3), 6), ((8, 6, 5), 4), ((3, 4, 2), 1))
DEEP_SCORES: tuple[tuple[Sizes, int], ...] = (((5, 7, 6, 3), 6), ((5, 9, 3), 6), ((5, 6, 7, 5, 3), 6), ((5, 3), 6))
TWO_LAYER_LOSSES: tuple[tuple[Sizes, int, float], ...] = (
    ((5, 7, 3), 6, 0.0), ((5, 7, 3), 6, 0.7), ((8, 6, 5), 4, 2.3), ((3, 4, 2), 1, 0.2),
)  # fmt: skip
DEEP_LOSSES: tuple[tuple[Sizes, int, float], ...] = (
    ((5, 7, 6, 3), 6, 0.0), ((5, 7, 6, 3), 6, 0.7), ((5, 9, 3), 6, 1.8), ((5, 6, 7, 5, 3), 6, 0.3), ((5, 3), 6, 0.9),
)  # fmt: skip
# Sizes and a seed, for one sample that comes as a picture of one row.
TWO_LAYER_PICTURE: tuple[Sizes, int] = ((12, 5, 3), 21)
DEEP_PICTURE: tuple[Sizes, int] = ((12, 4, 3), 24)
WITHOUT_REG: Sizes = (4, 6, 3)
_SCORES_SEED, _LOSS_SEED, _DEFAULT_SEED, _ZEROS_SEED = 10, 11, 22, 23
_LOSSES = (
    *((sizes, reg, count, _LOSS_SEED, None) for sizes, count, reg in (*TWO_LAYER_LOSSES, *DEEP_LOSSES)),
    (WITHOUT_REG, 0.0, 6, _DEFAULT_SEED, None),
    (WITHOUT_REG, 0.0, 6, _ZEROS_SEED, 0),
)


def _gradient_inputs(name: str, *given: Any) -> tuple[Any, ...]:
    return name, *loss_inputs(*given)


_NO_RELU = (
    "there is no ReLU between the layers, so the network is a linear classifier. Positive pre-activations hide this; "
    "look at the samples for which a hidden unit is negative."
)
_IN_BOTH = {
    "l2-first-layer-only": "the penalty covers the first layer only.",
    "l2-last-layer-missing": "the penalty leaves out the last layer.",
    "l2-last-layer-only": "the penalty covers the last layer only.",
    "l2-not-squared": "the penalty is half the sum of the squared weights; these are not squared.",
    "no-relu": _NO_RELU,
    "no-division-by-n": "this is the sum over the samples; the loss is their mean.",
}

SCORES = Quantity(
    f"{_REFERENCE}:scores",
    {
        "no-relu": _NO_RELU,
        "relu-on-scores": "scores may be negative: no ReLU follows the last layer.",
        "softmax-on-scores": "these are probabilities; loss(X) returns scores. Softmax belongs to the loss.",
        "bias-not-added": "the biases, or those of the last layer, have no effect on the scores.",
        "sigmoid-not-relu": "the hidden layers use a sigmoid, not ReLU.",
        "tanh-not-relu": "the hidden layers use tanh, not ReLU.",
    },
    [
        *(Case("loss(X)", partial(scores_inputs, *each, _SCORES_SEED)) for each in (*TWO_LAYER_SCORES, *DEEP_SCORES)),
        *(Case("loss(X)", partial(scores_inputs, sizes, 1, s)) for sizes, s in (TWO_LAYER_PICTURE, DEEP_PICTURE)),
    ],
)
LOSS = Quantity(
    f"{_REFERENCE}:loss",
    {
        "l2-without-half": "the penalty is twice as large as it should be: it has a factor 0.5, so that its gradient "
        "is reg * W.",
        "l2-on-biases": "the penalty includes the biases. Only weights are regularised.",
        "l2-missing": "reg has no effect.",
        **_IN_BOTH,
        "penalty-averaged": "the penalty belongs to the weights, not to the samples: it is not divided by N.",
    },
    [Case("loss(X, y)", partial(loss_inputs, *each)) for each in _LOSSES],
)
GRADIENT = Quantity(
    f"{_REFERENCE}:gradient",
    {
        "l2-without-half": "the penalty's part of the gradient is twice as large as it should be.",
        "l2-on-biases": "the gradient of a bias has a part from the penalty. Only weights are regularised.",
        "l2-missing": "the penalty is missing from the gradient.",
        **_IN_BOTH,
        "relu-mask-missing": "the backward pass leaves out the ReLU: units that were off must not receive a gradient.",
        "l2-half-in-gradient": "the factor 0.5 of the penalty cancels against the 2 of the square; it is still in your "
        "gradient.",
    },
    [
        Case(f"grads[{name!r}]", partial(_gradient_inputs, name, *each))
        for each in _LOSSES
        for name in parameter_names(len(each[0]) - 1)
    ],
    rtol=1e-6,
)


def network_scores(model: Any, sizes: Sequence[int], count: int = 6, seed: int = _SCORES_SEED) -> None:
    """Compare ``model.loss(X)`` with PyTorch, for random parameters."""
    params, X = scores_inputs(sizes, count, seed)
    read_parameters(model, sizes)
    before = call(method(model, "loss"), X)
    student_side.set_parameters(model, params)
    stale = Mistake("params-not-used", _STALE, lambda: np.asarray(before, dtype=np.float64))
    got = call(method(model, "loss"), X)
    require(
        not isinstance(got, tuple),
        "loss(X) returns a tuple; without labels it returns the scores alone.",
        "look at what is to be returned when y is None.",
        "scores-not-returned",
    )
    SCORES.compare(got, "loss(X)", params, X, also=[stale])


def picture_scores(model: Any, sizes: Sequence[int], seed: int) -> None:
    """Require that ``model.loss`` takes a sample with two axes, of one row, which no way of flattening changes."""
    params, X = scores_inputs(sizes, 1, seed)
    read_parameters(model, sizes)
    student_side.set_parameters(model, params)
    hint = "X is (N, d_1, ..., d_k): your fc_forward makes rows of the samples, if it gets them whole."
    with suspect("rows-only", hint):
        picture = X.reshape(1, 1, -1)
        SCORES.compare(call(method(model, "loss"), picture), f"loss(X), X of shape {picture.shape}", params, X)


def network_loss(
    model: Any,
    sizes: Sequence[int],
    reg: float,
    count: int = 6,
    seed: int = _LOSS_SEED,
    label: int | None = None,
) -> None:
    """Compare ``model.loss(X, y)`` with PyTorch: the loss, then every gradient, last layer first.

    Args:
        label: the label of all samples; None for random ones.
    """
    params, X, y, _ = loss_inputs(sizes, reg, count, seed, label)
    read_parameters(model, sizes)
    student_side.set_parameters(model, params)
    got = call(method(model, "loss"), X, y)
    moved = [name for name, w in read_parameters(model, sizes).items() if not np.array_equal(w, params[name])]
    hint = "loss only computes; the solver moves the parameters."
    require(not moved, f"loss(X, y) has changed {', '.join(moved)}.", hint, "updates-in-loss")
    expected = "the loss and a dict of gradients"
    loss, slopes = unpacked(got, 2, "loss(X, y)", expected, "with labels, return loss, grads.", "grads-not-returned")
    returned(slopes, "grads of loss(X, y)", hasattr(slopes, "keys"), "a dict")
    LOSS.compare(loss, f"the loss with reg={reg:g}", params, X, y, reg)
    for name in reversed(parameter_names(len(sizes) - 1)):
        require(
            name in slopes,
            f"the dict of gradients has no entry {name!r}.",
            "every entry of params has a gradient of the same name.",
            "missing-gradient",
        )
        GRADIENT.compare(slopes[name], f"grads[{name!r}] with reg={reg:g}", name, params, X, y, reg)


def without_reg(model: Any) -> None:
    """Require that a network made without ``reg`` has no penalty, also where all labels are 0."""
    with suspect("other-defaults", "without the argument reg the penalty is 0. Keep the defaults of the stub."):
        network_loss(model, WITHOUT_REG, 0.0, seed=_DEFAULT_SEED)
    hint = "0 is a label like the others. Without labels y is None; ask for that."
    with renamed("grads-not-returned", "label-zero", hint), suspect("label-zero", hint):
        network_loss(model, WITHOUT_REG, 0.0, seed=_ZEROS_SEED, label=0)


_STALE = (
    "the scores do not change when params changes. Read W1, b1, … from self.params in every call: the solver replaces "
    "them."
)
