"""Wrong answers to chapter 03's functions: what each would give, and the sentence that helps."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from autograder.testing import Mistake
from workbook.chapter03.reference.digits_mlp import Labels, Twin, indicator

Array = NDArray[np.float64]


def one_hot_mistakes(labels: Labels, num_classes: int) -> list[Mistake]:
    """What comes out when classes are counted from 1, or from the labels at hand."""
    highest = int(labels.max()) + 1
    right = indicator(labels, num_classes)
    mistakes = [
        Mistake(
            "counts-from-one", "labels start at 0: label 0 belongs to the first column.", np.roll(right, -1, axis=1)
        ),
        Mistake("zeros-and-ones-exchanged", "the 1 marks the class, the 0 all others.", 1 - right),
    ]
    if highest < num_classes:
        mistakes.append(Mistake("classes-from-labels", _CLASSES, indicator(labels, highest)))
    return mistakes


def probability_mistakes(twin: Twin, batch: ArrayLike) -> list[Mistake]:
    """Outputs of a forward pass with a part left out, added or taken along another axis."""
    weights = [w.detach().numpy() for w in twin.weights]

    def softmax(logits: torch.Tensor, dim: int = 1) -> Array:
        return np.array(torch.softmax(logits.detach(), dim=dim).numpy())

    linear, tanh, relu = (Twin.of(batch, weights, f).probabilities() for f in (lambda z: z, torch.tanh, torch.relu))
    return [
        Mistake("sigmoid-before-softmax", _SQUASHED, softmax(torch.sigmoid(twin.logits))),
        Mistake("no-softmax", "these are the scores of the output layer; the softmax is missing.",
                twin.logits.detach().numpy()),
        Mistake("sigmoid-for-softmax", "the output layer has a sigmoid in place of the softmax: rows do not sum to 1.",
                torch.sigmoid(twin.logits).detach().numpy()),
        Mistake("softmax-over-samples", "each column sums to 1 here. Each row should: a row is one image.",
                softmax(twin.logits, 0)),
        Mistake("no-hidden-activation", "the hidden layers have no activation, so the network is linear.", linear),
        Mistake("another-hidden-activation", "the hidden layers use a tanh where a sigmoid is asked for.", tanh),
        Mistake("another-hidden-activation", "the hidden layers use a ReLU where a sigmoid is asked for.", relu),
    ]  # fmt: skip


def cross_entropy_mistakes(p: Array, labels: Labels) -> list[Mistake]:
    """Values of the loss with another mean, another logarithm or a term too many."""
    count, width = p.shape
    of_class = np.take_along_axis(p, labels[:, None], axis=1)
    total = -float(np.log(of_class).sum())
    both = torch.nn.functional.binary_cross_entropy(
        torch.from_numpy(p), torch.from_numpy(indicator(labels, width)), reduction="sum"
    )
    return [
        Mistake("loss-not-divided", "this is the sum over the rows; the loss is their mean.", total),
        Mistake("divided-by-all-entries", _ENTRIES, total / (count * width)),
        Mistake("divided-by-classes", "this is divided by the number of classes; there is one term for each row.",
                total / width),
        Mistake("binary-cross-entropy", _BINARY, float(both) / count),
        Mistake("binary-cross-entropy", _BINARY, float(both) / (count * width)),
        Mistake("another-logarithm", "this logarithm has base 2; the loss uses the natural one.",
                total / count / np.log(2)),
        Mistake("another-logarithm", "this logarithm has base 10; the loss uses the natural one.",
                total / count / np.log(10)),
        Mistake("logarithm-of-the-mean", "take the logarithm of each row's probability first, then the mean.",
                -float(np.log(of_class.mean()))),
        Mistake("zero-times-log-zero", _ZERO, np.nan),
        *(
            Mistake("epsilon-added", _EPSILON, -float(np.mean(np.log(of_class + 10.0**-digits))))
            for digits in range(3, 13)
        ),
        *(
            Mistake("epsilon-added", _EPSILON, -float(np.mean(np.log(np.clip(of_class, 10.0**-digits, 1)))))
            for digits in range(2, 6)
        ),
    ]  # fmt: skip


def gradient_mistakes(twin: Twin, labels: Labels, layer: int, got: ArrayLike) -> list[Mistake]:
    """The wrong gradients to recognise for one weight matrix, most specific first."""
    right = twin.gradients(labels)
    weights = [w.detach().numpy() for w in twin.weights]
    count = len(labels)
    chains: list[tuple[str, str, list[Array]]] = [
        ("hidden-derivative-missing", _NO_SLOPE, twin.chain(labels, torch.ones_like)),
        ("derivative-of-the-activated", _ACTIVATED, twin.chain(labels, _sigmoid_slope)),
        ("softmax-derivative-twice", _SOFTMAX, twin.chain(labels, at_output=lambda p: p * (1 - p))),
    ]
    mistakes = [Mistake(name, hint, found[layer]) for name, hint, found in chains]
    mistakes += [
        Mistake("loss-not-divided", _SUMMED, right[layer] * count),
        Mistake("averaged-twice", _TWICE, right[layer] / count),
        Mistake("stepped-weights", _STEPPED, lambda: _along(weights[layer], right[layer], got)),
    ]
    if layer == len(weights) - 2:
        bent = [*weights[:-1], right[-1]]
        through_gradient = twin.chain(labels, sent_back=bent)[layer]
        mistakes.append(Mistake("updated-too-early", _EARLY, lambda: _along(right[layer], through_gradient, got)))
    return mistakes


def _sigmoid_slope(h: torch.Tensor) -> torch.Tensor:
    """The sigmoid's derivative at h, where h is an activation already."""
    point = h.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(torch.sigmoid(point).sum(), point)
    return slope


