"""Independent computations for the networks of chapter 11: parameters of each layer, a functional forward pass."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, softmax

from autograder.testing.answers import Formulas
from workbook.chapter11.inputs import CLASSES, Kind, features, hidden_units, kind_table, random_numbers

Array = NDArray[np.floating[Any]]
Arrays = Mapping[Kind, NDArray[Any]]
BLOCKS = ((64,), (128,), (256, 256), (512, 512), (512, 512))


@dataclass(frozen=True)
class Plan:
    """The sizes of a network of this chapter.

    Attributes:
        width: factor on channels and hidden units; all sizes must come out whole.
    """

    width: float
    batch_norm: bool = True

    @property
    def blocks(self) -> list[list[int]]:
        """Output channels of the convolutions, block by block."""
        return [[round(self.width * channels) for channels in block] for block in BLOCKS]

    def kinds(self) -> Counter[Kind]:
        """How often each (last part of the name, shape) occurs among the parameters."""
        sizes = [1, *itertools.chain(*self.blocks)]
        found: Counter[Kind] = Counter()
        for before, after in itertools.pairwise(sizes):
            found[("weight", (after, before, 3, 3))] += 1
            found[("bias", (after,))] += 1
            if self.batch_norm:
                found[("weight", (after,))] += 1
                found[("bias", (after,))] += 1
        hidden = hidden_units(self.width)
        for before, after in itertools.pairwise((features(self.width), hidden, hidden, CLASSES)):
            found[("weight", (after, before))] += 1
            found[("bias", (after,))] += 1
        return found

    def filled(self, seed: int) -> dict[Kind, NDArray[Any]]:
        """Random numbers for the parameters and the running statistics, the same for all of one kind."""
        statistics = itertools.product(("running_mean", "running_var"), [(n,) for block in self.blocks for n in block])
        return {kind: random_numbers(seed, *kind) for kind in (*self.kinds(), *statistics)}


def kinds(width: float, batch_norm: bool) -> NDArray[np.int64]:
    """The parameters of a network, as :func:`workbook.chapter11.inputs.kind_table` writes them."""
    return kind_table(Plan(width, batch_norm).kinds())


def kinds_mistakes(width: float, batch_norm: bool) -> Formulas:
    """The parameters of a network that leaves out an argument or the batch normalisation."""
    yield "width-ignored", partial(kinds, 1.0, batch_norm)
    yield "no-batch-norm" if batch_norm else "batch-norm-ignored", partial(kinds, width, not batch_norm)


@dataclass(frozen=True)
class Variant:
    """A way to compute the forward pass; the defaults are the right one.

    Attributes:
        activation: ``"relu"`` or ``"sigmoid"``.
        norm_last: batch normalisation after the activation instead of before it.
        convolutions, linears: whether activations follow the convolutions, and the two hidden layers.
        pool: ``"max"`` or ``"average"``.
    """

    activation: str = "relu"
    norm_last: bool = False
    convolutions: bool = True
    linears: tuple[bool, bool] = (True, True)
    pool: str = "max"

    def active(self, x: torch.Tensor) -> torch.Tensor:
        """The activation."""
        return torch.sigmoid(x) if self.activation == "sigmoid" else x.clamp(min=0)


def forward(arrays: Arrays, plan: Plan, images: Array, variant: Variant | None = None) -> Array:
    """Logits (N, 10) in evaluation mode from parameters and statistics by kind, computed with functions in float64."""
    how = variant or Variant()
    found = {kind: torch.as_tensor(array).double() for kind, array in arrays.items()}
    x = torch.as_tensor(images).double()
    for block in plan.blocks:
        for channels in block:
            x = F.conv2d(x, found["weight", (channels, x.shape[1], 3, 3)], found["bias", (channels,)], padding=1)
            if how.norm_last and how.convolutions:
                x = how.active(x)
            if plan.batch_norm:
                x = _normalised(x, found, channels)
            if how.convolutions and not how.norm_last:
                x = how.active(x)
        x = F.max_pool2d(x, 2) if how.pool == "max" else F.avg_pool2d(x, 2)
    x = x.flatten(1)
    hidden = hidden_units(plan.width)
    for size, active in zip((hidden, hidden, CLASSES), (*how.linears, False), strict=True):
        x = x @ found["weight", (size, x.shape[1])].T + found["bias", (size,)]
        x = how.active(x) if active else x
    return np.asarray(x.numpy())


def _normalised(x: torch.Tensor, found: Mapping[Kind, torch.Tensor], channels: int) -> torch.Tensor:
    mean, variance = found["running_mean", (channels,)], found["running_var", (channels,)]
    return F.batch_norm(x, mean, variance, found["weight", (channels,)], found["bias", (channels,)])


def _short(values: Array) -> Array:
    """Six decimals: checks compare single precision."""
    return np.asarray(np.round(values, 6))


def _logits(seed: int, count: int, plan: Plan, **changes: Any) -> Array:
    images = np.random.default_rng(seed).random((count, 1, 32, 32))
    return _short(forward(plan.filled(seed), plan, images, Variant(**changes)))


def logits(seed: int, count: int, width: float, batch_norm: bool, activation: str) -> Array:
    """Logits (N, 10) in evaluation mode; parameters and images are those of the seed."""
    return _logits(seed, count, Plan(width, batch_norm), activation=activation)


def logits_mistakes(seed: int, count: int, width: float, batch_norm: bool, activation: str) -> Formulas:
    """Logits of a network with an activation too many, too few or of another kind, or other layers."""
    plan = Plan(width, batch_norm)
    other = partial(_logits, seed, count, plan, activation=activation)
    right = other()
    yield "activation-after-last-layer", lambda: _short(np.maximum(right, 0) if activation == "relu" else expit(right))
    yield "activation-after-last-layer", lambda: np.maximum(right, 0)
    yield "softmax-in-model", lambda: _short(softmax(right, axis=1))
    yield "softmax-in-model", lambda: _short(log_softmax(right, axis=1))
    yield "activation-ignored", partial(other, activation="relu" if activation == "sigmoid" else "sigmoid")
    for linears in ((False, False), (True, False), (False, True)):
        yield "activation-missing", partial(other, linears=linears)
    yield "activation-missing", partial(other, convolutions=False)
    if batch_norm:
        yield "batch-norm-after-activation", partial(other, norm_last=True)
    yield "average-pooling", partial(other, pool="average")
