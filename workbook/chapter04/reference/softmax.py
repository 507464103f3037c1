"""The softmax loss by PyTorch, in float64, and wrong losses and gradients that students write."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import Tensor

from workbook.chapter04.reference.layers import Array, Formulas, array, tensor


def labels(y: ArrayLike) -> Tensor:
    """Integer labels as a tensor."""
    return torch.tensor(np.asarray(y, dtype=np.int64))


def softmax_loss(x: ArrayLike, y: ArrayLike) -> float:
    """The mean softmax loss of scores (N, C) for labels (N,)."""
    return float(F.cross_entropy(tensor(x), labels(y)))


def softmax_gradient(x: ArrayLike, y: ArrayLike) -> Array:
    """Autograd's gradient of that loss for the scores."""
    scores = tensor(x, grad=True)
    (gradient,) = torch.autograd.grad(F.cross_entropy(scores, labels(y)), scores)
    return array(gradient)


def softmax_loss_mistakes(x: Array, y: ArrayLike) -> Formulas:
    """Wrong values of the softmax loss."""
    scores, picked = tensor(x), (torch.arange(len(x)), labels(y))
    shifted, loss = scores - scores.max(), softmax_loss(x, y)
    p = torch.softmax(scores, 1)[picked]
    everywhere = torch.softmax(scores.flatten(), 0).reshape(scores.shape)[picked]
    columns = torch.softmax(scores, 0)[picked]

    def mean_of(logs: Tensor) -> Callable[[], float]:
        return lambda: float(-logs.mean())

    return [
        ("no-division-by-n", lambda: len(x) * loss),
        *[("softmax-without-shift", mean_of(wrong[picked])) for wrong in _logs(scores)],
        *[("one-shift-for-all", mean_of(wrong[picked])) for wrong in _logs(shifted)],
        ("minus-forgotten", lambda: -loss),
        ("log-forgotten", mean_of(p)),
        ("log-forgotten", mean_of(-p)),
        ("softmax-over-batch", mean_of(everywhere.log())),
        ("softmax-over-batch", mean_of(columns.log())),
        ("mean-over-entries", lambda: loss / x.shape[1]),
        ("wrong-log-base", lambda: loss / np.log(2)),
        ("wrong-log-base", lambda: loss / np.log(10)),
        *[("constant-in-log", mean_of((p + 10.0**power).log())) for power in range(-9, -2)],
    ]


def softmax_gradient_mistakes(x: Array, y: ArrayLike) -> Formulas:
    """Wrong gradients of the softmax loss."""
    right, count, scores = softmax_gradient(x, y), len(x), tensor(x)
    one_hot = array(F.one_hot(labels(y), x.shape[1]).double())
    p = array(torch.softmax(scores, 1))

    def from_logs(logs: Tensor) -> Callable[[], Array]:
        return lambda: (array(logs.exp()) - one_hot) / count

    return [
        ("no-division-by-n", lambda: right * count),
        ("averaged-twice", lambda: right / count),
        *[("softmax-without-shift", from_logs(wrong)) for wrong in _logs(scores)],
        *[("one-shift-for-all", from_logs(wrong)) for wrong in _logs(scores - scores.max())],
        ("softmax-over-batch", lambda: (array(torch.softmax(scores, 0)) - one_hot) / count),
        ("label-not-subtracted", lambda: p / count),
        ("label-not-subtracted", lambda: p),
        ("label-added", lambda: (p + one_hot) / count),
        ("labels-of-all-samples", lambda: (p - one_hot.max(axis=0)) / count),
    ]


def _logs(scores: Tensor) -> list[Tensor]:
    """Logarithms of probabilities as they come out without a shift: of the quotient, and as a difference."""
    total = scores.exp().sum(1, keepdim=True)
    return [(scores.exp() / total).log(), scores - total.log()]
