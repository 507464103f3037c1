"""Wrong answers of chapter 12: what each would give, and the sentence that helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing import Mistake
from workbook.chapter12.reference.pretrained import Array, ImageTwin
from workbook.chapter12.reference.probabilities import wrong_probabilities

_IMAGENET_MEAN = np.array([0.485, 0.456, 0.406])[:, None, None]
_IMAGENET_STD = np.array([0.229, 0.224, 0.225])[:, None, None]


def item_mistakes(colour: Array, expected: Array) -> list[Mistake]:
    """Items that went through another preprocessing than the one that was handed over, or through one too many.

    Args:
        colour: the pixels of the file, 0 to 255, (3, H, W).
        expected: what the preprocessing makes of them.
    """
    unit = colour / 255
    return [
        Mistake("channels-reversed", _BGR, expected[::-1]),
        Mistake("normalisation-missing", _UNNORMALISED, unit),
        Mistake("normalisation-missing", _UNNORMALISED, colour),
        Mistake("another-networks-normalisation", _OTHER_STATISTICS, (unit - _IMAGENET_MEAN) / _IMAGENET_STD),
        Mistake("preprocessed-twice", _TWICE_SCALED, expected / 255),
        Mistake("preprocessed-twice", _TWICE_SCALED, (expected - _IMAGENET_MEAN) / _IMAGENET_STD),
        Mistake("channel-axis-last", _CHANNELS_LAST, expected.transpose(1, 2, 0)),
        Mistake("rows-and-columns-exchanged", _TRANSPOSED, expected.transpose(0, 2, 1)),
        Mistake("batch-axis-in-item", _BATCH_AXIS, expected[None]),
    ]


def probability_mistakes(twin: ImageTwin, images: Array, batch_size: int) -> list[Mistake]:
    """Answers that are no probabilities, or those of a model in the wrong mode, or not all of them."""
    return wrong_probabilities(
        twin, images, batch_size,
        logits_name="softmax-missing", logits_hint=_LOGITS, twice_hint=_SOFTMAX_TWICE,
        train_mode_name="predicted-in-train-mode", train_mode_hint=TRAIN_MODE,
    )  # fmt: skip


def ranking_mistakes(row: Array, k: int, count: int) -> list[tuple[str, str, list[int]]]:
    """Wrong rankings of one row as (name, hint, indices).

    Args:
        count: how many categories there are.
    """
    order = [int(i) for i in np.argsort(-row)]
    return [
        ("ascending", _ASCENDING, order[::-1][:k]),
        ("ascending", _ASCENDING, order[:k][::-1]),
        ("not-sorted", _UNSORTED, sorted(order[:k])),
        ("not-sorted", _UNSORTED, list(range(k))),
        ("labels-off-by-one", _OFF_BY_ONE, [(i + 1) % count for i in order[:k]]),
        ("labels-off-by-one", _OFF_BY_ONE, [(i - 1) % count for i in order[:k]]),
        ("best-left-out", _BEST_LEFT_OUT, order[1 : k + 1]),
    ]


def head_mistakes(features: Array, weight: NDArray[Any], bias: NDArray[Any]) -> list[Mistake]:
    """Outputs of a head that does more than a linear layer."""
    logits = features @ weight.T + bias
    return [
        Mistake("softmax-in-head", SOFTMAX_HEAD, softmax(logits, axis=1)),
        Mistake("softmax-in-head", SOFTMAX_HEAD, log_softmax(logits, axis=1)),
        Mistake("relu-after-head", _RELU_HEAD, np.maximum(logits, 0)),
    ]


def names_of(indices: Sequence[int], categories: Sequence[str]) -> list[str]:
    """The categories at these indices."""
    return [categories[index] for index in indices]


GREY = (
    "the file has one channel, or four, and the network wants red, green and blue. PIL can convert any image to RGB "
    "before the preprocessing."
)
SWALLOWED = (
    "an error that is swallowed comes back later, as a wrong prediction that nobody can explain. Let the reader know "
    "which file to remove."
)
NO_NAME = (
    "the error is there, but with a folder of a thousand files the reader cannot tell which one to remove. Put the "
    "path into the message."
)
OTHER_ERROR = (
    "the library's own error gets through. Catch it where you read the file, and raise a ValueError that says which "
    "file it is."
)
LAZY = "PIL reads the pixels of a file late, not when it opens the file. The error comes where you convert the image."
TRAIN_MODE = (
    "the model is in training mode: its batch normalisation uses the statistics of your few photographs, not those of "
    "ImageNet. How do you tell a module that it is being used, not trained?"
)
TRACKED = (
    "the numbers are right, but PyTorch kept every intermediate result for a backward pass that never comes. For these "
    "networks that is most of the memory. There is a context manager against it."
)
_LOGITS = "these are logits: they do not sum to 1 along a row. These networks leave the softmax to you."
_SOFTMAX_TWICE = (
    "the softmax was taken twice. The second one gets numbers between 0 and 1 only, so all its results lie close "
    "together; with 1000 classes none would exceed 0.003."
)
SOFTMAX_HEAD = (
    "the new head ends in a softmax. CrossEntropyLoss takes the softmax itself, and two in a row flatten the gradient; "
    "predict would take a second one, too."
)
NOTHING_FROZEN = (
    "no parameter is frozen. The switch is the attribute requires_grad of each parameter; an attribute of that name on "
    "the module does nothing."
)
FROZEN_HEAD = (
    "the head is frozen, too, so there is nothing left to train. Which parameters belong to the last linear layer?"
)
WRONG_LAYER = "another linear layer was replaced. The head is the last one: its outputs are the network's outputs."
ON_TOP = (
    "the new layer stands behind the old head and sees its 1000 logits instead of the features. Put it in the head's "
    "place."
)
NOT_REPLACED = (
    "the network still has its old head. If you assigned a new attribute: is it the one that forward uses? The "
    "families call it by different names; named_modules lists them."
)
_RELU_HEAD = "no output of the new head is negative: there is a ReLU after it. Logits may be any number."
_BGR = "red and blue are exchanged. Some libraries store blue first; PIL does not."
_UNNORMALISED = "these are pixels without the preprocessing that was handed over. Call it on the image."
_OTHER_STATISTICS = (
    "this is the mean and spread of torchvision's networks. Each set of weights has its own; use the preprocessing "
    "that was handed over."
)
_TWICE_SCALED = "the preprocessing was applied, and then the result was scaled once more. It does all of it by itself."
_CHANNELS_LAST = "PyTorch wants channels, rows, columns. The preprocessing returns that order; leave it as it is."
_TRANSPOSED = "rows and columns of the picture are exchanged."
_BATCH_AXIS = "an item is one image. The DataLoader adds the batch axis."
_ASCENDING = "the least probable comes first. Sorting goes upwards unless you turn it round."
_UNSORTED = "the categories come in the order of their numbers, not of their probabilities."
_OFF_BY_ONE = (
    "each label is the neighbour of the right one. Output number 0 belongs to category number 0; lists with a "
    "background class in front, and counting from 1, shift everything."
)
_BEST_LEFT_OUT = "the most probable category is missing: the ranking starts at the second."
