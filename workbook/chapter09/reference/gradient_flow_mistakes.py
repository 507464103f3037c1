"""Wrong answers of chapter 09: what each would give, and the sentence that helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Mistake
from workbook.chapter09.reference.gradient_flow import Array, Gradients, Run, entries

Norm = Callable[[Gradients], float]


def norm_of(*arrays: Array) -> float:
    """The Euclidean length of all entries together."""
    return float(np.sqrt(sum(float(np.vdot(array, array)) for array in arrays)))


def wrong_norms(first: str, last: str, other: tuple[str, ...] = ()) -> list[tuple[str, str, Norm]]:
    """Numbers that are taken for the first layer's gradient norm: name, hint and how to get it from all gradients.

    Args:
        first, last: the weights of the first and of the last layer.
        other: parameters of other kinds of layer that come before.
    """
    bias = first.replace("weight", "bias")

    def with_bias(g: Gradients) -> float:
        return norm_of(g[first], g[bias]) if bias in g else np.nan

    def norms_added(g: Gradients) -> float:
        return norm_of(g[first]) + norm_of(g[bias]) if bias in g else np.nan

    return [
        ("weight-and-bias-together", _WITH_BIAS, with_bias),
        ("weight-and-bias-together", _WITH_BIAS, norms_added),
        ("bias-not-weight", _BIAS, lambda g: norm_of(g[bias]) if bias in g else np.nan),
        ("whole-network", _WHOLE, lambda g: norm_of(*g.values())),
        ("whole-network", _WHOLE, lambda g: sum(norm_of(array) for array in g.values())),
        ("squared-norm", _SQUARED, lambda g: norm_of(g[first]) ** 2),
        ("last-layer", _LAST, lambda g: norm_of(g[last])),
        ("last-layer", _LAST, lambda g: norm_of(g[last.replace("weight", "bias")])),
        ("another-norm", _OTHER_NORM, lambda g: float(np.abs(g[first]).sum())),
        ("another-norm", _OTHER_NORM, lambda g: float(np.abs(g[first]).mean())),
        ("another-norm", _OTHER_NORM, lambda g: float(np.abs(g[first]).max())),
        ("another-norm", _OTHER_NORM, lambda g: float(np.linalg.norm(g[first].reshape(len(g[first]), -1), 2))),
        ("root-mean-square", _RMS, lambda g: norm_of(g[first]) / np.sqrt(g[first].size)),
        *[("first-parameter-of-any-kind", _ANY_KIND, lambda g, name=name: norm_of(g[name])) for name in other],
    ]


def first_norm_mistakes(
    gradients: Gradients, first: str, last: str, other: tuple[str, ...], weights: Mapping[str, Array]
) -> list[Mistake]:
    """What a wrong ``first_layer_gradient_norm`` returns."""
    return [
        *[Mistake(name, hint, norm(gradients)) for name, hint, norm in wrong_norms(first, last, other)],
        Mistake("weight-not-gradient", _WEIGHT, norm_of(weights[first])),
        Mistake("not-one-number", _ARRAY, gradients[first]),
        Mistake("not-one-number", _ARRAY, np.linalg.norm(gradients[first], axis=-1)),
    ]


def curve_mistakes(runs: Mapping[str, Run], pick: Callable[[Run], Array], per_epoch: int, batch: int) -> list[Mistake]:
    """Curves of the wrong length, of the wrong runs, or of numbers divided too often or not at all.

    Args:
        runs: ``right`` and the wrong ones by the name of their mistake.
        pick: the number of each step that the curve is about.
        per_epoch: steps in an epoch.
        batch: images in a batch.
    """
    right = pick(runs["right"])
    wrong = [(n, _RUNS[n], c) for n, run in runs.items() if n != "right" for c in entries(pick(run))]
    means, tenth, first = entries(right)
    epochs = right.reshape(-1, per_epoch)
    restarted = [c.reshape(-1) for c in map(np.array, zip(*[entries(epoch) for epoch in epochs], strict=True))]
    shapes: list[tuple[str, str, ArrayLike]] = [
        ("one-entry-an-epoch", _EPOCH, epochs.mean(axis=1)),
        ("one-entry-an-epoch", _EPOCH, epochs[:, -1]),
        ("one-entry-a-step", _STEP, right),
        ("sum-of-ten", _SUM, 10 * means),
        *[("loss-divided-twice", _TWICE, curve / n) for curve in (means, tenth, first) for n in (10, batch)],
        ("running-mean", _RUNNING, (np.cumsum(right) / np.arange(1, len(right) + 1))[9::10]),
        ("counter-restarts", _RESTARTS, np.array([])),
        *[("counter-restarts", _RESTARTS, curve) for curve in restarted],
        *[("one-epoch-only", _ONE_EPOCH, curve) for curve in entries(epochs[0]) if curve.size],
    ]
    return [Mistake(*entry) for entry in (*wrong, *shapes) if not _same(entry[2], (means, tenth, first))]


def _same(wrong: ArrayLike, right: tuple[Array, ...]) -> bool:
    array = np.asarray(wrong)
    return any(array.shape == curve.shape and np.allclose(array, curve, rtol=1e-3) for curve in right)


def by_layer_mistakes(right: Array, registered: Array, count: int) -> list[Mistake]:
    """What a wrong ``gradient_norm_by_layer`` returns.

    Args:
        right, registered: the norms in the order of use and in that of definition, which is that of the names, too.
        count: images in the batch.
    """
    wrong: list[tuple[str, str, Array]] = [
        ("order-of-definition", _DEFINITION, registered),
        ("last-layer-first", _REVERSED, right[::-1]),
        ("squared-norm", _SQUARED, right**2),
        ("sum-not-mean", _SUM_LOSS, right * count),
        ("loss-divided-twice", _TWICE, right / count),
        ("normalised", _NORMALISED, right / right.sum()),
        ("normalised", _NORMALISED, right / right[-1]),
    ]
    return [Mistake(*entry) for entry in wrong if not _same(entry[2], (right,))]


EVAL_MODE = (
    "the model came in evaluation mode and stayed there: no Dropout, frozen batch statistics. A training loop sets the "
    "mode that it needs."
)
CLEARED = (
    "the gradient is gone when the norm is asked for: after zero_grad() each .grad is None or zero. Between which two "
    "calls of the loop does .grad hold the gradient of this batch?"
)
ACCUMULATED = (
    "backward() adds to the gradients that are there. From the second batch on the norm is that of a sum, and so is "
    "the step."
)
BY_LAYER_ACCUMULATED = (
    "a model that already holds gradients gives another answer. backward() adds to what is there; start from nothing."
)
SAME_START = (
    "the two networks do not start from the same weights, so the curves differ by more than the activation. Two calls "
    "of build draw two sets of random numbers."
)
TRAINED_START = "the second network starts from the trained weights of the first. Copy the weights before training."
SEEDED = (
    "two calls from different seeds start from the same weights: the function sets a seed of its own. Then five seeds "
    "show the same run five times. Leave the seed to the caller."
)
NOT_REPLACED = (
    "the network for the sigmoid curves still holds a ReLU. build has an argument that replaces all of its activations."
)
AFTER_PREDICTION = (
    "a sigmoid follows the prediction layer: the logits must stay free. It squeezes them into (0, 1) and takes another "
    "factor of at most 1/4 off every gradient."
)
EXCHANGED = "the curves of the two activations are exchanged."
ONE_FOR_BOTH = "both pairs of curves come from one kind of network. Which activation does each network have?"
_WITH_BIAS = "this number takes in the bias. The exercise asks for the weight of the layer alone."
_BIAS = "this is the norm of the bias's gradient."
_WHOLE = "this is a norm over all parameters of the network. Only the first layer's weight is asked for."
_SQUARED = "this is the square of the norm. A root is missing."
_LAST = "this is the last layer, next to the loss. The first layer is the one next to the input."
_OTHER_NORM = (
    "this is another norm: of absolute values, the largest entry, or the largest singular value. Take the Euclidean "
    "length: all entries squared, summed, then the root."
)
_RMS = "this is divided by the number of entries. The norm is the root of a sum, not of a mean."
_ANY_KIND = (
    "this parameter belongs to a batch normalisation. The first layer is the first Linear or Conv2d, whatever has "
    "parameters before it."
)
_WEIGHT = "this is the norm of the weight itself. Where does PyTorch keep its gradient?"
_ARRAY = "one number is asked for, over all entries of the gradient, whatever their axes."
_EPOCH = "this has one entry an epoch; the curve has one for every ten steps."
_STEP = "this has one entry a step; the curve has one for every ten."
_ONE_EPOCH = "only one epoch is recorded. A return inside the loop, or lists that are made anew in each epoch?"
_SUM = "this is the sum of ten numbers; an entry is their mean."
_TWICE = "the loss was already a mean over the batch, and it is divided once more."
_RUNNING = "this is the mean of all steps since the start. Each entry is about its own ten steps."
_RESTARTS = (
    "the steps are counted anew in every epoch, so the entries do not lie ten steps apart where an epoch has no "
    "multiple of ten. Count through."
)
_DEFINITION = (
    "these are the right numbers in the order in which the layers were defined (or of their names). The model uses "
    "them in another order: let the forward pass tell you."
)
_REVERSED = "these run from the loss to the input, as the backward pass does. Begin at the input."
_SUM_LOSS = "these belong to the sum of the losses; take the mean over the batch."
_NORMALISED = "these were divided by one another; give the norms themselves."
_RUNS = {
    "zero-grad-forgotten": ACCUMULATED,
    "no-update": "the weights stay as they are, so every epoch sees the same losses. A call is missing, or too early.",
    "momentum": "the optimizer keeps a share of its last direction. The exercise asks for plain gradient descent.",
    "learning-rate-ignored": "the learning rate is not the one that was passed in.",
    "sum-not-mean": "this is the sum over the batch; take the mean, which also makes the step that long.",
    "loss-after-update": "the loss of a batch is that of the forward pass that made its gradient, before the step.",
}