def _along(start: Array, direction: Array, got: ArrayLike) -> Array:
    """The point ``start - eta * direction`` nearest to ``got``, eta > 0; NaN where there is none."""
    have = np.asarray(got, dtype=np.float64)
    if have.shape != start.shape or not np.any(direction):
        return np.full_like(start, np.nan)
    eta = float(np.vdot(start - have, direction) / np.vdot(direction, direction))
    return start - eta * direction if eta > 1e-6 else np.full_like(start, np.nan)


def step_mistakes(after: Callable[[Sequence[float]], Array], learning_rate: float, count: int) -> list[Mistake]:
    """What wrong steps lead to; ``after(scales)`` makes one step for each scale, with the gradient so scaled."""
    return [
        Mistake("model-not-trained", "training did not change what the model predicts.", after([])),
        Mistake("uphill", "the step goes up the slope: the loss grows.", after([-1.0])),
        Mistake("loss-not-divided", _SUMMED, after([count])),
        Mistake("averaged-twice", _TWICE, after([1 / count])),
        Mistake("two-updates", _TWO, after([2.0])),
        Mistake("two-updates", _TWO, after([1.0, 1.0])),
        Mistake("learning-rate-ignored", "the step does not depend on the learning rate.", after([1 / learning_rate])),
    ]


def shuffled_labels(after: Callable[[Labels], Array], labels: Labels, got: ArrayLike) -> Mistake:
    """The step on the right samples with their labels in another order, whichever order fits ``got``."""

    def wrong() -> Array:
        orders = (np.array(order) for order in sorted(set(itertools.permutations(labels.tolist()))))
        fits = (p for p in map(after, orders) if np.allclose(p, got, rtol=1e-5))
        return next(fits, np.full(np.shape(got), np.nan))

    return Mistake("labels-left-behind", _LABELS, wrong)


def last_batch_mistakes(after: Callable[[Sequence[float]], Array], full_batches: int, share: float) -> list[Mistake]:
    """Probabilities when the last batch, ``share`` of a full one, is left out or divided by the size of a full one."""
    full = [1.0] * full_batches
    return [
        Mistake("last-batch-dropped", _DROPPED, after(full)),
        Mistake("divided-by-batch-size", _FULL, after([*full, share])),
    ]


_CLASSES = (
    "the number of columns comes from the labels at hand. A batch need not contain the highest class; use num_classes."
)
_SQUASHED = (
    "a sigmoid stands between the output layer and the softmax. The softmax takes the scores as they are: squashed "
    "into (0, 1) they can never be far apart."
)
_ENTRIES = (
    "this is divided by the number of all entries. There is one loss for each row: "
    "sum over the classes, mean over the rows."
)
_BINARY = "the terms with 1 - y belong to the loss of a single sigmoid output. Here only the class of the row counts."
_ZERO = (
    "somewhere 0 is multiplied with the logarithm of 0, which is nan. A probability of exactly 0 for a wrong class is "
    "legitimate; take the logarithm only after you have picked or summed."
)
_EPSILON = (
    "a small number is added to the probability, or the probability is cut off, before the logarithm. That changes the "
    "loss where a probability is small. Only a probability of exactly 0 needs care."
)
_NO_SLOPE = "the derivative of the sigmoid is missing from the delta of a hidden layer."
_ACTIVATED = (
    "the sigmoid is applied a second time: hidden_layers holds h = sigmoid(z) already. Write the "
    "derivative in terms of h."
)
_SOFTMAX = (
    "the delta of the output layer has a factor p(1 - p) too many. Softmax and cross-entropy together have a simpler "
    "derivative, which holds that factor already."
)
_SUMMED = "this is the gradient of a sum over the batch; the loss is a mean. The factor 1/N is missing."
_TWO = "the weights moved twice for one batch: look for a second update, perhaps inside back_prop."
_TWICE = "the mean over the batch is taken twice: divide by the number of rows once."
_STEPPED = "these look like the weights after a step. Return the gradient; the update belongs in the training loop."
_EARLY = (
    "the delta went back through weights that had been updated already. All deltas belong to the weights of the "
    "forward pass: compute every gradient first and change the weights afterwards."
)
_LABELS = "the images of a batch come with the labels of other samples. If you shuffle, use one order for both."
_DROPPED = "the last batch of an epoch is smaller than the others. It belongs to the epoch, too."
_FULL = (
    "the gradient of the last, smaller batch is divided by the full batch size. Divide by the "
    "number of rows that the batch has."
)
