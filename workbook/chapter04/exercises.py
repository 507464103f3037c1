"""Checks of chapter 04's layers: their visible inputs, the wrong answers that are recognised, and what is forbidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Exercise, Quantity, call, explained, passed, unpacked
from autograder.testing.hint_display import Hints
from workbook.chapter04.inputs import LAYERS, RELU_INPUTS, SCORES, Array, Shape, dout_like, forward_arrays, layer_arrays
from workbook.chapter04.network_checks import (
    fully_connected_defaults,
    fully_connected_loss,
    fully_connected_scores,
    two_layer_defaults,
    two_layer_loss,
    two_layer_scores,
)
from workbook.chapter04.network_values import network_loss, network_scores
from workbook.chapter04.rules import NUMPY_ONLY, layer_rules, relu_rules, softmax_rules
from workbook.chapter04.solver_checks import count_parameters, parameter_count, sgd_momentum
from workbook.chapter04.trained_checks import trained

__all__ = [
    "count_parameters", "fc_backward", "fc_forward", "fc_relu_backward", "fc_relu_forward", "forward_arrays",
    "fully_connected_defaults", "fully_connected_loss", "fully_connected_scores", "network_loss",
    "network_scores", "parameter_count", "relu_backward", "relu_forward", "sgd_momentum",
    "softmax_gradient", "softmax_loss", "trained", "two_layer_defaults", "two_layer_loss", "two_layer_scores",
]  # fmt: skip

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter04.reference"
_GRADIENTS = ("dx", "dw", "db")


def _parts(got: Any, count: int, what: str, names: str) -> Sequence[Any]:
    return unpacked(got, count, what, f"the {count} values {names}", "look at the docstring's last line.")


def _part(at: int, call_text: str, names: str) -> Callable[..., Any]:
    """Take apart the pair that ``call_text`` returns, and go on with one of its values."""
    return lambda got, *_: _parts(got, 2, call_text, names)[at]


# --- forward passes -------------------------------------------------------------------------------------------------

fc_forward = Exercise(
    "fc_forward",
    f"{_REFERENCE}.layers:fc_output",
    [Case(f"out for x {shape}", partial(forward_arrays, shape, width, 1)) for shape, width in LAYERS],
    {
        "bias-not-added": "the bias has no effect on the output.",
        "bias-twice": "the bias is added twice.",
        "axes-mixed": "the shape is right, but the entries are in another order: each sample has to become one row, "
        "its entries in the order in which NumPy stores them.",
        "activation-too-many": "a ReLU belongs to the next layer, not to this one.",
    },
    form=_part(0, "fc_forward(x, w, b)", "out and cache"),
    forbidden=layer_rules(forward_arrays),
    summary="rows and images, one sample, one output, against PyTorch; no loop",
)

relu_forward = Exercise(
    "relu_forward",
    f"{_REFERENCE}.layers:relu_output",
    [Case(f"out for x {x.shape}", (x,)) for x in RELU_INPUTS],
    {
        "absolute-value": "negative inputs come out positive here; they should come out as 0.",
        "identity": "negative inputs pass unchanged.",
        "negative-part": "this keeps the negative inputs and drops the positive ones.",
        "leaky": "negative inputs come out as a small share of themselves; a ReLU returns 0.",
        "step-not-relu": "this is the derivative, 0 or 1, not the function.",
    },
    form=_part(0, "relu_forward(x)", "out and cache"),
    may_write=True,
    elementwise=True,
    forbidden=relu_rules(lambda x: (x,)),
    summary="positive and negative inputs, small and large, and 0; one axis to three; no loop",
)

fc_relu_forward = Exercise(
    "fc_relu_forward",
    f"{_REFERENCE}.layers:fc_relu_output",
    [Case(f"out for x {shape}", partial(forward_arrays, shape, width, 7)) for shape, width in LAYERS],
    {
        "relu-missing": "this is the output of the fully connected layer alone.",
        "relu-on-input": "the ReLU acts on the layer's output, not on its input.",
    },
    form=_part(0, "fc_relu_forward(x, w, b)", "out and cache"),
    forbidden=layer_rules(forward_arrays),
    summary="rows and images, one sample, one output; no loop",
)

# --- the loss -------------------------------------------------------------------------------------------------------

_NO_SHIFT = "an exponential has overflowed. Scores can be shifted by a constant in each row before you exponentiate."
_ONE_SHIFT = "the maximum of all scores is subtracted. Where rows differ a lot, every exponential of a row becomes 0."
_OVER_BATCH = "each sample has a softmax of its own: the probabilities of one row sum to 1."

softmax_loss = Exercise(
    "softmax_loss",
    f"{_REFERENCE}.softmax:softmax_loss",
    [Case(f"loss for x {x.shape}", (x, y)) for x, y in SCORES],
    {
        "no-division-by-n": "this is the sum over the samples; the loss is their mean.",
        "softmax-without-shift": _NO_SHIFT,
        "one-shift-for-all": _ONE_SHIFT,
        "minus-forgotten": "the loss is the negative logarithm of a probability, so it is never negative.",
        "log-forgotten": "take the logarithm of the probability.",
        "softmax-over-batch": _OVER_BATCH,
        "mean-over-entries": "the mean is over the N samples, not over all entries.",
        "wrong-log-base": "the logarithm is the natural one.",
        "constant-in-log": "a small constant inside the logarithm changes the loss of every sample whose true class is "
        "improbable. With shifted scores you can have the logarithm without a division, and nothing needs protecting.",
    },
    form=_part(0, "softmax_loss(x, y)", "loss and dx"),
    forbidden=softmax_rules(),
    summary="the value: two classes to six, scores near 0, near 1000 and far apart; no loop",
)

softmax_gradient = Exercise(
    "softmax_loss",
    f"{_REFERENCE}.softmax:softmax_gradient",
    [Case(f"dx for x {x.shape}", (x, y)) for x, y in SCORES],
    {
        "no-division-by-n": "the loss is a mean over N samples, so its gradient has the factor 1/N, too.",
        "averaged-twice": "the mean is taken twice: dividing by N once is enough.",
        "softmax-without-shift": _NO_SHIFT,
        "one-shift-for-all": _ONE_SHIFT,
        "softmax-over-batch": _OVER_BATCH,
        "label-not-subtracted": "these are the probabilities, divided by N or not. The true class of each sample needs "
        "something more; look at the derivation.",
        "label-added": "the indicator of the true class is subtracted, not added.",
        "labels-of-all-samples": "a 1 is subtracted in every row at the labels of all samples. Each row has one label: "
        "pair row numbers with labels when you index.",
    },
    form=_part(1, "softmax_loss(x, y)", "loss and dx"),
    forbidden=[NUMPY_ONLY],
    summary="the gradient: the same scores, against autograd",
)

# --- backward passes ------------------------------------------------------------------------------------------------


def _backward_case(name: str, shape: Shape, width: int, seed: int) -> tuple[str, Array, Array, Array, Array]:
    x, w, b, dout = layer_arrays(shape, width, seed)
    return name, dout, x, w, b


def _seen(seed: int) -> list[Case]:
    return [Case(name, partial(_backward_case, name, *layer, seed)) for layer in LAYERS for name in _GRADIENTS]


_FC_GRADIENT = Quantity(
    f"{_REFERENCE}.layers:fc_gradient",
    {
        "dx-not-reshaped": "dx has the shape of x, whatever its number of axes.",
        "averaged-over-batch": "this is divided by the number of samples. dout belongs to the loss and holds that "
        "factor already; a layer sums.",
        "bias-gradient-per-sample": "the bias is shared by all samples; add up what they contribute, along the axis of "
        "samples.",
        "bias-gradient-keeps-axis": "db has the shape of b, (M,), without an axis of length 1.",
        "bias-gradient-one-number": "add up over samples, not over units: each bias has a gradient of its own.",
        "bias-gradient-is-one": "dout has to enter db.",
    },
    _seen(seed=2),
)
_FC_RELU_GRADIENT = Quantity(
    f"{_REFERENCE}.layers:fc_relu_gradient",
    {
        "relu-mask-missing": "the gradient has not passed the ReLU: it goes back through the two layers in the "
        "opposite order."
    },
    _seen(seed=8),
)
_RELU_GRADIENT = Quantity(
    f"{_REFERENCE}.layers:relu_gradient",
    {
        "relu-mask-missing": "dout passes unchanged, also where the ReLU was off.",
        "mask-from-dout": "the mask is taken from the sign of dout. The forward pass decides what is on, so look into "
        "the cache.",
        "dout-ignored": "dout has no part in this: it is the slope of the ReLU alone, or the output of the forward "
        "pass. The chain rule multiplies the slope by dout.",
        "mask-inverted": "the gradient passes exactly where the ReLU was off.",
    },
    [Case(f"dx for x {x.shape}", (dout_like(x, 4), x)) for x in RELU_INPUTS],
)


def _cache(forward: Function, *arrays: Array) -> Any:
    name = getattr(forward, "__name__", "the forward function")
    return _parts(call(forward, *arrays, may_write=True), 2, f"{name}(…)", "out and cache")[1]


@explained
def fc_backward(
    function: Function, forward: Function, shape: Shape | None = None, width: int = 3, seed: int = 2
) -> None:
    """Check ``fc_backward`` with the cache of the student's ``fc_forward``; without ``shape``, on the visible cases."""
    _backward("fc_backward", _FC_GRADIENT, function, forward, shape, width, seed)


