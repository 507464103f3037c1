"""Wrong answers of chapter 07: what each would give, and the sentence that helps."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing import CheckFailed, Mistake
from workbook.reference.pipeline import Array, Epoch, Labels, LinearTwin, cnn_logits
from workbook.reference.probabilities import LAST_BATCH, wrong_probabilities


def logits_mistakes(state: dict[str, NDArray[Any]], images: Array, logits: Array) -> list[Mistake]:
    """Outputs of a network with an activation too many, too few or of another kind, or another pooling."""
    return [
        Mistake("softmax-in-model", _SOFTMAX, softmax(logits, axis=1)),
        Mistake("softmax-in-model", _SOFTMAX, log_softmax(logits, axis=1)),
        Mistake("relu-after-prediction-layer", _LAST_RELU, np.maximum(logits, 0)),
        Mistake("sigmoid-after-prediction-layer", _LAST_SIGMOID, 1 / (1 + np.exp(-logits))),
        Mistake("relu-forgotten", _NO_RELU, cnn_logits(state, images, relu=(True, False))),
        Mistake("relu-forgotten", _NO_RELU, cnn_logits(state, images, relu=(False, True))),
        Mistake("relu-forgotten", _NO_RELU, cnn_logits(state, images, relu=(False, False))),
        Mistake("average-pooling", _AVERAGE, cnn_logits(state, images, pool="average")),
    ]


def forward_failure(name: str, error: Exception, shape: tuple[int, ...]) -> CheckFailed:
    """What to say when a forward pass stops, by the sizes that PyTorch names in its message."""
    text = str(error)
    message = f"{name} stopped with {type(error).__name__}: {text} for images of shape {shape}."
    rows = f"({shape[0]}x"
    if isinstance(error, NotImplementedError) and "forward" in text:
        hint = "the class has no method called forward. Look at its spelling and at its indentation."
        return CheckFailed(message, hint, "no-forward")
    if f"{rows}128 and" in text or f"{rows}288 and" in text:
        return CheckFailed(message, PADDING, "padding-forgotten")
    if f"{rows}2048 and" in text:
        return CheckFailed(message, POOLING, "pooling-forgotten")
    if "x4 and 512x10" in text:
        return CheckFailed(message, _FLATTEN, "flatten-forgotten")
    if "(1x" in text and shape[0] > 1:
        return CheckFailed(message, _FLATTEN_ALL, "batch-flattened")
    return CheckFailed(message, "print x.shape after each layer in forward: which is the first that surprises you?")


def epoch_mistakes(before: LinearTwin, right: Epoch, accumulated: Epoch, first: Epoch, plain: Epoch) -> list[Mistake]:
    """Weights after an epoch in which a step was left out or came at the wrong time.

    Args:
        right, accumulated, first, plain: the right epoch, one whose gradients are never cleared, the first
            batch alone, and one with the plain cross-entropy as its loss.
    """
    return [
        Mistake("no-update", _NO_UPDATE, before.weight),
        Mistake("zero-grad-forgotten", _ZERO_GRAD, accumulated.twin.weight),
        Mistake("first-batch-only", _FIRST_BATCH, first.twin.weight),
        *_unless_equal(right.twin.weight, Mistake("loss-function-ignored", _LOSS_IGNORED, plain.twin.weight)),
    ]


def loss_mistakes(right: Epoch, plain: Epoch) -> list[Mistake]:
    """Reported losses that are no mean over samples, or of another moment."""
    losses, sizes = right.losses, right.sizes
    weighted, batches, count = float(losses @ sizes), len(losses), int(sizes.sum())
    return [
        Mistake("mean-of-batch-means", _BATCH_MEANS, losses.mean()),
        Mistake("summed-not-averaged", _SUMMED, losses.sum()),
        Mistake("summed-not-averaged", _SUMMED, weighted),
        Mistake("divided-by-the-wrong-count", _WRONG_COUNT, weighted / batches),
        Mistake("divided-by-the-wrong-count", _WRONG_COUNT, losses.sum() / count),
        Mistake("last-batch-only", _LAST_LOSS, losses[-1]),
        Mistake("loss-after-update", _LATER, np.average(right.later_losses, weights=sizes)),
        *_unless_equal(right.mean_loss, Mistake("loss-function-ignored", _LOSS_IGNORED, plain.mean_loss)),
    ]


def _unless_equal(right: Any, mistake: Mistake) -> list[Mistake]:
    return [] if np.allclose(right, np.asarray(mistake.wrong), rtol=1e-3) else [mistake]


def accuracy_mistakes(twin: LinearTwin, images: Array, labels: Labels, batch_size: int) -> list[Mistake]:
    """Accuracies of a model in the wrong mode, or put together in the wrong way."""
    right = twin.logits(images).argmax(axis=1) == labels
    starts = range(0, len(images), batch_size)
    shares = [right[i : i + batch_size].mean() for i in starts]
    noisy = [twin.logits_in_train_mode(images[i : i + batch_size]).argmax(axis=1) for i in starts]
    share = float(right.mean())
    return [
        Mistake("evaluated-in-train-mode", TRAIN_MODE, np.mean(np.concatenate(noisy) == labels)),
        Mistake("mean-of-batch-means", _BATCH_ACCURACIES, np.mean(shares)),
        Mistake("percent", "an accuracy is a fraction between 0 and 1; only figures show percent.", 100 * share),
        Mistake("count-not-fraction", "this is a number of images; divide by how many there are.", right.sum()),
        Mistake("divided-by-the-wrong-count", _WRONG_COUNT, right.sum() / len(shares)),
        Mistake("divided-by-the-wrong-count", _WRONG_COUNT, share / batch_size),
        Mistake("last-batch-only", LAST_BATCH, shares[-1]),
        Mistake("first-batch-only", _FIRST_BATCH, shares[0]),
        Mistake("error-not-accuracy", "this is the share of wrong predictions.", 1 - share),
    ]


def probability_mistakes(twin: LinearTwin, images: Array, batch_size: int) -> list[Mistake]:
    """Answers that are no probabilities, or those of a model in the wrong mode."""
    return wrong_probabilities(
        twin, images, batch_size,
        logits_name="logits-not-probabilities", logits_hint=_LOGITS, twice_hint=_TWICE,
        train_mode_name="evaluated-in-train-mode", train_mode_hint=TRAIN_MODE,
    )  # fmt: skip


PADDING = (
    "without padding each 3×3 convolution takes two rows and two columns away, so fewer than 32 · 4 · 4 = 512 features "
    "arrive at the linear layer. Count the rows after each layer."
)
POOLING = "2048 = 32 · 8 · 8 features arrive at the linear layer: the maps have not been halved."
TRAIN_MODE = (
    "the model is in training mode: its batch normalisation uses the mean and variance of whatever batch comes along. "
    "How do you tell a module that it is being used, not trained?"
)
EVAL_MODE = (
    "the model came from an evaluation and stayed in evaluation mode: no Dropout, frozen batch statistics. A training "
    "loop has to set the mode that it needs."
)
TRACKED = (
    "the numbers are right, but PyTorch recorded every operation for a backward pass that never comes. That costs "
    "memory and time; there is a context manager against it. Detaching the result afterwards is too late."
)
_LOGITS = "these are logits: they do not sum to 1 along a row. The model leaves the softmax to you."
_TWICE = (
    "the softmax was taken twice. All probabilities come out near 0.1, since the second one is given numbers between 0 "
    "and 1 only."
)
_SOFTMAX = (
    "the model returns probabilities (or their logarithms). It should return logits: CrossEntropyLoss takes the "
    "softmax itself, and two of them in a row flatten the gradient."
)
_LAST_RELU = (
    "no logit is negative: there is a ReLU after the linear layer. It cuts off all evidence against a class, and its "
    "gradient with it."
)
_LAST_SIGMOID = "a sigmoid follows the linear layer; logits may be any number."
_NO_RELU = (
    "an activation between the layers is missing. Two convolutions in a row without one are a single linear map, as in "
    "chapter 02."
)
_AVERAGE = "this takes the mean of each 2×2 window; the text asks for the maximum."
_FLATTEN = "the linear layer acts on the last axis, which is a row of 4 pixels here. Make one row of 512 numbers first."
_FLATTEN_ALL = "the batch axis was flattened, too. Each image keeps its own row."
_NO_UPDATE = (
    "no weight has changed. An update needs three calls in the right order: clear the old gradients, compute the new "
    "ones, take a step. Clearing between the last two leaves nothing to step along."
)
_ZERO_GRAD = (
    "backward() adds to the gradients that are there. From the second batch on you step along the sum of all gradients "
    "so far. When do the old ones have to go?"
)
_FIRST_BATCH = "only the first batch is used. A return statement inside the loop ends it."
_LOSS_IGNORED = "the loss function that was passed in is not the one that is used."
_BATCH_MEANS = (
    "this is the mean of the batches' mean losses. The last batch is smaller, so its images count more than the "
    "others'. Weigh each batch by its size."
)
_BATCH_ACCURACIES = (
    "this is the mean of the batches' accuracies. The last batch is smaller, so its images count more than the "
    "others'. Count over all batches, divide once."
)
_SUMMED = "this is a sum of losses; divide by the number of images."
_WRONG_COUNT = "numerator and denominator do not fit: one counts images, the other batches."
_LAST_LOSS = "this is the loss of the last batch, not of the epoch."
_LATER = "the loss of a batch is that of its forward pass, before the step."
