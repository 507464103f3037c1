"""Right and wrong curves of chapter 09: a two-layer network in NumPy, followed step by step in closed form.

Arguments of a run are a seed for the network, of which the next one is that of its images, the number of images, images
in a batch, the learning rate and the number of epochs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
from scipy.special import log_softmax, softmax

from autograder.testing.answers import Formulas
from workbook.chapter09.curves import READINGS, entries, is_one_of, wrong_curves
from workbook.chapter09.inputs import CLASSES, FIRST, LAST, Array, Gradients, Labels, TwoLayerNetwork, random_batch
from workbook.chapter09.reference.norms import norm_of, wrong_norms
from workbook.linear_classifier import random_images
from workbook.reference.pipeline import LinearTwin


class TwoLayerTwin(TwoLayerNetwork):
    """A two-layer network with what it computes, in float64."""

    def loss(self, images: Array, labels: Labels) -> float:
        """Mean cross-entropy."""
        logits = self._forward(images)[1]
        return float(-np.mean(log_softmax(logits, axis=1)[np.arange(len(labels)), labels]))

    def gradients(self, images: Array, labels: Labels) -> Gradients:
        """Gradients of that loss by the names of the parameters."""
        hidden, logits = self._forward(images)
        last = (softmax(logits, axis=1) - np.eye(CLASSES)[labels]) / len(labels)
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


# --- curves ---------------------------------------------------------------------------------------------------------

Pick = Callable[[Run], Array]


@lru_cache(maxsize=16)
def _runs(seed: int, count: int, batch_size: int, rate: float, epochs: int) -> dict[str, Run]:
    """The right run, and wrong ones by the names of their mistakes."""
    twin, (images, labels) = TwoLayerTwin.random(seed), random_batch(count, seed + 1)
    run = partial(follow, twin, images, labels, batch_size, epochs=epochs)
    right = run(rate=rate)
    return {
        "right": right,
        "zero-grad-forgotten": run(rate=rate, accumulate=True),
        "no-update": run(rate=0.0),
        "momentum": run(rate=rate, momentum=0.9),
        "learning-rate-ignored": run(rate=0.01),
        "sum-not-mean": run(rate=rate, scale=batch_size),
        "loss-after-update": replace(right, losses=right.later_losses),
    }


def loss_curve(seed: int, count: int, batch_size: int, rate: float, epochs: int, reading: str) -> Array:
    """The curve of the losses in one of the accepted readings."""
    return _curve(_runs(seed, count, batch_size, rate, epochs)["right"].losses, reading)


def loss_curve_mistakes(seed: int, count: int, batch_size: int, rate: float, epochs: int, reading: str) -> Formulas:
    """Curves of wrong runs, and wrong curves of the right one: with the first reading, for all of them."""
    runs = _runs(seed, count, batch_size, rate, epochs)
    return _mistakes(runs, lambda run: run.losses, count, batch_size) if reading == READINGS[0] else ()


def gradient_curve(seed: int, count: int, batch_size: int, rate: float, epochs: int, reading: str) -> Array:
    """The curve of the norms of the first layer's gradient in one of the accepted readings."""
    return _curve(_first_norms(_runs(seed, count, batch_size, rate, epochs)["right"]), reading)


def gradient_curve_mistakes(seed: int, count: int, batch_size: int, rate: float, epochs: int, reading: str) -> Formulas:
    """As for the losses, and curves of numbers that are not that norm."""
    if reading != READINGS[0]:
        return
    runs = _runs(seed, count, batch_size, rate, epochs)
    right = runs["right"]
    for curve in entries(_first_norms(right)):
        yield "norm-after-zero-grad", partial(np.zeros, curve.shape)
    for name, number in wrong_norms(FIRST, LAST):
        for curve in entries(np.array([number(gradients) for gradients in right.gradients])):
            yield name, partial(_short, curve)
    yield from _mistakes(runs, _first_norms, count, batch_size)


def _mistakes(runs: dict[str, Run], pick: Pick, count: int, batch_size: int) -> Formulas:
    right = pick(runs["right"])
    accepted = entries(right)
    for name, run in runs.items():
        for curve in entries(pick(run)):
            if not is_one_of(curve, accepted):
                yield name, partial(_short, curve)
    for name, curve in wrong_curves(right, -(-count // batch_size), batch_size):
        yield name, partial(_short, curve)


def _first_norms(run: Run) -> Array:
    return np.array([norm_of(gradients[FIRST]) for gradients in run.gradients])


def _curve(per_step: Array, reading: str) -> Array:
    return _short(entries(per_step)[READINGS.index(reading)])


def first_weight(seed: int, count: int, batch_size: int, rate: float, epochs: int) -> Array:
    """The first layer's weight (5, 12) at the end."""
    return _short(_runs(seed, count, batch_size, rate, epochs)["right"].twin.state[FIRST])


# --- training mode --------------------------------------------------------------------------------------------------


def train_mode_gradient(seed: int, count: int, batch_size: int) -> Array:
    """The sum of a linear classifier's gradients (10, 64) in training mode, with batch normalisation of the pixels.

    Four decimals: a check looks at the direction.
    """
    twin = LinearTwin.random(seed)
    return np.round(twin.gradient_in_train_mode(*random_images(count, seed + 1), batch_size), 4)


def train_mode_losses(seed: int, count: int, batch_size: int, epochs: int, reading: str) -> Array:
    """The curve of the losses in training mode of a classifier that is not changed, in one of the readings."""
    losses = LinearTwin.random(seed).losses_in_train_mode(*random_images(count, seed + 1), batch_size)
    return _curve(np.tile(losses, epochs), reading)


def _short(values: Any) -> Array:
    """Eight digits: checks compare single precision, of numbers that may be small."""
    array = np.asarray(values, dtype=np.float64)
    return np.array([float(f"{value:.8g}") for value in array.ravel()]).reshape(array.shape)
