"""Checks of chapter 02: one network, method by method."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.testing import (
    Case,
    CheckFailed,
    Mistake,
    Quantity,
    call,
    explained,
    method,
    passed,
    require,
    returned,
)
from workbook.chapter02.flat_target_checks import flat_targets
from workbook.chapter02.rules import GRADIENTS_WITH_NUMPY, methods_with_numpy
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
_BACKWARD_ORDER = ("weights_hidden_output", "bias_output", "weights_input_hidden", "bias_hidden")


def _every_pair(sizes: Sizes, seed: int) -> list[Situation]:
    return [situation(sizes, f, g, seed) for f in _ACTIVATIONS for g in _ACTIVATIONS]


_SINGLE = situation((3, 5, 1), seed=13, count=1)
_VISIBLE = [situation(), *_every_pair((4, 3, 2), 11), _SINGLE]
_UNITS = situation((3, 4, 2), seed=5).in_large_units()

FORWARD = Quantity(
    f"{_REFERENCE}:forward",
    {
        "no-output-activation": "the output activation is missing: these are pre-activations.",
        "bias-not-added": "a bias, or both of them, has no effect on the output.",
        "activation-ignored": "the hidden layer does not use the activation that was asked for.",
        "output-activation-ignored": "the output layer does not use the output activation that was asked for.",
    },
    [Case(one.about, [one.weights, one.X, *one.kinds]) for one in (*_VISIBLE, _UNITS)],
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
    [Case(one.about, [one.weights, one.X, one.y, *one.kinds]) for one in _VISIBLE],
)

GRADIENT = Quantity(
    f"{_REFERENCE}:gradient",
    {
        "error-instead-of-delta": "you sent the error (output minus target) back into the hidden layer. What travels "
        "back is the delta: the error times the derivative of the output activation.",
        "output-derivative-missing": "the derivative of the output activation is missing from the delta of the output "
        "layer.",
        "hidden-derivative-missing": "the derivative of the hidden activation is missing from the delta of the hidden "
        "layer.",
        "derivative-at-the-output": "a derivative is evaluated at the activation a = f(z) instead of the "
        "pre-activation z. The given derivatives expect z; look at what you pass to them in each layer.",
        "output-formula-at-pre-activation": "a formula meant for the activation, a(1 - a) or 1 - a², is fed with the "
        "pre-activation z. Decide for each derivative whether it wants z or f(z).",
        "derivative-of-another": "a layer uses the derivative of another activation than its own. Which one does the "
        "model have there?",
        "missing-bias-gradient": "the gradient of this bias is zero. A bias has a gradient of its own: differentiate z "
        "with respect to it.",
        "bias-gradient-averaged": "the gradient of the bias is averaged over the samples although the delta already "
        "holds the factor of the mean. Every sample contributes; how do contributions combine?",
        "missing-factor-two": "the factor 2 from differentiating the square is missing. This loss has no ½ in front.",
        "summed-not-averaged": "this is the gradient of a sum of squared errors; the loss is their mean.",
        "averaged-twice": "the mean is taken twice: dividing by the number of samples once is enough.",
        "averaged-over-rows-only": "the loss is a mean over all entries of the output, columns included; this divides "
        "by the number of rows only.",
        "difference-quotient": "these are difference quotients of the loss, which are close to the gradients only "
        "where the step suits the unit of the inputs. Use the formulas of the text.",
    },
    [
        Case(f"{name}, {one.about}", [name, one.weights, one.X, one.y, *one.kinds])
        for one in (*_VISIBLE, _UNITS)
        for name in NAMES
    ],
    rtol=1e-6,
    atol=1e-10,
)


# --- step 1 -------------------------------------------------------------------------------------------------------


@explained
def mlp_forward(MLP: Model) -> None:
    """Check a new model's parameters, then outputs and losses for every pair of activations."""
    initial_weights(MLP)
    for one in _VISIBLE:
        forward_and_loss(MLP, one)
    flat_loss(MLP, seed=15)
    far_inputs(MLP, seed=17)
    methods_with_numpy(MLP, "forward", "loss")
    passed("MLP, forward and loss", "new weights; every pair of activations, one sample, two outputs", len(_VISIBLE))


def every_forward(MLP: Model, sizes: Sizes, seed: int) -> None:
    """Compare outputs and losses for every pair of activations."""
    for one in _every_pair(sizes, seed):
        forward_and_loss(MLP, one)


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


