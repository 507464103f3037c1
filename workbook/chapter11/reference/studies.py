"""What studies of linear classifiers give, right and wrong; arguments are those of the checks.

The classifier is that of the seed; training images are those of the next seed, test images those of the one after it.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from autograder.testing.answers import Formulas
from workbook.chapter11.evaluations import wrong_averages
from workbook.chapter11.inputs import study_data
from workbook.linear_classifier import Array, Labels
from workbook.reference.pipeline import LinearTwin, descend


def _data(count: int, seed: int) -> tuple[Array, Labels]:
    images, labels = study_data(count, seed)
    return images.astype(np.float64), labels


def _short(values: Any) -> Array:
    """Seven decimals: checks compare single precision."""
    return np.asarray(np.round(values, 7))


# --- evaluation at rate 0 -------------------------------------------------------------------------------------------


def _values(key: str, seed: int, sizes: tuple[int, int]) -> Array:
    """Of each image the loss, or 1 where it is right; ``key`` is that of a curve, such as ``"train_loss"``."""
    number = ("train", "test").index(key.partition("_")[0])
    images, labels = _data(sizes[number], seed + 1 + number)
    logits = LinearTwin.random(seed).logits(images)
    if key.endswith("acc"):
        return np.asarray(logits.argmax(axis=1) == labels, dtype=np.float64)
    return np.asarray(-log_softmax(logits, axis=1)[np.arange(len(labels)), labels])


def measured(key: str, seed: int, sizes: tuple[int, int], _batch_size: int, epochs: int) -> Array:
    """A curve (epochs,) of a classifier that stands still."""
    return _short(np.full(epochs, _values(key, seed, sizes).mean()))


def measured_mistakes(key: str, seed: int, sizes: tuple[int, int], batch_size: int, epochs: int) -> Formulas:
    """Averages over a data set that were put together in the wrong way, or over the other data set."""
    values = _values(key, seed, sizes)
    other = key.replace("train", "TEST").replace("test", "train").replace("TEST", "test")
    wrong = [*wrong_averages(values, batch_size), ("wrong-data-set", float(_values(other, seed, sizes).mean()))]
    for name, value in wrong:
        if not np.isclose(value, values.mean(), rtol=1e-3):
            yield name, partial(_short, np.full(epochs, value))


# --- training in one batch ------------------------------------------------------------------------------------------


def _epochs(seed: int, count: int, rate: float, epochs: int, accumulate: bool = False) -> list[LinearTwin]:
    """The classifier before the first epoch of one batch and after each."""
    images, labels = _data(count, seed + 1)
    start = LinearTwin.random(seed)
    runs = [
        descend(
            start, np.concatenate([images] * n), np.concatenate([labels] * n), count, rate, accumulate=accumulate
        ).twin
        for n in range(1, epochs + 1)
    ]
    return [start, *runs]


def _losses(twins: list[LinearTwin], part: str, seed: int, count: int) -> Array:
    images, labels = _data(count, seed + 1) if part == "train" else _data(9, seed + 2)
    return _short([twin.loss(images, labels) for twin in twins])


def losses(part: str, seed: int, count: int, rate: float, epochs: int) -> Array:
    """The mean losses (epochs,) after each epoch on the images of ``"train"``, or on the nine of ``"test"``."""
    return _losses(_epochs(seed, count, rate, epochs)[1:], part, seed, count)


def losses_mistakes(part: str, seed: int, count: int, rate: float, epochs: int) -> Formulas:
    """Losses of another moment, or of weights that went another way; arguments of :func:`losses`."""
    twins = _epochs(seed, count, rate, epochs)
    piled = _epochs(seed, count, rate, epochs, accumulate=True)
    yield "measured-while-training", lambda: _losses(twins[:-1], part, seed, count)
    yield "no-update", lambda: _losses(twins[:1] * epochs, part, seed, count)
    yield "zero-grad-forgotten", lambda: _losses(piled[1:], part, seed, count)


# --- the order of images --------------------------------------------------------------------------------------------


def weight_in_order(seed: int, rate: float) -> Array:
    """The weight (10, 64) after an epoch of 20 images in batches of four, in the order of the data."""
    return _short(descend(LinearTwin.random(seed), *_data(20, seed + 1), 4, rate).twin.weight)


def biases_by_order(seed: int, rate: float) -> Array:
    """The bias (6, 6, 10) after two epochs of three images, one by one, for every order in each of them."""
    twin, (images, labels) = LinearTwin.random(seed), _data(3, seed + 1)
    orders = list(itertools.permutations(range(3)))
    ends = []
    for first, second in itertools.product(orders, repeat=2):
        chosen = [*first, *second]
        ends.append(descend(twin, images[chosen], labels[chosen], 1, rate).twin.bias)
    return _short(ends).reshape(6, 6, 10)


# --- modes ----------------------------------------------------------------------------------------------------------


def gradient(seed: int, count: int, batch_size: int) -> Array:
    """The sum over batches of the weight's gradient (10, 64) in training mode, batches in the order of the data."""
    return _short(LinearTwin.random(seed, normalised=True).gradient_in_train_mode(*_data(count, seed + 1), batch_size))


def train_mode_logits(seed: int, count: int) -> NDArray[Any]:
    """Logits (N, 10) of all test images as one batch, in training mode."""
    images, _ = _data(count, seed + 2)
    return _short(LinearTwin.random(seed, normalised=True).logits_in_train_mode(images))
