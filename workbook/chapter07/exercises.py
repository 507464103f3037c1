"""Checks of chapter 07: evaluation and prediction in PyTorch; the other checks are in modules of their own.

Every PyTorch object is made next to the student's code through ``student_side``; what is judged is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Quantity, call, explained, passed, require, scalar, student_side
from autograder.testing.hint_display import Hints
from workbook.chapter07.network_checks import digits, independent, items, logits, simple_cnn_forward, simple_cnn_layers
from workbook.chapter07.pipeline_checks import learns, pipeline
from workbook.chapter07.training_checks import (
    BATCH_MEANS,
    FIRST,
    FIRST_BATCH,
    WRONG_COUNT,
    epoch,
    train_mode,
    train_one_epoch,
    trains_in_train_mode,
)
from workbook.linear_classifier import Array, Labels, LinearClassifier, random_images

# Used by the chapter's test cells.
__all__ = [
    "accuracy", "digits", "epoch", "evaluate", "hint", "independent", "items", "learns", "logits", "mode_afterwards",
    "mode_restored", "pipeline", "predict", "probabilities", "random_images", "simple_cnn_forward",
    "simple_cnn_layers", "train_mode", "train_one_epoch", "trains_in_train_mode",
]  # fmt: skip

Function = Callable[..., Any]
Marks = tuple[int, ...]
_REFERENCE = "workbook.chapter07.reference.classifiers"
# The visible cases: seed, which images are to be classified right, images in a batch.
_ACCURACIES: tuple[tuple[int, Marks, int], ...] = (
    (76, (1, 1, 1, 1, 1, 0, 1, 0), 3), (85, (0,) * 5, 2), (86, (1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0), 20),
)  # fmt: skip
# Seven and ten images: no constant is the right accuracy of both, nor a recognised wrong one.
_MODES: tuple[tuple[int, Marks, int], ...] = ((78, (1, 0, 1, 1, 1, 0, 1), 4), (82, (0, 1, 0, 0, 0, 1, 0, 0, 0, 1), 4))
# Seed, number of images, images in a batch.
_PREDICTIONS = ((80, 8, 3), (87, 4, 1), (88, 13, 20))

_LABELS = Quantity(
    f"{_REFERENCE}:labels",
    {},
    [
        *(Case("the labels", (seed, right)) for seed, right, _ in (*_ACCURACIES, *_MODES)),
        *(Case("the labels", (seed, (1,) * count)) for seed, count, _ in _PREDICTIONS),
    ],
)
_TRAIN_MODE_LOGITS = Quantity(
    f"{_REFERENCE}:train_mode_logits",
    {},
    [Case("logits in training mode", (seed, len(right))) for seed, right, _ in _MODES],
)
_TRAIN_MODE = (
    "the model is in training mode: its batch normalisation uses the mean and variance of whatever batch comes along. "
    "How do you tell a module that it is being used, not trained?"
)
_ACCURACY = Quantity(
    f"{_REFERENCE}:accuracy",
    {
        "evaluated-in-train-mode": _TRAIN_MODE,
        "mean-of-batch-means": BATCH_MEANS.format("accuracies") + " Count over all batches, divide once.",
        "percent": "an accuracy is a fraction between 0 and 1; only figures show percent.",
        "count-not-fraction": "this is a number of images; divide by how many there are.",
        "divided-by-the-wrong-count": WRONG_COUNT,
        "last-batch-only": "only the last batch is in the result. What happens to the earlier ones at each turn of the "
        "loop?",
        "first-batch-only": FIRST_BATCH,
        "error-not-accuracy": "this is the share of wrong predictions.",
    },
    [Case("evaluate(model, loader)", case) for case in (*_ACCURACIES, *_MODES)],
    rtol=1e-5,
)
_PROBABILITIES = Quantity(
    f"{_REFERENCE}:probabilities",
    {
        "logits-not-probabilities": "these are logits: they do not sum to 1 along a row. The model leaves the softmax "
        "to you.",
        "softmax-twice": "the softmax was taken twice. All probabilities come out near 0.1, since the second one is "
        "given numbers between 0 and 1 only.",
        "softmax-over-the-batch": "the softmax runs over the images of a batch. It should run over the classes of one "
        "image.",
        "log-probabilities": "these are logarithms of probabilities.",
        "evaluated-in-train-mode": _TRAIN_MODE,
        "sigmoid-not-softmax": "sigmoids do not sum to 1 along a row. The classes exclude each other.",
        "last-batch-only": _ACCURACY.mistakes["last-batch-only"],
        "first-batch-only": "only the first batch is in the result. A return statement inside the loop ends it.",
        "labels-not-probabilities": "these are class numbers; return the probabilities of all classes.",
    },
    [Case("predict(model, loader)", case) for case in _PREDICTIONS],
    rtol=1e-4,
    atol=1e-5,
)


@explained
def evaluate(function: Function) -> None:
    """Check ``evaluate`` for a model with batch normalisation, for several numbers of images and of right answers."""
    for case in _ACCURACIES:
        accuracy(function, *case)
    passed("evaluate", "images in batches of 3, 3 and 2, in one batch, none right, a model with batch normalisation")


def classified(seed: int, right: Sequence[int]) -> tuple[LinearClassifier, Array, Labels]:
    """A classifier with batch normalisation and as many images, of which it gets those right that are marked 1."""
    images, _ = random_images(len(right), seed + 1)
    labels = np.asarray(_LABELS.answers(seed, tuple(right)).right)
    return LinearClassifier.random(seed, normalised=True), images, labels


def accuracy(function: Function, seed: int, right: Sequence[int], batch_size: int) -> None:
    """Compare ``evaluate`` with the share that is right; the model arrives in training mode."""
    classifier, images, labels = classified(seed, right)
    module, loader = classifier.module(), student_side.array_loader(images, labels, batch_size)
    passes = student_side.ForwardPasses(module)
    got = call(function, module, loader)
    _ACCURACY.compare(got, "evaluate(model, loader)", seed, tuple(right), batch_size)
    _untracked(passes, "evaluate")


def _untracked(passes: Any, name: str) -> None:
    tracked = [entry["tracked"] for entry in passes.read()]
    require(not any(tracked), f"{name} tracks gradients.", _TRACKED, "gradients-tracked")


@explained
def mode_afterwards(function: Function) -> None:
    """Check that ``evaluate`` gives the model back in the mode in which it came."""
    mode_restored(function, training=True)
    mode_restored(function, training=False)
    passed("evaluate", "a model in training mode, a model in evaluation mode")


def mode_restored(function: Function, training: bool) -> None:
    """Require that the mode before and after ``evaluate`` is the same: what batch normalisation then does shows it.

    The mode of a model that nobody has used says nothing. So the accuracies of two data sets must be right, or wrong
    in a way that is recognised.
    """
    names = {True: "training", False: "evaluation"}
    for seed, right, batch_size in _MODES:
        classifier, images, labels = classified(seed, right)
        module = classifier.module()
        module.train(training)
        got = call(function, module, student_side.array_loader(images, labels, batch_size))
        after = _is_training(module, images, seed)
        require(
            after == training,
            f"a model in {names[training]} mode is in {names[after]} mode after evaluate.",
            "whoever trains this model next trains it without Dropout and with frozen batch statistics, and no error "
            "says so. Note the mode before you change it."
            if training
            else "evaluate switches to training mode at its end, whatever the mode was before.",
            "left-in-eval-mode" if training else "mode-not-restored",
        )
        share = scalar(got, "evaluate(model, loader)", FIRST, "not-a-number")
        try:
            _ACCURACY.compare(share, "evaluate(model, loader)", seed, right, batch_size)
        except CheckFailed as failure:
            require(
                failure.mistake in _ACCURACY.mistakes,
                f"evaluate gives {share:.4g} for {sum(right)} right answers of {len(right)}.",
                f"its mode counts only if the model was used. For evaluate, {FIRST}",
            )


def _is_training(module: Any, images: Array, seed: int) -> bool:
    """Whether the module is in training mode: it then returns what its weights make of the images' own statistics."""
    got, right = student_side.outputs(module, images), _TRAIN_MODE_LOGITS.answers(seed, len(images)).right
    return got.shape == np.shape(right) and np.allclose(got, right, rtol=1e-2, atol=1e-3)


@explained
def predict(function: Function) -> None:
    """Check ``predict`` for a model with batch normalisation, images in batches of several sizes."""
    for case in _PREDICTIONS:
        probabilities(function, *case)
    passed("predict", "images in batches of 3, 3 and 2, one by one, in one batch; a model with batch normalisation")


def probabilities(function: Function, seed: int, count: int, batch_size: int) -> None:
    """Compare ``predict`` with the softmax of the classifier's logits; the model arrives in training mode."""
    classifier, images, labels = classified(seed, (1,) * count)
    module, loader = classifier.module(), student_side.array_loader(images, labels, batch_size)
    passes = student_side.ForwardPasses(module)
    got = call(function, module, loader)
    _PROBABILITIES.compare(got, "predict(model, loader)", seed, count, batch_size)
    _untracked(passes, "predict")


_TRACKED = (
    "the numbers are right, but PyTorch recorded every operation for a backward pass that never comes. That costs "
    "memory and time; there is a context manager against it. Detaching the result afterwards is too late."
)
hint = Hints("workbook.chapter07")