def forward_and_loss(MLP: Model, one: Situation) -> None:
    """Compare ``forward`` and ``loss`` with what PyTorch gives for the same parameters."""
    model = one.model(MLP)
    got = call(method(model, "forward"), one.X)
    FORWARD.compare(got, f"forward(X) ({one.about})", one.weights, one.X, *one.kinds)
    loss = call(method(model, "loss"), one.X, one.y)
    LOSS.compare(loss, f"loss(X, y) ({one.about})", one.weights, one.X, one.y, *one.kinds)


def flat_loss(MLP: Model, seed: int) -> None:
    """Require that ``loss`` takes targets of shape (N,)."""
    one = situation(seed=seed)
    flat_targets(method(one.model(MLP), "loss"), one.X, one.y, "loss")


def far_inputs(MLP: Model, seed: int) -> None:
    """Require that a sigmoid output stays in [0, 1] for inputs of a thousand, without a warning."""
    one = situation(seed=seed)
    outputs = call(method(one.model(MLP), "forward"), 1e3 * one.X, quiet=True)
    inside = np.min(outputs) >= 0 and np.max(outputs) <= 1
    hint = "the output of a sigmoid is between 0 and 1 for any input. Use the functions that are given."
    require(bool(inside), "forward(X) leaves [0, 1] for inputs of a thousand.", hint, "output-range")


# --- step 2 -------------------------------------------------------------------------------------------------------


@explained
def mlp_gradients(MLP: Model) -> None:
    """Check the gradients for every pair of activations, one sample, inputs of another unit, both shapes of targets."""
    for one in _VISIBLE:
        gradients(MLP, one)
    flat_gradients(MLP, seed=25)
    GRADIENTS_WITH_NUMPY.check(MLP, "MLP")
    gradients(MLP, _UNITS)
    passed("MLP, gradients", "four parameters for every pair of activations, as by autograd", len(_VISIBLE) + 1)


def every_gradient(MLP: Model, sizes: Sizes, seed: int) -> None:
    """Compare gradients for every pair of activations."""
    for one in _every_pair(sizes, seed):
        gradients(MLP, one)


def flat_gradients(MLP: Model, seed: int) -> None:
    """Require that ``gradients`` takes targets of shape (N,)."""
    one = situation(seed=seed)
    flat_targets(method(one.model(MLP), "gradients"), one.X, one.y, "gradients")


def gradients(MLP: Model, one: Situation) -> None:
    """Compare ``gradients`` with what PyTorch's autograd gives, output layer first, as back-propagation goes."""
    model = one.model(MLP)
    got = call(method(model, "gradients"), one.X, one.y)
    returned(got, "gradients(X, y)", hasattr(got, "keys"), "a dict")
    moved = [name for name, array in read_weights(model).items() if not np.array_equal(array, one.weights[name])]
    hint = "gradients only computes; the step is taken by update."
    require(not moved, f"gradients(X, y) has changed {', '.join(moved)} of the model.", hint, "updates-in-gradients")
    outputs, right = outputs_of(model, one.X), FORWARD.answers(one.weights, one.X, *one.kinds).right
    forward_right = outputs.shape == np.shape(right) and np.allclose(outputs, right)
    for name in _BACKWARD_ORDER:
        what = f'gradients(X, y)["{name}"] ({one.about})'
        _has_gradient(got, name, one, what)
        wrong = "forward(X) is not right here: fix it first. The check of step 1 shows such a network."
        also = [] if forward_right else [Mistake("forward-pass-wrong", wrong, got[name])]
        GRADIENT.compare(got[name], what, name, one.weights, one.X, one.y, *one.kinds, also=also)


def _has_gradient(got: Any, name: str, one: Situation, what: str) -> None:
    bias, shape = name.startswith("bias"), one.weights[name].shape
    if name not in got:
        raise CheckFailed(
            f"gradients(X, y) has no entry {name!r}.",
            "a bias is a parameter like any other and has a gradient." if bias else "there are four parameters.",
            "missing-bias-gradient" if bias else "missing-gradient",
        )
    per_sample = (len(one.X), shape[1])
    require(
        not (bias and np.shape(got[name]) == per_sample != shape),
        f"{what} has shape {np.shape(got[name])}; expected {shape}.",
        "this is one gradient for each sample; the bias is shared by all samples.",
        "bias-gradient-per-sample",
    )
