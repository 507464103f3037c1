"""Checks of chapter 11's ``run_study``: what is measured, and how it is trained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, CheckFailed, Quantity, call, numbers, passed, require, returned, student_side
from workbook.chapter11.inputs import study_data
from workbook.linear_classifier import LinearClassifier

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter11.reference.studies"
_CURVES = ("train_loss", "train_acc", "test_loss", "test_acc")
_FLOAT32 = {"rtol": 1e-3, "atol": 1e-5}
# The visible cases at rate 0: seed, training and test images, images in a batch, epochs.
_EVALUATED = ((120, (330, 300), 64, 2), (123, (6, 4), 50, 1), (126, (90, 410), 25, 3))
# The visible cases of training: seed, images, learning rate, epochs.
_TRAINED = ((130, 12, 0.5, 3), (135, 7, 0.15, 2))
_MEASURED = Quantity(
    f"{_REFERENCE}:measured",
    {
        "summed-not-averaged": "losses or counts were added up and not divided by the number of images.",
        "percent": "an accuracy is a fraction between 0 and 1; only figures show percent.",
        "wrong-data-set": "training and test set have changed places.",
        "last-batch-dropped": "the last, smaller batch is left out. Every image counts in an evaluation.",
        "mean-of-batch-means": "this is a mean of batch means. The images of the smaller last batch count too much.",
        "last-batch-only": "only the last batch is in the result.",
        "divided-by-the-wrong-count": "numerator and denominator do not fit: one counts images, the other batches.",
    },
    [Case(f"history[{curve!r}]", (curve, *case)) for case in _EVALUATED for curve in _CURVES],
    **_FLOAT32,
)
_LOSSES = Quantity(
    f"{_REFERENCE}:losses",
    {
        "measured-while-training": "these are losses from before the updates of the epoch, collected while training. "
        "The text asks for an evaluation of all training images after the epoch, with the weights as they are then.",
        "no-update": "no weight has changed. Which three calls make a training step, and in which order?",
        "zero-grad-forgotten": "backward() adds to the gradients that are there. When do the old ones have to go?",
    },
    [Case(f"history['{part}_loss']", (part, *case)) for case in _TRAINED for part in ("train", "test")],
    **_FLOAT32,
)
_IN_ORDER = Quantity(
    f"{_REFERENCE}:weight_in_order", {}, [Case("in order", (seed + 3, rate)) for seed, _, rate, _ in _TRAINED]
)
_BY_ORDER = Quantity(
    f"{_REFERENCE}:biases_by_order", {}, [Case("by order", (seed + 5, rate)) for seed, _, rate, _ in _TRAINED]
)


# --- evaluation -----------------------------------------------------------------------------------------------------


def run_study(function: Function) -> None:
    """Check all four curves for classifiers that stand still."""
    for case in _EVALUATED:
        evaluated(function, *case)
    passed("run_study, evaluation", "loss and accuracy on few images and on many, classifiers at rate 0")


def evaluated(function: Function, seed: int, sizes: tuple[int, int], batch_size: int, epochs: int = 2) -> None:
    """Run a study at learning rate 0, and compare what it measured with a closed form."""
    train, test = (study_data(size, seed + 1 + number) for number, size in enumerate(sizes))
    module = LinearClassifier.random(seed).module()
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=0.0)
    history = curves(call(function, module, optimizer, train, test, epochs, batch_size=batch_size), epochs)
    for curve in _CURVES:
        _MEASURED.compare(history[curve], f"history[{curve!r}]", curve, seed, sizes, batch_size, epochs)


def curves(history: Any, epochs: int) -> dict[str, NDArray[np.float64]]:
    """The five curves as arrays, each with one number for each epoch."""
    returned(history, "run_study(…)", hasattr(history, "keys"), "a dict")
    found = {}
    for key in (*_CURVES, "seconds"):
        try:
            values = list(history[key])
        except KeyError:
            hint = "the seconds of each epoch belong to the result." if key == "seconds" else "compare the docstring."
            name = "seconds-missing" if key == "seconds" else "key-missing"
            raise CheckFailed(f"the result has no entry {key!r}.", hint, name) from None
        except TypeError:
            message = f"the result's entry {key!r} is not a list; expected one number for each epoch."
            raise CheckFailed(message, "collect a number after each epoch.", "not-a-list") from None
        require(
            len(values) == epochs,
            f"history[{key!r}] has {len(values)} entries after {epochs} epochs; expected {epochs}.",
            "one number for each epoch, not one for each batch and not one for the whole run.",
            "not-per-epoch",
        )
        found[key] = numbers(values, f"history[{key!r}]")
    return found


# --- training -------------------------------------------------------------------------------------------------------


def training(function: Function) -> None:
    """Check the losses after each of three epochs with one batch each, then that the order of images is drawn."""
    for case in _TRAINED:
        trained(function, *case)
    passed("run_study, training", "three epochs of a linear classifier and two of another, against a closed form")


def trained(function: Function, seed: int, count: int, rate: float, epochs: int) -> None:
    """Compare the losses after each epoch of one batch with a closed form; then look at the order of 20 images."""
    train, test = study_data(count, seed + 1), study_data(9, seed + 2)
    module = LinearClassifier.random(seed).module()
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=rate)
    history = curves(call(function, module, optimizer, train, test, epochs, batch_size=count + 5), epochs)
    for part in ("train", "test"):
        _LOSSES.compare(history[f"{part}_loss"], f"history['{part}_loss']", part, seed, count, rate, epochs)
    _shuffled(function, seed + 3, rate)
    _drawn_anew(function, seed + 5, rate)


def _shuffled(function: Function, seed: int, rate: float) -> None:
    """Require another result than that of batches in the order of the data."""
    images, labels = study_data(20, seed + 1)
    module = LinearClassifier.random(seed).module()
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=rate)
    call(function, module, optimizer, (images, labels), (images[:3], labels[:3]), 1, batch_size=4)
    got = student_side.state_arrays(module)["1.weight"]
    require(
        not np.allclose(got, np.asarray(_IN_ORDER.answers(seed, rate).right), rtol=1e-3, atol=1e-5),
        "the batches come in the order of the data.",
        "the order of the images should be drawn anew in each epoch: neighbours in the data always share a batch.",
        "not-shuffled",
    )


def _drawn_anew(function: Function, seed: int, rate: float, runs: int = 8) -> None:
    """Require that two epochs do not always have the same order of images, which the bias at the end shows.

    Three images in batches of one have six orders. By chance, an order that is drawn anew is the same in both epochs
    of all runs once in 1.7 million.
    """
    images, labels = study_data(3, seed + 1)
    ends = np.asarray(_BY_ORDER.answers(seed, rate).right)
    repeated = 0
    for run in range(runs):
        student_side.torch.manual_seed(seed + run)
        module = LinearClassifier.random(seed).module()
        optimizer = student_side.torch.optim.SGD(module.parameters(), lr=rate)
        call(function, module, optimizer, (images, labels), (images[:2], labels[:2]), 2, batch_size=1)
        distances = np.abs(ends - student_side.state_arrays(module)["1.bias"]).max(axis=-1)
        first, second = np.unravel_index(distances.argmin(), distances.shape)
        repeated += int(first == second)
    require(
        repeated < runs,
        f"in {runs} runs of two epochs, the images came in the same order in both epochs.",
        "the order is drawn once and kept. Draw it anew in each epoch.",
        "same-order-in-each-epoch",
    )
