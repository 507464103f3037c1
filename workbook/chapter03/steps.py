"""What a step of gradient descent does to the predictions of a network without hidden layer.

A step on some samples moves the scores of every sample by its inner products with them. So the probabilities before a
step give those after it, whatever the weights are, and no check has to know them.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Mistake
from workbook.chapter03.inputs import Array, Labels
from workbook.chapter03.models import probabilities_of


@dataclass(frozen=True)
class Predictions:
    """Probabilities of some samples under a network without hidden layer.

    Attributes:
        p: probabilities, (N, C).
        inner: inner products of the samples, their ones included, (N, N).
    """

    p: Array
    inner: Array

    @classmethod
    def of(cls, model: Any, X: Array, num_classes: int) -> Predictions:
        """What the model says of the samples X (N, D), which come without the column of ones."""
        return cls(probabilities_of(model, X, num_classes), X @ X.T + 1)

    def after(self, rows: Sequence[int], labels: Labels, rate: float) -> Predictions:
        """After one step on the samples ``rows``, with these labels."""
        chosen = list(rows)
        error = self.p[chosen]
        error[np.arange(len(chosen)), labels] -= 1
        scores = np.log(self.p) - rate / len(chosen) * self.inner[:, chosen] @ error
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return Predictions(powers / powers.sum(axis=1, keepdims=True), self.inner)


def whole_steps(start: Predictions, y: Labels, rate: float) -> Callable[..., Array]:
    """Probabilities after steps on all samples, one for each scale of the rate, with labels ``y`` or others."""

    def after(scales: Sequence[float], labels: Labels = y) -> Array:
        reached = start
        for scale in scales:
            reached = reached.after(range(len(y)), labels, scale * rate)
        return reached.p

    return after


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


_SUMMED = "this is the gradient of a sum over the batch; the loss is a mean. The factor 1/N is missing."
_TWO = "the weights moved twice for one batch: look for a second update, perhaps inside back_prop."
_TWICE = "the mean over the batch is taken twice: divide by the number of rows once."
_LABELS = "the images of a batch come with the labels of other samples. If you shuffle, use one order for both."
_DROPPED = "the last batch of an epoch is smaller than the others. It belongs to the epoch, too."
_FULL = (
    "the gradient of the last, smaller batch is divided by the full batch size. Divide by the "
    "number of rows that the batch has."
)
