"""What PyTorch says about the softmax loss, in float64."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike

from workbook.chapter04.reference.layers import Array, array, tensor


def labels(y: ArrayLike) -> torch.Tensor:
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
