"""Checks of chapter 02: the gradients of a network, layer by layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.testing import (
    Case,
    CheckFailed,
    Quantity,
    call,
    explained,
    method,
    passed,
    require,
    returned,
)
from workbook.chapter02.flat_target_checks import flat_targets, takes_flat_targets
from workbook.chapter02.network_checks import LARGE_ACTIVATIONS, LARGE_INPUTS, VISIBLE, every_pair, forward_mistake
from workbook.chapter02.rules import GRADIENTS_WITH_NUMPY
from workbook.chapter02.situations import (
    HIDDEN_LAYER,
    OUTPUT_LAYER,
    Model,
    Situation,
    Sizes,
    read_weights,
    situation,
)

Names = tuple[str, ...]

GRADIENT = Quantity(
    "workbook.chapter02.reference:gradient",
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
        "where the step suits the size of what the parameter is multiplied by. Use the formulas of the text.",
    },
    [
        Case(f"{name}, {one.about}", [name, one.weights, one.X, one.y, *one.kinds])
        for names, large in ((OUTPUT_LAYER, LARGE_ACTIVATIONS), (HIDDEN_LAYER, LARGE_INPUTS))
        for one in (*VISIBLE, large)
        for name in names
    ],
    rtol=1e-6,
    atol=1e-10,
)


@explained
def mlp_output_gradients(MLP: Model) -> None:
    """Check the output layer's gradients, also for large activations and for targets of both shapes."""
    _visible_gradients(MLP, OUTPUT_LAYER, LARGE_ACTIVATIONS, "output")


@explained
def mlp_hidden_gradients(MLP: Model) -> None:
    """Check the hidden layer's gradients, also for large inputs and for targets of both shapes."""
    _visible_gradients(MLP, HIDDEN_LAYER, LARGE_INPUTS, "hidden")


def _visible_gradients(MLP: Model, names: Names, large: Situation, layer: str) -> None:
    for one in VISIBLE:
        gradients(MLP, names, one)
    flat_gradients(MLP, names, seed=25)
    GRADIENTS_WITH_NUMPY.check(MLP, "MLP")
    gradients(MLP, names, large)
    passed(f"MLP, gradients of the {layer} layer", "every pair of activations, as by autograd", len(VISIBLE) + 2)


def every_gradient(MLP: Model, names: Names, sizes: Sizes, seed: int) -> None:
    """Compare the gradients ``names`` for every pair of activations."""
    for one in every_pair(sizes, seed):
        gradients(MLP, names, one)


def flat_gradients(MLP: Model, names: Names, seed: int) -> None:
    """Require that ``gradients`` takes targets of shape (N,).

    Targets enter in the delta of the output layer: where its gradients do not take them, the hidden layer's are not
    looked at, and the mistake costs once.
    """
    one = situation(seed=seed)
    if names == HIDDEN_LAYER and not takes_flat_targets(MLP, one, "gradients", OUTPUT_LAYER):
        return
    flat_targets(MLP, one, "gradients", names)


def gradients(MLP: Model, names: Names, one: Situation) -> None:
    """Compare the gradients ``names`` with what PyTorch's autograd gives; ``gradients`` moves none of them."""
    model = one.model(MLP)
    got = call(method(model, "gradients"), one.X, one.y)
    returned(got, "gradients(X, y)", hasattr(got, "keys"), "a dict")
    after = read_weights(model)
    moved = [name for name in names if not np.array_equal(after[name], one.weights[name])]
    hint = "gradients only computes; the step is taken by update."
    require(not moved, f"gradients(X, y) has changed {', '.join(moved)} of the model.", hint, "updates-in-gradients")
    for name in names:
        what = f'gradients(X, y)["{name}"] ({one.about})'
        _has_gradient(got, name, one, what)
        also = forward_mistake(model, one, got[name])
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
