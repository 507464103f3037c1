"""Wrong answers of chapter 11: what each would give, and the sentence that helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing import CheckFailed, Mistake
from workbook.chapter11.reference import vgg
from workbook.chapter11.reference.vgg import Kind, Plan, State, Variant, logits
from workbook.linear_classifier import Array, Labels
from workbook.reference.pipeline import LinearTwin

_EVALUATION_BATCHES = (32, 50, 64, 100, 128, 200, 250, 256)


def padding_mistakes(images: NDArray[np.uint8]) -> list[Mistake]:
    """Padded images with zeros in the wrong place, other fillings and other ranges."""
    right = _padded(images / 255, (2, 2), (2, 2))
    largest = max(int(images.max()), 1)
    one_side = [_padded(images / 255, *sides) for sides in (((0, 4), (0, 4)), ((4, 0), (4, 0)), ((1, 3), (1, 3)))]
    return [
        *(Mistake("padded-at-one-side", _ONE_SIDE, wrong) for wrong in one_side),
        *(Mistake("wrong-amount-of-padding", _AMOUNT, _padded(images / 255, (p, p), (p, p))) for p in (1, 3, 4)),
        Mistake("padded-with-white", _WHITE, _padded(images, (2, 2), (2, 2), 255) / 255),
        Mistake("padded-with-white", _WHITE, _padded(images / 255, (2, 2), (2, 2), 255)),
        Mistake("padded-with-white", _WHITE, _padded(1 - images / 255, (2, 2), (2, 2))),
        Mistake("pixels-not-in-0-1", _RANGE, 255 * right),
        Mistake("pixels-not-in-0-1", _RANGE, 2 * right - 1),
        Mistake("pixels-not-in-0-1", _TWICE, right / 255),
        Mistake("pixels-not-in-0-1", _RANGE, right * 255 / 256),
        Mistake("divided-by-the-maximum", _MAXIMUM, right * 255 / largest),
        Mistake("edge-repeated", _EDGE, np.pad(images / 255, ((0, 0), (2, 2), (2, 2)), mode="edge")[:, None]),
        Mistake("channel-axis-missing", _NO_CHANNEL, right[:, 0]),
        Mistake("channel-axis-missing", _LAST_CHANNEL, right[:, 0, :, :, None]),
        Mistake("every-axis-padded", _EVERY_AXIS, np.pad(images / 255, 2)),
        Mistake("every-axis-padded", _EVERY_AXIS, np.pad(images / 255, 2)[:, None]),
        Mistake("every-axis-padded", _EVERY_AXIS, np.pad(images[:, None] / 255, 2)),
        Mistake("rows-and-columns-exchanged", "rows and columns are exchanged.", right.transpose(0, 1, 3, 2)),
    ]


def _padded(images: Any, rows: tuple[int, int], columns: tuple[int, int], value: float = 0) -> NDArray[Any]:
    return np.pad(images, ((0, 0), rows, columns), constant_values=value)[:, None]


def layer_mistake(found: dict[Kind, int], plan: Plan) -> tuple[str | None, str | None]:
    """The hint and the name for parameters that are not those of the plan, from what is there."""
    expected = dict(plan.kinds())
    if found == dict(Plan(1.0, plan.batch_norm).kinds()):
        return "the argument width is not used: every size is that of the full network.", "width-ignored"
    hidden, features = plan.hidden, plan.features
    if plan.batch_norm and found == dict(Plan(plan.width, batch_norm=False).kinds()):
        return "a batch normalisation is missing after the convolutions. It has two numbers a channel.", "no-batch-norm"
    if not plan.batch_norm and found == dict(Plan(plan.width).kinds()):
        return "the argument batch_norm is not used: the layers are there without being wanted.", "batch-norm-ignored"
    if ("weight", (4096, features)) in found and hidden != 4096:
        return "width scales the convolutions only. The two hidden layers scale as well.", "width-not-on-hidden-layers"
    if ("weight", (hidden, 512)) in found and features != 512:
        return "width scales the hidden layers only. The channels scale as well.", "width-not-on-channels"
    for factor in (2, 4, 7, 14, 16, 49):
        if ("weight", (hidden, features * factor)) in found:
            return _POOL_MISSING, "pool-missing"
    missing = {kind: count - found.get(kind, 0) for kind, count in expected.items() if count > found.get(kind, 0)}
    extra = {kind: count - expected.get(kind, 0) for kind, count in found.items() if count > expected.get(kind, 0)}
    if missing and not extra and all(name == "bias" for name, _ in missing):
        return _BIAS, "bias-missing"
    if extra and not missing and all(len(shape) == 1 for _, shape in extra):
        return "there are more normalisations than convolutions. The linear layers have none.", "extra-batch-norm"
    if any(len(shape) == 4 and shape[1] == 3 for _, shape in extra):
        return "the images are grey: the first convolution takes one channel.", "three-input-channels"
    kernels = [shape for _, shape in extra if len(shape) == 4 and shape[2:] != (3, 3)]
    if kernels:
        return "every kernel is 3×3.", "kernel-size"
    convolutions = sum(count for (_, shape), count in found.items() if len(shape) == 4)
    if convolutions != 8:
        return f"there are {convolutions} convolutions; the table has 8.", "wrong-number-of-convolutions"
    return "compare your layers with the table, row by row.", None


def forward_mistakes(state: State, plan: Plan, images: vgg.Array, activation: str, right: vgg.Array) -> list[Mistake]:
    """Logits of a network with an activation too many, too few or of another kind, or other layers."""

    def other(**changes: Any) -> vgg.Array:
        return logits(state, plan, images, Variant(**{"activation": activation, **changes}))

    another = "relu" if activation == "sigmoid" else "sigmoid"
    last = np.maximum(right, 0) if activation == "relu" else 1 / (1 + np.exp(-right))
    return [
        Mistake("activation-after-last-layer", _LAST, last),
        Mistake("activation-after-last-layer", _LAST, np.maximum(right, 0)),
        Mistake("softmax-in-model", _SOFTMAX, softmax(right, axis=1)),
        Mistake("softmax-in-model", _SOFTMAX, log_softmax(right, axis=1)),
        Mistake("activation-ignored", _IGNORED, other(activation=another)),
        Mistake("activation-missing", _BETWEEN, other(linears=(False, False))),
        Mistake("activation-missing", _BETWEEN, other(linears=(True, False))),
        Mistake("activation-missing", _BETWEEN, other(linears=(False, True))),
        Mistake("activation-missing", _AFTER_CONV, other(convolutions=False)),
        *([Mistake("batch-norm-after-activation", _ORDER, other(norm_last=True))] if plan.batch_norm else []),
        Mistake("average-pooling", "this takes the mean of each 2×2 window, not the maximum.", other(pool="average")),
    ]


def forward_failure(name: str, error: Exception, plan: Plan, shape: tuple[int, ...]) -> CheckFailed:
    """What to say when a forward pass stops, by the sizes that PyTorch names."""
    text = str(error)
    message = f"{name} stopped with {type(error).__name__}: {text} for images of shape {shape}."
    if "Output size is too small" in text:
        return CheckFailed(message, _POOL_EXTRA, "pool-too-many")
    if "Kernel size can't be greater" in text:
        return CheckFailed(message, "without padding every convolution takes two rows and columns.", "no-conv-padding")
    for factor in (4, 16, 64):
        if f"x{factor * plan.features} and {plan.features}x" in text:
            return CheckFailed(message, _POOL_MISSING, "pool-missing")
    if "x1 and" in text:
        return CheckFailed(
            message, "between convolutions and linear layers each image has to become one row.", "flatten"
        )
    return CheckFailed(message, "print x.shape after each layer: which is the first that surprises you?")


def average_mistakes(values: Array, epochs: int, batch_size: int, other: float) -> list[Mistake]:
    """Averages over a data set that were put together in the wrong way.

    Args:
        values: the loss of each image, or 1 where it is right, in the order of the data.
        other: the same average over the other data set.
    """
    mistakes = [
        ("summed-not-averaged", _SUMMED, values.sum()),
        ("percent", "an accuracy is a fraction between 0 and 1; only figures show percent.", 100 * values.mean()),
        ("wrong-data-set", "training and test set have changed places.", other),
    ]
    for size in sorted({batch_size, *_EVALUATION_BATCHES}):
        parts = [values[start : start + size] for start in range(0, len(values), size)]
        whole = len(values) // size * size
        means = np.array([part.mean() for part in parts])
        if 0 < whole < len(values):
            mistakes += [
                ("last-batch-dropped", _DROPPED, values[:whole].mean()),
                ("last-batch-dropped", _DROPPED, values[:whole].sum() / len(values)),
                ("mean-of-batch-means", _MEANS, means.mean()),
                ("last-batch-only", _ONLY, means[-1]),
            ]
        mistakes += [
            ("summed-not-averaged", _SUMMED, means.sum()),
            ("summed-not-averaged", _SUMMED, values.sum() / len(parts)),
            ("divided-by-the-wrong-count", _COUNT, means.sum() / len(values)),
        ]
    right = values.mean()
    return [Mistake(n, hint, np.full(epochs, v)) for n, hint, v in mistakes if not np.isclose(v, right, rtol=1e-3)]


def history_mistakes(
    before: Sequence[LinearTwin], still: LinearTwin, accumulated: Sequence[LinearTwin], images: Array, labels: Labels
) -> list[Mistake]:
    """Losses on the training images of another moment, or of weights that went another way.

    Args:
        before: the classifier before each epoch.
        still: the classifier without any update.
        accumulated: the classifier after each epoch if gradients are never cleared.
    """

    def losses(twins: Sequence[LinearTwin]) -> NDArray[np.float64]:
        return np.array([twin.loss(images, labels) for twin in twins])

    return [
        Mistake("measured-while-training", _WHILE, losses(before)),
        Mistake("no-update", _NO_UPDATE, losses([still] * len(before))),
        Mistake("zero-grad-forgotten", _ZERO_GRAD, losses(accumulated)),
    ]


_ONE_SIDE = (
    "the zeros are not spread evenly: two rows above and two below, two columns at the left and two at the right."
)
_AMOUNT = "count: 28 and a frame on both sides have to make 32."
_WHITE = "the frame, or the paper, is not 0. In these images 0 is background and 255 is ink."
_RANGE = "the pixels come as whole numbers from 0 to 255; they should leave as fractions from 0 to 1."
_TWICE = "the pixels were divided by 255 twice."
_MAXIMUM = (
    "you divide by the largest pixel that happens to be there. The same image would come out differently in another "
    "batch. What is the largest value that a pixel of this type can have?"
)
_EDGE = "the frame repeats the border pixels; it should be 0."
_NO_CHANNEL = "a convolution expects images, channels, rows, columns. The channel axis is missing."
_LAST_CHANNEL = "PyTorch puts the channel axis before rows and columns, not last."
_EVERY_AXIS = "all axes were padded, the one that counts images included. Give each axis its own amount."
_POOL_MISSING = (
    "more features arrive at the first linear layer than the last block has channels: the maps there are not 1×1. Five "
    "poolings bring 32 down to 1. Count yours."
)
_POOL_EXTRA = "the maps are already 1×1 and are pooled once more. Five poolings bring 32 down to 1."
_BIAS = "a layer has no bias. The count in the table includes one for every convolution and every linear layer."
_LAST = "the last layer is followed by an activation. Logits may be any number; the loss takes the softmax."
_SOFTMAX = "the model returns probabilities or their logarithms; the loss takes the softmax itself."
_IGNORED = "another activation is used than the one that was asked for. Is the argument used everywhere?"
_BETWEEN = "an activation after a hidden linear layer is missing. Two linear layers in a row are one."
_AFTER_CONV = "the convolutions have no activation behind them."
_ORDER = "the activation comes before the batch normalisation. The table has it after."
_SUMMED = "losses or counts were added up and not divided by the number of images."
_DROPPED = "the last, smaller batch is left out. Every image counts in an evaluation."
_MEANS = "this is a mean of batch means. The images of the smaller last batch count too much."
_ONLY = "only the last batch is in the result."
_COUNT = "numerator and denominator do not fit: one counts images, the other batches."
_WHILE = (
    "these are losses from before the updates of the epoch, collected while training. The text asks for an evaluation "
    "of all training images after the epoch, with the weights as they are then."
)
_NO_UPDATE = "no weight has changed. Which three calls make a training step, and in which order?"
_ZERO_GRAD = "backward() adds to the gradients that are there. When do the old ones have to go?"
