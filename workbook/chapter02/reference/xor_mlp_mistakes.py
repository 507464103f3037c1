"""Wrong answers to the chapters' one-hidden-layer network: what each would give, and the sentence that helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from autograder.testing import CheckFailed, Mistake, call, compare
from workbook.chapter02.reference.xor_mlp import ACTIVATIONS, Twin, outputs_of, read_weights, slope_at

Array = NDArray[np.float64]


def forward_mistakes(model: Any, X: Array, twin: Twin) -> list[Mistake]:
    """Outputs of a forward pass with a part left out or exchanged; ``twin`` is the right one."""
    hidden, output = twin.activation, twin.output_activation
    mistakes = [Mistake("no-output-activation", _NO_OUTPUT_ACTIVATION, twin.z2.detach().numpy())]
    mistakes += _without_biases(model, X, hidden, output)
    mistakes += [
        Mistake("activation-ignored", _ACTIVATION, Twin.of(model, X, other, output).forward())
        for other in ACTIVATIONS
        if other != hidden
    ]
    return mistakes + [
        Mistake("output-activation-ignored", _OUTPUT_ACTIVATION, Twin.of(model, X, hidden, other).forward())
        for other in ACTIVATIONS
        if other != output
    ]


def _without_biases(model: Any, X: Array, activation: str, output_activation: str) -> list[Mistake]:
    """What a forward pass gives that leaves out one bias, or both."""
    weights = read_weights(model)
    mistakes = []
    for left_out in (["bias_hidden"], ["bias_output"], ["bias_hidden", "bias_output"]):
        changed = {name: np.zeros_like(array) if name in left_out else array for name, array in weights.items()}
        plain = type("Weights", (), changed)
        wrong = Twin.of(plain, X, activation, output_activation).forward()
        mistakes.append(Mistake("bias-not-added", f"{' and '.join(left_out)} has no effect on the output.", wrong))
    return mistakes


def loss_mistakes(twin: Twin, y: Array) -> list[Mistake]:
    """Values of the loss with another factor, power or mean."""
    error = twin.forward() - y
    loss, summed = twin.loss(y), float(np.vdot(error, error))
    return [
        Mistake("half-the-square", "there is a factor ½ in front that this loss does not have.", loss / 2),
        Mistake("summed-not-averaged", "this is the sum of the squared errors, not their mean.", summed),
        Mistake("summed-not-averaged", "this is half the sum of the squared errors, not their mean.", summed / 2),
        Mistake("root-mean-square", "the square root is too many: the loss is the mean square itself.", loss**0.5),
        Mistake("absolute-error", "errors are made positive here, but not squared.", float(np.abs(error).mean())),
        Mistake("averaged-over-rows-only", _ROWS, summed / len(y)),
    ]


def update_mistakes(before: Array, gradient: Array, learning_rate: float, got: ArrayLike) -> list[Mistake]:
    """Values of a parameter after a wrong step of gradient descent; ``got`` is the student's."""
    step = learning_rate * gradient
    return [
        Mistake("uphill", "the step goes up the slope: the loss grows.", before + step),
        Mistake("not-updated", "this parameter did not move.", before),
        Mistake("learning-rate-ignored", "the step does not depend on the learning rate.", before - gradient),
        Mistake("replaced-by-step", "the old value is lost: a step starts from where the parameter was.", -step),
        Mistake("another-rate", _RATE, lambda: _along(before, gradient, got)),
    ]


def _along(before: Array, gradient: Array, got: ArrayLike) -> Array:
    """The point ``before - rate * gradient`` nearest to ``got``; NaN where that is no step down."""
    have, length = np.asarray(got, dtype=np.float64), float(np.vdot(gradient, gradient))
    rate = float(np.vdot(before - have, gradient)) / length if have.shape == before.shape and length else 0.0
    return before - rate * gradient if rate > 1e-9 else np.full_like(before, np.nan)


