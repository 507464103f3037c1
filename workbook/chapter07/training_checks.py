"""Checks of chapter 07's training loop: the weights that it leaves and the loss that it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import Case, Mistake, Quantity, call, compare, explained, passed, require, student_side, suspect
from workbook.linear_classifier import Array, LinearClassifier, follows, random_images

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter07.reference.classifiers"
_FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}
FIRST = "fix its own check first."
FIRST_BATCH = "only the first batch is used. A return statement inside the loop ends it."
WRONG_COUNT = "numerator and denominator do not fit: one counts images, the other batches."
BATCH_MEANS = (
    "this is the mean of the batches' {}. The last batch is smaller, so its images count more than the others'."
)
_LOSS_IGNORED = "the loss function that was passed in is not the one that is used."
_NO_UPDATE = (
    "no weight has changed. An update needs three calls in the right order: clear the old gradients, compute the new "
    "ones, take a step. Clearing between the last two leaves nothing to step along."
)
_EVAL_MODE = (
    "the model came from an evaluation and stayed in evaluation mode: no Dropout, frozen batch statistics. A training "
    "loop has to set the mode that it needs."
)
# The visible cases: seed, images, images in a batch, learning rate, epochs, label smoothing.
_ONE_EPOCH = (72, 10, 4, 0.5, 1, 0.0)
_TWO_EPOCHS = (83, 5, 3, 0.2, 2, 0.1)
# Images, and images in a batch, of batches that are all of the same size.
_TRAIN_MODE, _TRAIN_MODE_SEED = (12, 4), 74


def _epochs(what: str) -> list[Case]:
    """The end of every epoch of the visible cases."""
    cases = _ONE_EPOCH, _TWO_EPOCHS
    return [Case(what, (*case[:4], epoch, case[5])) for case in cases for epoch in range(1, case[4] + 1)]


_WEIGHT = Quantity(
    f"{_REFERENCE}:weight",
    {
        "zero-grad-forgotten": "backward() adds to the gradients that are there. From the second batch on you step "
        "along the sum of all gradients so far. When do the old ones have to go?",
        "first-batch-only": FIRST_BATCH,
        "loss-function-ignored": _LOSS_IGNORED,
    },
    _epochs("the model's weight"),
    **_FLOAT32,
)
_LOSS = Quantity(
    f"{_REFERENCE}:mean_loss",
    {
        "mean-of-batch-means": BATCH_MEANS.format("mean losses") + " Weigh each batch by its size.",
        "summed-not-averaged": "this is a sum of losses; divide by the number of images.",
        "divided-by-the-wrong-count": WRONG_COUNT,
        "last-batch-only": "this is the loss of the last batch, not of the epoch.",
        "loss-after-update": "the loss of a batch is that of its forward pass, before the step.",
        "loss-function-ignored": _LOSS_IGNORED,
    },
    _epochs("the returned loss"),
    **_FLOAT32,
)
_UNCHANGED_LOSS, _GRADIENT = (
    Quantity(f"{_REFERENCE}:{name}", {}, [Case("training mode", (_TRAIN_MODE_SEED, *_TRAIN_MODE))])
    for name in ("train_mode_loss", "train_mode_gradient")
)


@explained
def train_one_epoch(function: Function) -> None:
    """Check weights and loss after one epoch, after two, and with another loss function, against a closed form."""
    epoch(function, *_ONE_EPOCH)
    epoch(function, *_TWO_EPOCHS)
    passed("train_one_epoch", "weights and loss of linear classifiers, uneven batches, two epochs, another loss")


def epoch(
    function: Function, seed: int, count: int, batch_size: int, rate: float, epochs: int = 1, smoothing: float = 0.0
) -> None:
    """Train a linear classifier with plain SGD and compare weights, then the mean loss, with a closed form."""
    classifier, (images, labels) = LinearClassifier.random(seed), random_images(count, seed + 1)
    module, torch, before = classifier.module(), student_side.torch, classifier.weight
    loader = student_side.array_loader(images, labels, batch_size)
    optimizer = torch.optim.SGD(module.parameters(), lr=rate)
    loss_function = torch.nn.CrossEntropyLoss(label_smoothing=smoothing)
    for number in range(1, epochs + 1):
        when = "one epoch" if epochs == 1 else f"epoch {number}"
        got = call(function, module, loader, optimizer, loss_function)
        weight = student_side.state_arrays(module)["1.weight"]
        given = seed, count, batch_size, rate, number, smoothing
        still = Mistake("no-update", _NO_UPDATE, before)
        _WEIGHT.compare(weight, f"the model's weight after {when}", *given, also=[still])
        _LOSS.compare(got, f"the returned loss of {when}", *given)
        before = weight


@explained
def train_mode(function: Function) -> None:
    """Check that ``train_one_epoch`` trains a model that has just been evaluated."""
    trains_in_train_mode(function, *_TRAIN_MODE)
    passed("train_one_epoch", "a model with batch normalisation that comes in evaluation mode")


def trains_in_train_mode(function: Function, count: int, batch_size: int) -> None:
    """Hand over a model with batch normalisation in evaluation mode, and require that it is trained in train mode.

    The referee sees the mode by the weights: they move along the gradients of normalised batches. A loop that leaves
    them as they are has to return the loss in training mode.

    Args:
        count: a multiple of ``batch_size``, so that the mean of the batches' means is the mean over images.
    """
    seed = _TRAIN_MODE_SEED
    classifier, (images, labels) = LinearClassifier.random(seed, normalised=True), random_images(count, seed + 1)
    module = classifier.module()
    module.eval()
    loader = student_side.array_loader(images, labels, batch_size)
    optimizer = student_side.torch.optim.SGD(module[2].parameters(), lr=0.1)
    got = call(function, module, loader, optimizer, student_side.torch.nn.CrossEntropyLoss())
    state = student_side.state_arrays(module)
    seen = int(state["1.num_batches_tracked"])
    batches = -(-count // batch_size)
    require(
        seen in (0, batches),
        f"the model was trained on {seen} of {batches} batches.",
        "a return statement inside the loop ends it.",
        "first-batch-only",
    )
    require(
        seen == batches,
        f"a batch normalisation in the model has taken part in training for {seen} of {batches} batches.",
        _EVAL_MODE,
        "trained-in-eval-mode",
    )
    _trained_on_batches(classifier.weight, state["2.weight"], got, (seed, count, batch_size))


def _trained_on_batches(before: Array, after: Array, loss: Any, given: tuple[int, int, int]) -> None:
    if np.allclose(after, before, rtol=1e-5, atol=1e-7):
        right = _UNCHANGED_LOSS.answers(*given).right
        hint = f"compute the loss of each batch, its gradient, and take a step. If in doubt, {FIRST}"
        with suspect("no-update", hint):
            compare(loss, right, "no weight has changed; the returned loss", rtol=1e-2, atol=1e-3)
        return
    require(
        follows(before, after, np.asarray(_GRADIENT.answers(*given).right)),
        "the weights have not moved along the gradients that the batches have in training mode.",
        _EVAL_MODE,
        "trained-in-eval-mode",
    )
