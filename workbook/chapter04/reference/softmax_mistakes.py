"""Wrong softmax losses and gradients that students write, each computed with PyTorch from the scores."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike

from autograder.testing import Mistake
from workbook.chapter04.reference.layers import Array, array, cross_entropy, tensor


def softmax_loss_mistakes(x: Array, y: ArrayLike) -> list[Mistake]:
    """Wrong values of the softmax loss."""
    labels = torch.tensor(np.asarray(y, dtype=np.int64))
    scores, rows = tensor(x), torch.arange(len(x))
    loss = cross_entropy(x, y)[0]
    shifted = scores - scores.max()
    picked = torch.softmax(scores, 1)[rows, labels]
    everywhere = torch.softmax(scores.flatten(), 0).reshape(scores.shape)[rows, labels]
    columns = torch.softmax(scores, 0)[rows, labels]
    return [
        Mistake("no-division-by-n", _SUMMED, len(x) * loss),
        *[Mistake("softmax-without-shift", _NO_SHIFT, float(-wrong[rows, labels].mean())) for wrong in _logs(scores)],
        *[Mistake("one-shift-for-all", _ONE_SHIFT, float(-wrong[rows, labels].mean())) for wrong in _logs(shifted)],
        Mistake(
            "minus-forgotten", "the loss is the negative logarithm of a probability, so it is never negative.", -loss
        ),
        Mistake("log-forgotten", "take the logarithm of the probability.", float(-picked.mean())),
        Mistake("log-forgotten", "take the logarithm of the probability.", float(picked.mean())),
        Mistake("softmax-over-batch", _OVER_BATCH, float(-everywhere.log().mean())),
        Mistake("softmax-over-batch", _OVER_BATCH, float(-columns.log().mean())),
        Mistake("mean-over-entries", "the mean is over the N samples, not over all entries.", loss / x.shape[1]),
        Mistake("wrong-log-base", "the logarithm is the natural one.", loss / np.log(2)),
        Mistake("wrong-log-base", "the logarithm is the natural one.", loss / np.log(10)),
        *[
            Mistake("constant-in-log", _CONSTANT, float(-(picked + 10.0**power).log().mean()))
            for power in range(-9, -2)
        ],
    ]


def softmax_gradient_mistakes(x: Array, y: ArrayLike) -> list[Mistake]:
    """Wrong gradients of the softmax loss."""
    right = cross_entropy(x, y)[1]
    count, scores = len(x), tensor(x)
    one_hot = array(F.one_hot(torch.tensor(np.asarray(y, dtype=np.int64)), x.shape[1]).double())
    p = array(torch.softmax(scores, 1))
    naive, far = ([array(log.exp()) for log in _logs(given)] for given in (scores, scores - scores.max()))
    return [
        Mistake("no-division-by-n", "the loss is a mean over N samples, so its gradient has the factor 1/N, too.",
                right * count),
        Mistake("averaged-twice", "the mean is taken twice: dividing by N once is enough.", right / count),
        *[Mistake("softmax-without-shift", _NO_SHIFT, (wrong - one_hot) / count) for wrong in naive],
        *[Mistake("one-shift-for-all", _ONE_SHIFT, (wrong - one_hot) / count) for wrong in far],
        Mistake("softmax-over-batch", _OVER_BATCH, (array(torch.softmax(scores, 0)) - one_hot) / count),
        Mistake("label-not-subtracted", "these are the probabilities divided by N. The true class of each sample needs "
                "something more; look at the derivation.", p / count),
        Mistake("label-not-subtracted", "these are the probabilities. The true class of each sample needs something "
                "more; look at the derivation.", p),
        Mistake("label-added", "the indicator of the true class is subtracted, not added.", (p + one_hot) / count),
        Mistake("labels-of-all-samples", "a 1 is subtracted in every row at the labels of all samples. Each row has "
                "one label: pair row numbers with labels when you index.", (p - one_hot.max(axis=0)) / count),
    ]  # fmt: skip


def _logs(scores: torch.Tensor) -> list[torch.Tensor]:
    """Logarithms of probabilities as they come out without a shift: of the quotient, and as a difference."""
    total = scores.exp().sum(1, keepdim=True)
    return [(scores.exp() / total).log(), scores - total.log()]


_SUMMED = "this is the sum over the samples; the loss is their mean."
_NO_SHIFT = "an exponential has overflowed. Scores can be shifted by a constant in each row before you exponentiate."
_ONE_SHIFT = "the maximum of all scores is subtracted. Where rows differ a lot, every exponential of a row becomes 0."
_OVER_BATCH = "each sample has a softmax of its own: the probabilities of one row sum to 1."
_CONSTANT = (
    "a small constant inside the logarithm changes the loss of every sample whose true class is improbable. With "
    "shifted scores the logarithm can be had without a division, and nothing needs protecting."
)
