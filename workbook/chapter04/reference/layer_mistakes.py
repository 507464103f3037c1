"""Wrong layers, networks and steps that students write, each computed by an oracle on changed arguments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike

from autograder.testing import Mistake
from workbook.chapter04.reference.layers import (
    Array,
    Params,
    array,
    fc,
    gradients,
    half_of_squared_weights,
    momentum_path,
    net_loss,
    net_scores,
    tensor,
    value,
)


def fc_forward_mistakes(x: Array, w: Array, b: Array) -> list[Mistake]:
    """Wrong outputs of a fully connected layer."""
    zero = np.zeros_like(b)
    turned = np.moveaxis(x, 0, -1).reshape(len(x), -1)
    return [
        Mistake("bias-not-added", "the bias has no effect on the output.", value(fc, x, w, zero)),
        Mistake("bias-twice", "the bias is added twice.", value(fc, x, w, 2 * b)),
        Mistake("axes-mixed", _AXES, value(fc, turned, w, b)),
        Mistake("axes-mixed", _AXES, value(fc, x.reshape(len(x), -1, order="F"), w, b)),
        Mistake("activation-too-many", "a ReLU belongs to the next layer, not to this one.", array(
            F.relu(fc(tensor(x), tensor(w), tensor(b))))),
    ]  # fmt: skip


def fc_backward_mistakes(which: str, dout: Array, x: Array, w: Array, b: Array) -> list[Mistake]:
    """Wrong gradients of a fully connected layer; ``which`` is dx, dw or db."""
    dx, dw, db = gradients(fc, dout, x, w, b)
    count = len(x)
    if which == "dx":
        return [
            Mistake("dx-not-reshaped", "dx has the shape of x, whatever its number of axes.", dx.reshape(count, -1))
        ]
    right = {"dw": dw, "db": db}[which]
    mistakes = [Mistake("averaged-over-batch", _AVERAGED, right / count)]
    if which == "db":
        mistakes += [
            Mistake("bias-gradient-per-sample", _PER_SAMPLE, dout),
            Mistake("bias-gradient-per-sample", _PER_SAMPLE, dout.sum(axis=1)),
            Mistake("bias-gradient-keeps-axis", "db has the shape of b, (M,), without an axis of length 1.", db[None]),
            Mistake(
                "bias-gradient-one-number",
                "add up over samples, not over units: each bias has a gradient of its own.",
                dout.sum(),
            ),
            Mistake("bias-gradient-is-one", "dout has to enter db.", np.full_like(db, count)),
        ]
    return mistakes


def relu_mistakes(x: Array) -> list[Mistake]:
    """Wrong outputs of a ReLU."""
    return [
        Mistake("absolute-value", "negative inputs come out positive here; they should come out as 0.", np.abs(x)),
        Mistake("identity", "negative inputs pass unchanged.", x),
        Mistake("negative-part", "this keeps the negative inputs and drops the positive ones.", np.minimum(x, 0)),
        Mistake(
            "leaky",
            "negative inputs come out as a small share of themselves; a ReLU returns 0.",
            np.maximum(0.01 * x, x),
        ),
        Mistake("step-not-relu", "this is the derivative, 0 or 1, not the function.", (x > 0).astype(np.float64)),
    ]


def relu_backward_mistakes(dout: Array, x: Array) -> list[Mistake]:
    """Wrong gradients of a ReLU."""
    return [
        Mistake("relu-mask-missing", "dout passes unchanged, also where the ReLU was off.", dout),
        Mistake("mask-from-dout", "the mask is taken from the sign of dout. The forward pass decides what is on, so "
                "look into the cache.", np.maximum(dout, 0)),
        Mistake("dout-ignored", "this is the slope of the ReLU alone; the chain rule multiplies it with dout.",
                (x > 0).astype(np.float64)),
        Mistake("dout-ignored", "this is the output of the forward pass; the gradient is made of dout.",
                np.maximum(x, 0)),
        Mistake("mask-inverted", "the gradient passes exactly where the ReLU was off.", np.where(x > 0, 0, dout)),
    ]  # fmt: skip


def scores_mistakes(params: Params, X: Array) -> list[Mistake]:
    """Wrong scores of a fully connected network."""
    right = net_scores(params, X)
    without = {name: np.zeros_like(values) if name[0] == "b" else values for name, values in params.items()}
    last = f"b{len(params) // 2}"
    one_missing = {**params, last: np.zeros_like(params[last])}
    return [
        Mistake("no-relu", _NO_RELU, net_scores(params, X, lambda z: z)),
        Mistake("relu-on-scores", "scores may be negative: no ReLU follows the last layer.", np.maximum(right, 0)),
        Mistake("softmax-on-scores", "these are probabilities; loss(X) returns scores. Softmax belongs to the loss.",
                array(torch.softmax(tensor(right), 1))),
        Mistake("bias-not-added", "the biases have no effect on the scores.", net_scores(without, X)),
        Mistake("bias-not-added", f"the bias {last} has no effect on the scores.", net_scores(one_missing, X)),
        Mistake("sigmoid-not-relu", "the hidden layers use a sigmoid, not ReLU.",
                net_scores(params, X, torch.sigmoid)),
        Mistake("tanh-not-relu", "the hidden layers use tanh, not ReLU.", net_scores(params, X, torch.tanh)),
    ]  # fmt: skip


_Penalty = Callable[[dict[str, torch.Tensor]], torch.Tensor]
_PENALTIES: list[tuple[str, str, _Penalty]] = [
    ("l2-without-half", "the penalty is twice as large as it should be: it has a factor 0.5, so that its gradient is "
     "reg * W.", lambda p: 2 * half_of_squared_weights(p)),
    ("l2-on-biases", "the penalty includes the biases. Only weights are regularised.",
     lambda p: 0.5 * torch.stack([v.square().sum() for v in p.values()]).sum()),
    ("l2-missing", "reg has no effect.", lambda p: 0 * p["W1"].sum()),
    ("l2-first-layer-only", "the penalty covers the first layer only.", lambda p: 0.5 * p["W1"].square().sum()),
    ("l2-last-layer-missing", "the penalty leaves out the last layer.",
     lambda p: half_of_squared_weights({n: v for n, v in p.items() if n != f"W{len(p) // 2}"})),
    ("l2-last-layer-only", "the penalty covers the last layer only.",
     lambda p: 0.5 * p[f"W{len(p) // 2}"].square().sum()),
    ("l2-not-squared", "the penalty is half the sum of the squared weights; these are not squared.",
     lambda p: 0.5 * torch.stack([v.sum() for n, v in p.items() if n[0] == "W"]).sum()),
]  # fmt: skip


def loss_mistakes(params: Params, X: Array, y: ArrayLike, reg: float) -> list[Mistake]:
    """Wrong losses of a fully connected network."""
    right = net_loss(params, X, y, reg)[0]
    bare = net_loss(params, X, y)[0]
    found = [Mistake(name, hint, net_loss(params, X, y, reg, penalty)[0]) for name, hint, penalty in _PENALTIES if reg]
    return [
        *found,
        Mistake("no-relu", _NO_RELU, net_loss(params, X, y, reg, activation=lambda z: z)[0]),
        Mistake("no-division-by-n", _SUMMED, right + (len(X) - 1) * bare),
        Mistake("penalty-averaged", "the penalty belongs to the weights, not to the samples: it is not divided by N.",
                bare + (right - bare) / len(X)),
    ]  # fmt: skip


def gradient_mistakes(name: str, params: Params, X: Array, y: ArrayLike, reg: float) -> list[Mistake]:
    """Wrong gradients of a fully connected network for the parameter ``name``."""
    right = net_loss(params, X, y, reg)[1][name]
    bare = net_loss(params, X, y)[1][name]
    found = [
        Mistake(known, _IN_GRADIENT.get(known, hint), net_loss(params, X, y, reg, penalty)[1][name])
        for known, hint, penalty in _PENALTIES
        if reg
    ]
    return [
        *found,
        Mistake("no-relu", _NO_RELU, net_loss(params, X, y, reg, activation=lambda z: z)[1][name]),
        Mistake("no-division-by-n", _SUMMED, right + (len(X) - 1) * bare),
        Mistake("relu-mask-missing", _NO_MASK, net_loss(params, X, y, reg, activation=_leaky_backward)[1][name]),
        Mistake("l2-half-in-gradient", "the factor 0.5 of the penalty cancels against the 2 of the square; it is still "
                "in your gradient.", bare + (right - bare) / 2),
    ]  # fmt: skip


def _leaky_backward(z: torch.Tensor) -> torch.Tensor:
    """A ReLU whose backward pass lets everything through."""
    return z + (F.relu(z) - z).detach()


def momentum_mistakes(
    w: Array, slopes: list[Array], rate: float, momentum: float, defaults: bool = False
) -> list[Mistake]:
    """Where wrong rules end up after these gradients; ``defaults``: the caller has given neither rate nor momentum."""
    up = [-slope for slope in slopes]
    settings = {"lr": rate, "momentum": momentum}
    # Minus the true velocity: w - v with v = mu * v - rate * dw takes a step up the slope each time.
    paths = [
        ("momentum-wrong-sign", _WRONG_SIGN, momentum_path(w, up, **settings)),
        ("momentum-wrong-sign", "the old velocity is subtracted: it should carry on in its direction.",
         _reversed_momentum(w, slopes, rate, momentum)),
        ("velocity-forgotten", "this is plain SGD: the last step's velocity is lost. It has to be kept in config and "
         "read from there.", momentum_path(w, slopes, lr=rate)),
        ("velocity-damped", _DAMPED, momentum_path(w, slopes, dampening=momentum, **settings)),
        ("velocity-damped", _DAMPED, momentum_path(w, slopes, lr=(1 - momentum) * rate, momentum=momentum)),
        ("one-step-late", "w has moved by the velocity of the last step. Update the velocity first, then w.",
         [w, *momentum_path(w, slopes, **settings)][:-1]),
        ("learning-rate-ignored", "the step does not depend on the learning rate.",
         momentum_path(w, slopes, lr=1.0, momentum=momentum)),
    ]  # fmt: skip
    if momentum > 0:  # without momentum the variant is the same rule, and PyTorch refuses it
        hint = "this is Nesterov's variant, which looks ahead. Chapter 10 has it."
        paths.append(("nesterov", hint, momentum_path(w, slopes, nesterov=True, **settings)))
    if defaults:
        hint = "without a config the rule has another learning rate or momentum than the docstring says."
        others = [(lr, momentum) for lr in (1e-1, 1e-3, 1e-4)] + [(rate, mu) for mu in (0.99, 0.95, 0.5)]
        named = [("other-defaults", hint, momentum_path(w, slopes, lr=lr, momentum=mu)) for lr, mu in others]
        paths = [*named, *paths]  # 0.001 is also what a damped velocity starts with
    return [Mistake(name, hint, path[-1]) for name, hint, path in paths]


def velocity_mistakes(step: Array, last_step: Array, rate: float) -> list[Mistake]:
    """Wrong velocities in the returned config, where w itself has moved by ``step``, and by ``last_step`` before."""
    outside = "the learning rate belongs into the velocity, not in front of it."
    return [
        Mistake("velocity-sign", "w moves as it should, but the rule of the text adds the velocity.", -step),
        Mistake("rate-outside-the-velocity", outside, step / rate),
        Mistake("rate-outside-the-velocity", outside, -step / rate),
        Mistake("velocity-forgotten", "config still holds the velocity of the step before; the next step needs the new "
                "one.", last_step),
    ]  # fmt: skip


def _reversed_momentum(w: Array, slopes: list[Array], rate: float, momentum: float) -> list[Array]:
    """torch's rule, with the sign of the gradient changing at every step and the sign of the step, too."""
    signs = (-1.0) ** np.arange(len(slopes))
    flipped = [sign * slope for sign, slope in zip(signs, slopes, strict=True)]
    path = np.array([w, *momentum_path(w, flipped, lr=rate, momentum=momentum)])
    steps = signs.reshape(-1, *[1] * w.ndim) * np.diff(path, axis=0)
    return list(w + np.cumsum(steps, axis=0))


_AXES = (
    "the shape is right, but the entries are in another order: each sample has to become one row, its entries in the "
    "order in which NumPy stores them."
)
_AVERAGED = (
    "this is divided by the number of samples. dout belongs to the loss and holds that factor already; a layer sums."
)
_PER_SAMPLE = "the bias is shared by all samples; add up what they contribute, along the axis of samples."
_SUMMED = "this is the sum over the samples; the loss is their mean."
_NO_RELU = (
    "there is no ReLU between the layers, so the network is a linear classifier. Positive pre-activations hide this; "
    "look at the samples for which a hidden unit is negative."
)
_NO_MASK = "the backward pass leaves out the ReLU: units that were off must not receive a gradient."
_WRONG_SIGN = "the step goes up the slope. Look at the two signs in the rule."
_DAMPED = "the new gradient is weighted with 1 - momentum; in this rule its weight is the learning rate alone."
_IN_GRADIENT = {
    "l2-without-half": "the penalty's part of the gradient is twice as large as it should be.",
    "l2-on-biases": "the gradient of a bias has a part from the penalty. Only weights are regularised.",
    "l2-missing": "the penalty is missing from the gradient.",
}