@explained
def fc_relu_backward(
    function: Function, forward: Function, shape: Shape | None = None, width: int = 5, seed: int = 8
) -> None:
    """Check ``fc_relu_backward`` as :func:`fc_backward` checks its function."""
    _backward("fc_relu_backward", _FC_RELU_GRADIENT, function, forward, shape, width, seed)


def _backward(
    name: str, gradient: Quantity, function: Function, forward: Function, shape: Shape | None, width: int, seed: int
) -> None:
    def arguments(shape: Shape, width: int) -> tuple[Array, Any]:
        x, w, b, dout = layer_arrays(shape, width, seed)
        return dout, _cache(forward, x, w, b)

    for case in LAYERS if shape is None else [(shape, width)]:
        got = call(function, *arguments(*case), may_write=True)
        parts = _parts(got, 3, f"{name}(dout, cache)", "dx, dw and db")
        x, w, b, dout = layer_arrays(*case, seed)
        shapes, expected = [np.shape(part) for part in parts], [x.shape, w.shape, b.shape]
        if shapes != expected and sorted(shapes) == sorted(expected):
            raise CheckFailed(
                f"{name} returns shapes {', '.join(map(str, shapes))}.",
                "the three gradients come in the wrong order: dx, dw, db.",
                "gradients-exchanged",
            )
        for part, which in zip(parts, _GRADIENTS, strict=True):
            gradient.compare(part, f"{which} for x {x.shape}", which, dout, x, w, b)
    if shape is None:
        for rule in layer_rules(arguments):
            rule.check(function, name)
        passed(name, "rows and images, one sample, one output, against autograd; no loop", len(LAYERS))


@explained
def relu_backward(function: Function, forward: Function, x: Array | None = None, seed: int = 4) -> None:
    """Check ``relu_backward`` with the cache of the student's ``relu_forward``; without ``x``, on the visible cases."""
    if x is not None:
        dout = dout_like(x, seed)
        got = call(function, dout, _cache(forward, x), may_write=True)
        _RELU_GRADIENT.compare(got, f"dx for x {x.shape}", dout, x, given=x)
        return
    for one in RELU_INPUTS:
        relu_backward(function, forward, one)
    for rule in relu_rules(lambda rows: (dout_like(rows, 5), _cache(forward, rows))):
        rule.check(function, "relu_backward")
    passed("relu_backward", "the same inputs, against autograd; no loop", len(RELU_INPUTS))


hint = Hints("workbook.chapter04")
