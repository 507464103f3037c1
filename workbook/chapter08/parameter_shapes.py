"""Wrong networks of chapter 08: how to tell them, and the sentence that helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import log_softmax, softmax

from autograder.testing import Mistake
from workbook.chapter08.reference.architectures import (
    Array,
    Layer,
    Request,
    State,
    Variant,
    gaze_logits,
    layers,
    logits,
)

Shapes = Counter[tuple[int, ...]]
Diagnosis = tuple[str | None, str | None]


def parameter_mistake(shapes: Shapes, wanted: Shapes, request: Request) -> Diagnosis:
    """The likely cause of parameters with other shapes than the listing asks for: hint and name, or two None."""
    missing, extra = wanted - shapes, shapes - wanted
    if request.name == "mlp_2" and not missing and extra == Counter({(64,): 1}):
        return BIAS_64, "bias-on-fc-64"
    if not extra and missing and all(len(shape) == 1 for shape in missing):
        return NO_BIAS, "no-bias"
    if request.head is None and (64 in {s[0] for s in extra if len(s) == 2}) and request.name != "mlp_2":
        return HEAD_ALWAYS, "head-without-asking"
    if request.head is not None and shapes == _shapes(
        layers(Request(request.name, request.num_classes, request.padding))
    ):
        return HEAD_IGNORED, "head-ignored"
    if request.num_classes != 10 and (10,) in extra:
        return CLASSES, "num-classes-ignored"
    for padding, pools, hint, name in (
        ((lambda _: 0), True, NO_PADDING, "wrong-padding"),
        ((lambda kernel: kernel // 2), True, TOO_MUCH_PADDING, "wrong-padding"),
        ((lambda _: 1), True, PADDING_ONE, "wrong-padding"),
        (None, False, NO_POOL, "pooling-forgotten"),
    ):
        if shapes == _shapes(layers(request, padding, pools)):
            return hint, name
    kernels = [shape for shape in missing if len(shape) == 4]
    if kernels and any(shape[:2] == kernels[0][:2] for shape in extra if len(shape) == 4):
        return KERNEL, "kernel-size"
    if [shape[0] for shape in missing] == [shape[0] for shape in extra] and all(
        len(s) == 2 for s in (*missing, *extra)
    ):
        return FEATURES, "wrong-number-of-features"
    if extra and not missing:
        return EXTRA, "extra-layer"
    return LISTING, "wrong-layers"


def _shapes(expected: Sequence[Layer]) -> Shapes:
    return Counter(shape for layer in expected for shape in (layer.weight, layer.bias) if shape is not None)


def forward_mistakes(request: Request, choices: Sequence[Sequence[tuple[Any, Any]]], images: Array) -> list[Mistake]:
    """Outputs of networks with an activation too many, too few or in the wrong place."""
    count = sum(step == "a" for step in request.steps)
    found = []
    for choice in choices:
        for optional in (False, True):
            right = logits(request, choice, images, Variant(optional))
            found += [
                Mistake(*_after_prediction(request), logits(request, choice, images, Variant(optional, last=True))),
                Mistake("softmax-in-model", SOFTMAX, softmax(right, axis=1)),
                Mistake("softmax-in-model", SOFTMAX, log_softmax(right, axis=1)),
                Mistake("average-pooling", AVERAGE, logits(request, choice, images, Variant(optional, pool="average"))),
                *(
                    Mistake(
                        "activation-forgotten", FORGOTTEN, logits(request, choice, images, Variant(optional, skipped))
                    )
                    for skipped in range(count)
                ),
            ]
            if request.activation != "relu":
                other = Request(request.name, request.num_classes, request.padding, "relu", request.head)
                found.append(Mistake("activation-ignored", IGNORED, logits(other, choice, images, Variant(optional))))
    return found


def _after_prediction(request: Request) -> tuple[str, str]:
    return (
        ("relu-after-prediction-layer", LAST) if request.activation == "relu" else ("activation-at-the-end", LAST_ANY)
    )


def gaze_parameter_mistake(shapes: Shapes, wanted: Shapes, batch_norm: bool) -> Diagnosis:
    """The likely cause of other parameters in the gaze network."""
    missing, extra = wanted - shapes, shapes - wanted
    if batch_norm and not extra and missing == Counter({(6,): 2, (16,): 2}):
        return NORM_WITHOUT_PARAMETERS, "batch-norm-counted-as-zero"
    if not batch_norm and not missing and extra == Counter({(6,): 2, (16,): 2}):
        return NORM_ALWAYS, "batch-norm-without-asking"
    features = [shape[1] for shape in shapes if len(shape) == 2 and shape[0] == 256]
    if features and features[0] != 2592:
        return (GAZE_PADDING, "wrong-padding") if features[0] > 2592 else (GAZE_SIZE, "wrong-layers")
    return LISTING, "wrong-layers"


def gaze_mistakes(state: State, images: Array, batch_norm: bool, right: Array) -> list[Mistake]:
    """Outputs of gaze networks whose layers come in another order."""
    found = [
        Mistake("relu-after-prediction-layer", LAST, np.maximum(right, 0)),
        Mistake("softmax-in-model", SOFTMAX, softmax(right, axis=1)),
        *(
            Mistake("activation-forgotten", FORGOTTEN, gaze_logits(state, images, batch_norm, skipped=skipped))
            for skipped in range(3)
        ),
    ]
    if batch_norm:
        before_pool = gaze_logits(state, images, True, norm="before pool")
        before_relu = gaze_logits(state, images, True, norm="before ReLU")
        found += [
            Mistake("batch-norm-before-pool", BEFORE_POOL, before_pool),
            Mistake("batch-norm-before-relu", BEFORE_RELU, before_relu),
            Mistake("batch-norm-not-used", NOT_USED, gaze_logits(state, images, False)),
        ]
    return found


BIAS_64 = (
    "FC-64 of mlp_2 stands in the listing without a bias. nn.Linear adds one unless you tell it not to: 64 parameters "
    "too many."
)
NO_BIAS = "biases are missing. Every layer has one, except FC-64 of mlp_2."
HEAD_ALWAYS = "the FC-64 of the head is there although head is None."
HEAD_IGNORED = "there is no head: head=64 asks for a layer of 64 units and an activation before the prediction layer."
CLASSES = "the prediction layer has ten outputs, whatever num_classes says."
NO_PADDING = (
    "padding is ignored: with padding='same' a convolution keeps 32 rows, so more features reach the linear layer."
)
TOO_MUCH_PADDING = (
    "the convolutions pad although the padding is 'valid'. Without padding a k×k kernel takes k - 1 rows away; go "
    "through the listing with conv_output_size."
)
PADDING_ONE = (
    "padding 1 keeps the size for 3×3 kernels only. What does a 5×5 kernel need? nn.Conv2d also takes the words 'same' "
    "and 'valid'."
)
NO_POOL = "the maps have not been halved by the pools before they reach the linear layer."
KERNEL = "a kernel has another size than in the listing: Conv 5×5×8 has 8 kernels of 5×5."
EXTRA = "all layers of the listing are there, and more. ReLU and pooling have no parameters."
FEATURES = (
    "only the number of features that reach the linear layer is wrong. Print the shape of the maps after each layer "
    "and compare with conv_output_size."
)
LISTING = (
    "go through the listing layer by layer: channels in, channels out, kernel size, and what reaches the linear layer."
)
LAST = (
    "an activation follows the prediction layer. Logits may be negative: a ReLU there cuts off all evidence against a "
    "class, and its gradient."
)
LAST_ANY = "an activation follows the prediction layer. Logits may be any number."
SOFTMAX = "the model returns probabilities. It should return logits; CrossEntropyLoss takes the softmax itself."
AVERAGE = "the pools take the mean of each 2×2 window; the listing asks for the maximum."
FORGOTTEN = "an activation of the listing is missing. Two layers in a row without one are a single linear map."
IGNORED = "this is the output of the network with ReLUs: the argument activation is not used."
FIRST_BIAS = "the first layer's bias is lost. It passes through the second layer, too."
SECOND_BIAS = "the second layer's bias is lost."
BIASES = "both biases are lost: what does second(first(0)) return?"
UNMAPPED = "the first bias was added as it is. On its way to the output it passes through the second layer's weight."
EXCHANGED = "the weights are multiplied in the wrong order. The first layer acts first, so it stands next to x."
NORM_WITHOUT_PARAMETERS = (
    "the batch normalisations have no parameters. By default each has a learned scale and a learned shift for every "
    "channel: 2 · 6 + 2 · 16 = 44 numbers, not zero."
)
NORM_ALWAYS = "the batch normalisations are there although batch_norm is False."
GAZE_PADDING = (
    "more than 2592 features reach FC-256: the convolutions of this network have no padding, and each is pooled."
)
GAZE_SIZE = "fewer than 2592 features reach FC-256. Follow rows and columns separately: 36 and 120 are halved twice."
BEFORE_POOL = (
    "the batch normalisation acts before the pool. A channel with a negative factor is turned upside down by it, and "
    "then the pool keeps what was smallest."
)
BEFORE_RELU = "the batch normalisation acts between convolution and ReLU; this network has it after each pool."
NOT_USED = "the batch normalisations are made but not used in the forward pass."