def gradient_mistakes(twin: Twin, targets: ArrayLike, name: str) -> list[Mistake]:
    """The wrong gradients to recognise for the parameter ``name``, most specific first."""
    right = twin.gradients(targets)[name]
    error = twin.error(targets)
    count, width = twin.outputs.shape
    at_output, formula = twin.slope_at_output(), twin.output_formula_at_z()
    chain = [
        ("error-instead-of-delta", _ERROR, {"sent_back": error}),
        ("output-derivative-missing", _NO_OUTPUT_SLOPE, {"output": error}),
        ("hidden-derivative-missing", _NO_HIDDEN_SLOPE, {"slope": torch.ones_like(twin.z1)}),
        ("derivative-at-the-output", _AT_OUTPUT, {"slope": at_output[0]}),
        ("derivative-at-the-output", _AT_OUTPUT, {"output": error * at_output[1]}),
        ("output-formula-at-pre-activation", _FORMULA, {"slope": formula[0]}),
        ("output-formula-at-pre-activation", _FORMULA, {"output": error * formula[1]}),
    ]
    chain += [("derivative-of-another", _OTHER_SLOPE, {"slope": slope_at(other, twin.z1)}) for other in ACTIVATIONS]
    chain += [("derivative-of-another", _OTHER_SLOPE, {"output": error * slope_at(o, twin.z2)}) for o in ACTIVATIONS]
    mistakes = [Mistake(known, hint, twin.wrong_gradients(targets, **changes)[name]) for known, hint, changes in chain]
    if name.startswith("bias"):
        mistakes.append(Mistake("missing-bias-gradient", _NO_BIAS, np.zeros_like(right)))
        mistakes.append(Mistake("bias-gradient-averaged", _BIAS_MEAN, right / count))
    size = count * width
    scales = [
        ("missing-factor-two", _HALF, 0.5),
        ("summed-not-averaged", _SUMMED, size),
        ("summed-not-averaged", _SUMMED, size / 2),
        ("averaged-twice", _TWICE, 1 / count),
        ("averaged-over-rows-only", _ROWS, width),
        ("averaged-over-rows-only", _ROWS, width / 2),
    ]
    return mistakes + [Mistake(known, hint, right * factor) for known, hint, factor in scales if factor != 1]


def accuracy_mistakes(model: Any, X: Array, y: Array, threshold: float) -> list[Mistake]:
    """What is reported when outputs and targets broadcast, or when the threshold is not used."""
    outputs = outputs_of(model, X).reshape(-1, 1)
    share = float(np.mean((outputs > threshold) == y))
    return [
        Mistake("broadcast-targets", FLAT_TARGETS, float(np.mean((outputs > threshold) == y.ravel()))),
        Mistake("error-not-accuracy", "this is the share of wrong predictions.", 1 - share),
        Mistake("percent", "an accuracy is a fraction between 0 and 1.", 100 * share),
        Mistake("count-not-fraction", "this is a number of samples; divide by how many there are.", share * len(X)),
        Mistake("no-threshold", "outputs are numbers between classes; compare them with the threshold first.", 0.0),
        Mistake("threshold-ignored", "the outputs are compared with 0.5 whatever the threshold is.",
                float(np.mean((outputs > 0.5) == y))),
        Mistake("threshold-ignored", "rounding is not the same as comparing with the threshold.",
                float(np.mean(np.round(outputs) == y))),
    ]  # fmt: skip


def flat_targets(method: Callable[..., Any], X: Array, y: Array, what: str) -> None:
    """Require that targets of shape (N,) give what targets of shape (N, 1) give."""
    column = call(method, X, y)
    try:
        flat = call(method, X, y.ravel())
        if isinstance(column, Mapping):
            for name in column:
                compare(flat[name], column[name], f"{what} for targets of shape (N,)")
        else:
            compare(flat, column, f"{what} for targets of shape (N,)")
    except CheckFailed as failure:
        raise CheckFailed(failure.message, FLAT_TARGETS, "broadcast-targets") from None


FLAT_TARGETS = (
    "an array of shape (N,) and one of shape (N, 1) broadcast to (N, N) when they are combined. Give targets and "
    "outputs the same shape first."
)
_NO_OUTPUT_ACTIVATION = "the output activation is missing: these are pre-activations."
_ACTIVATION = "the hidden layer does not use the activation that was asked for."
_OUTPUT_ACTIVATION = "the output layer does not use the output activation that was asked for."
_ERROR = (
    "you sent the error (output minus target) back into the hidden layer. What travels back is the delta: the error "
    "times the derivative of the output activation."
)
_NO_OUTPUT_SLOPE = "the derivative of the output activation is missing from the delta of the output layer."
_NO_HIDDEN_SLOPE = "the derivative of the hidden activation is missing from the delta of the hidden layer."
_AT_OUTPUT = (
    "a derivative is evaluated at the activation a = f(z) instead of the pre-activation z. The given derivatives "
    "expect z; look at what you pass to them in each layer."
)
_FORMULA = (
    "a formula meant for the activation, a(1 - a) or 1 - a², is fed with the pre-activation z. Decide for each "
    "derivative whether it wants z or f(z)."
)
_NO_BIAS = "the gradient of this bias is zero. A bias has a gradient of its own: differentiate z with respect to it."
_BIAS_MEAN = (
    "the gradient of the bias is averaged over the samples although the delta already holds the factor of the mean. "
    "Every sample contributes; how do contributions combine?"
)
_RATE = "the step goes down the slope, but its length is another one than the learning rate says."
_OTHER_SLOPE = "a layer uses the derivative of another activation than its own. Which one does the model have there?"
_HALF = "the factor 2 from differentiating the square is missing. This loss has no ½ in front."
_SUMMED = "this is the gradient of a sum of squared errors; the loss is their mean."
_TWICE = "the mean is taken twice: dividing by the number of samples once is enough."
_ROWS = "the loss is a mean over all entries of the output, columns included; this divides by the number of rows only."
