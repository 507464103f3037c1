"""Independent computations for chapter 09: a two-layer network in NumPy, followed step by step in closed form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing import student_side

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Gradients = dict[str, Array]

FIRST, LAST = "1.weight", "3.weight"
_INPUTS, _HIDDEN, _CLASSES = 12, 5, 3


@dataclass(frozen=True)
class TwoLayerTwin:
    """Flatten, linear, tanh, linear, in float64, behind a PyTorch module with the same parameters.

    Attributes:
        state: ``1.weight`` (5, 12), ``1.bias`` (5,), ``3.weight`` (3, 5) and ``3.bias`` (3,).
    """

    state: Gradients

    @classmethod
    def random(cls, seed: int) -> TwoLayerTwin:
        """A network with random parameters that float32 holds exactly."""
        rng = np.random.default_rng(seed)
        shapes = {FIRST: (_HIDDEN, _INPUTS), "1.bias": (_HIDDEN,), LAST: (_CLASSES, _HIDDEN), "3.bias": (_CLASSES,)}
        draw = {name: (0.6 * rng.standard_normal(shape)).astype(np.float32) for name, shape in shapes.items()}
        return cls({name: array.astype(np.float64) for name, array in draw.items()})

    def module(self) -> Any:
        """The same network as a PyTorch module beside the student's code."""
        nn = student_side.torch.nn
        module = nn.Sequential(nn.Flatten(), nn.Linear(_INPUTS, _HIDDEN), nn.Tanh(), nn.Linear(_HIDDEN, _CLASSES))
        student_side.load_arrays(module, self.state)
        return module

    def loss(self, images: Array, labels: Labels) -> float:
        """Mean cross-entropy."""
        logits = self._forward(images)[1]
        return float(-np.mean(log_softmax(logits, axis=1)[np.arange(len(labels)), labels]))

    def gradients(self, images: Array, labels: Labels) -> Gradients:
        """Gradients of that loss by the names of the parameters."""
        hidden, logits = self._forward(images)
        last = (softmax(logits, axis=1) - np.eye(_CLASSES)[labels]) / len(labels)
        first = last @ self.state[LAST] * (1 - hidden**2)
        flat = images.reshape(len(images), -1)
        return {FIRST: first.T @ flat, "1.bias": first.sum(axis=0), LAST: last.T @ hidden, "3.bias": last.sum(axis=0)}

    def moved(self, step: Gradients, rate: float) -> TwoLayerTwin:
        """The network after one step of length ``rate`` against ``step``."""
        return replace(self, state={name: array - rate * step[name] for name, array in self.state.items()})

    def _forward(self, images: Array) -> tuple[Array, Array]:
        hidden = np.tanh(images.reshape(len(images), -1) @ self.state[FIRST].T + self.state["1.bias"])
        return hidden, hidden @ self.state[LAST].T + self.state["3.bias"]


@dataclass(frozen=True)
class Run:
    """What each step of a training run saw.

    Attributes:
        losses: the loss of each batch before its step, (S,).
        later_losses: the loss of the same batch after its step, (S,).
        gradients: what ``.grad`` of each parameter held when the step was taken.
        twin: the network at the end.
    """

    losses: Array
    later_losses: Array
    gradients: tuple[Gradients, ...]
    twin: TwoLayerTwin


def follow(
    twin: TwoLayerTwin, images: Array, labels: Labels, batch_size: int, rate: float, epochs: int, *,
    accumulate: bool = False, momentum: float = 0.0, scale: float = 1.0,
) -> Run:  # fmt: skip
    """Follow plain gradient descent in closed form, batches in order.

    Args:
        accumulate: True to add up the gradients of all batches so far, as happens when they are never cleared.
        momentum: the share of the previous direction that a step keeps, in PyTorch's convention.
        scale: factor on every loss.
    """
    losses, later, seen = [], [], []
    gradient = {name: np.zeros_like(array) for name, array in twin.state.items()}
    direction = gradient
    for start in list(range(0, len(images), batch_size)) * epochs:
        batch = images[start : start + batch_size], labels[start : start + batch_size]
        fresh = twin.gradients(*batch)
        gradient = {name: scale * fresh[name] + (gradient[name] if accumulate else 0) for name in fresh}
        direction = {name: momentum * direction[name] + gradient[name] for name in fresh}
        losses.append(scale * twin.loss(*batch))
        twin = twin.moved(direction, rate)
        later.append(scale * twin.loss(*batch))
        seen.append(gradient)
    return Run(np.array(losses), np.array(later), tuple(seen), twin)


def random_batch(count: int, seed: int) -> tuple[Array, Labels]:
    """Random images (count, 1, 3, 4) that float32 holds exactly, and random labels from 0 to 2."""
    rng = np.random.default_rng(seed)
    images = rng.standard_normal((count, 1, 3, 4)).astype(np.float32)
    return images.astype(np.float64), rng.integers(0, _CLASSES, count)


def entries(per_step: Array, every: int = 10) -> list[Array]:
    """The curves that may stand for a number at every step: means of ten, each tenth, or the first of each ten."""
    whole = per_step[: len(per_step) // every * every]
    return [whole.reshape(-1, every).mean(axis=1), per_step[every - 1 :: every], per_step[::every]]


def layer_gradient_norms(module: Any, images: NDArray[Any], labels: Labels, weights: tuple[str, ...]) -> Array:
    """Norms of the gradients of these parameters, by PyTorch's functional differentiation.

    Args:
        module: a module on this side; its parameters' ``.grad`` stays as it is.
        weights: names of the parameters, in the order wanted.
    """
    import torch

    parameters = dict(module.named_parameters())
    logits = module(torch.as_tensor(np.array(images), dtype=torch.float32))
    loss = torch.nn.functional.cross_entropy(logits, torch.as_tensor(labels))
    gradients = torch.autograd.grad(loss, [parameters[name] for name in weights])
    return np.array([float(gradient.double().square().sum().sqrt()) for gradient in gradients])
