"""Independent computations for chapter 11: parameters by shape, a functional forward pass, probes for dropout.

Parameters are found by their shapes, never by the order or the names of the layers. Where several layers share a
shape they are given the same numbers, so that it does not matter which of them is which.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
State = dict[str, NDArray[Any]]
Kind = tuple[str, tuple[int, ...]]

BLOCKS = ((64,), (128,), (256, 256), (512, 512), (512, 512))
CLASSES = 10


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

    @property
    def features(self) -> int:
        """Numbers that the last block hands on."""
        return self.blocks[-1][-1]

    @property
    def hidden(self) -> int:
        """Units of each hidden layer."""
        return round(self.width * 4096)

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
        for before, after in itertools.pairwise((self.features, self.hidden, self.hidden, CLASSES)):
            found[("weight", (after, before))] += 1
            found[("bias", (after,))] += 1
        return found


def kinds_of(state: State) -> Counter[Kind]:
    """The same count for the parameters in a state dict; running statistics are left out."""
    return Counter(kind for name, array in state.items() if (kind := _kind(name, array))[0] in ("weight", "bias"))


def _kind(name: str, array: NDArray[Any]) -> Kind:
    return name.rpartition(".")[2], tuple(array.shape)


def filling(state: State, seed: int) -> State:
    """Random numbers for every entry of a state dict; entries of one kind and shape get the same ones."""
    made: dict[Kind, NDArray[Any]] = {}
    for name, array in state.items():
        kind, shape = _kind(name, array)
        if array.dtype.kind == "f" and (kind, shape) not in made:
            made[kind, shape] = _numbers(kind, shape, np.random.default_rng([seed, *shape, len(kind)]))
    return {name: made[key] for name, array in state.items() if (key := _kind(name, array)) in made}


def _numbers(kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[Any]:
    if kind == "running_var":
        return rng.uniform(0.5, 2.0, shape)
    if kind == "weight" and len(shape) == 1:
        return rng.uniform(0.7, 1.4, shape)
    if kind == "weight":
        return rng.standard_normal(shape) * math.sqrt(2 / math.prod(shape[1:]))
    return 0.2 * rng.standard_normal(shape)


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


def logits(state: State, plan: Plan, images: Array, variant: Variant | None = None) -> Array:
    """Logits (N, 10) in evaluation mode from a filled state dict, computed with functions in float64."""
    how = variant or Variant()
    found = {_kind(name, array): torch.as_tensor(array).double() for name, array in state.items()}
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
    for size, active in zip((plan.hidden, plan.hidden, CLASSES), (*how.linears, False), strict=True):
        x = x @ found["weight", (size, x.shape[1])].T + found["bias", (size,)]
        x = how.active(x) if active else x
    return np.asarray(x.numpy())


def _normalised(x: torch.Tensor, found: dict[Kind, torch.Tensor], channels: int) -> torch.Tensor:
    mean, variance = found["running_mean", (channels,)], found["running_var", (channels,)]
    return F.batch_norm(x, mean, variance, found["weight", (channels,)], found["bias", (channels,)])


def dropout_probe(state: State, plan: Plan, place: str) -> State:
    """Numbers that make every activation 1, so that the logits show what dropout did to it.

    Args:
        place: ``"logits"`` gives logits of 1 straight from the last bias; ``"second"`` gives each logit the value of a
            unit of the second hidden layer; ``"chain"`` sends the first feature through both hidden layers.
    """
    hidden, features = plan.hidden, plan.features
    filled: State = {}
    for name, array in state.items():
        kind, shape = _kind(name, array)
        if array.dtype.kind != "f":
            continue
        filled[name] = np.zeros(shape) if kind in ("weight", "running_mean") else np.ones(shape)
        if (kind, shape) == ("weight", (CLASSES, hidden)) and place != "logits":
            filled[name] = np.eye(CLASSES, hidden)
        if (kind, shape) == ("bias", (CLASSES,)) and place != "logits":
            filled[name] = np.zeros(shape)
        if place == "chain":
            if (kind, shape) == ("weight", (hidden, hidden)):
                filled[name] = np.eye(hidden)
            elif (kind, shape) == ("weight", (hidden, features)):
                filled[name] = np.eye(1, features).repeat(hidden, axis=0)
            elif (kind, shape) == ("bias", (hidden,)):
                filled[name] = np.zeros(shape)
    return filled
