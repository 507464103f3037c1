"""Checks of chapter 11's ``build_vgg11``: its parameters, and its logits in evaluation mode."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Quantity, call, network, passed, student_side
from autograder.testing.quantity import recognised
from workbook.chapter11.inputs import Kind, State, features, filling, hidden_units, kinds_in, kinds_of

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter11.reference.vgg"
WIDTH = 1 / 16
IN_EVALUATION = (
    "dropout is active in evaluation mode, too. A dropout module listens to model.eval(); the function F.dropout has "
    "to be told, and its default is to drop."
)
_POOL_MISSING = (
    "more features arrive at the first linear layer than the last block has channels: the maps there are not 1×1. Five "
    "poolings bring 32 down to 1. Count yours."
)
_POOL_EXTRA = "the maps are already 1×1 and are pooled once more. Five poolings bring 32 down to 1."
_BIAS = "a layer has no bias. The count in the table includes one for every convolution and every linear layer."
_KINDS = Quantity(
    f"{_REFERENCE}:kinds",
    {
        "width-ignored": "the argument width is not used: every size is that of the full network.",
        "no-batch-norm": "a batch normalisation is missing after the convolutions. It has two numbers a channel.",
        "batch-norm-ignored": "the argument batch_norm is not used: the layers are there without being wanted.",
    },
    [Case("the parameters", sizes) for sizes in ((WIDTH, True), (WIDTH, False), (1 / 8, True))],
)
# The visible cases: arguments of same_logits.
_FORWARD: tuple[dict[str, Any], ...] = (
    {"count": 2, "seed": 111},
    {"count": 2, "seed": 112, "activation": "sigmoid"},
    {"count": 1, "seed": 114, "batch_norm": False},
    {"count": 3, "seed": 115, "batch_norm": False, "activation": "sigmoid", "dropout": 0.3},
    {"count": 2, "seed": 116, "width": 1 / 8, "channels_last": True},
)


def _given(
    count: int, seed: int, width: float = WIDTH, batch_norm: bool = True, activation: str = "relu", **_others: Any
) -> tuple[int, int, float, bool, str]:
    """What logits depend on, as arguments of the reference."""
    return seed, count, width, batch_norm, activation


_LOGITS = Quantity(
    f"{_REFERENCE}:logits",
    {
        "activation-after-last-layer": "the last layer is followed by an activation. Logits may be any number; the "
        "loss takes the softmax.",
        "softmax-in-model": "the model returns probabilities or their logarithms; the loss takes the softmax itself.",
        "activation-ignored": "another activation is used than the one that was asked for. Is the argument used "
        "everywhere?",
        "activation-missing": "an activation is missing: behind the convolutions, or after a hidden linear layer. Two "
        "linear layers in a row are one.",
        "batch-norm-after-activation": "the activation comes before the batch normalisation. The table has it after.",
        "average-pooling": "this takes the mean of each 2×2 window, not the maximum.",
    },
    [Case("logits", _given(**case)) for case in _FORWARD],
    rtol=2e-3,
    atol=2e-4,
)


# --- layers ---------------------------------------------------------------------------------------------------------


def layers(build: Function) -> None:
    """Check the parameters at two widths, with batch normalisation and without, for both activations."""
    built(build, WIDTH)
    built(build, WIDTH, batch_norm=False)
    built(build, 1 / 8, activation="sigmoid", dropout=0.2)
    passed("build_vgg11, layers", "the parameters at widths 1/16 and 1/8, with and without batch normalisation")


def new_network(build: Function, **arguments: Any) -> Any:
    """What ``build_vgg11`` makes of these arguments."""
    return network(call(build, **arguments), "build_vgg11(…)")


def built(build: Function, width: float, **options: Any) -> None:
    """Require that the parameters have the shapes of the table, in whichever order and under whichever names."""
    found = kinds_of(student_side.state_arrays(new_network(build, width=width, **options)))
    answers = _KINDS.answers(width, options.get("batch_norm", True))
    right = kinds_in(np.asarray(answers.right))
    if found == right:
        return
    hint, name = _layer_mistake(found, right, width)
    for mistake in recognised(_KINDS.mistakes, answers):
        wrong = np.asarray(mistake.wrong() if callable(mistake.wrong) else mistake.wrong)
        if wrong.ndim == 2 and found == kinds_in(wrong):
            hint, name = mistake.hint, mistake.name
            break
    total, expected = (sum(n * math.prod(shape) for (_, shape), n in kinds.items()) for kinds in (found, right))
    given = ", ".join([f"width={width:g}", *(f"{key}={value!r}" for key, value in options.items())])
    how = "although the numbers agree, the shapes are not those of the table." if total == expected else ""
    raise CheckFailed(f"build_vgg11({given}) has {total} parameters; expected {expected}. {how}".strip(), hint, name)


def as_planned(state: State, width: float, batch_norm: bool) -> bool:
    """Whether the parameters in a state dict have the shapes of the table."""
    return kinds_of(state) == kinds_in(np.asarray(_KINDS.answers(width, batch_norm).right))


def _layer_mistake(found: Counter[Kind], right: Counter[Kind], width: float) -> tuple[str | None, str | None]:
    """The hint and the name for parameters that are not those of the table, from what is there."""
    hidden, last = hidden_units(width), features(width)
    if ("weight", (4096, last)) in found and hidden != 4096:
        return "width scales the convolutions only. The two hidden layers scale as well.", "width-not-on-hidden-layers"
    if ("weight", (hidden, 512)) in found and last != 512:
        return "width scales the hidden layers only. The channels scale as well.", "width-not-on-channels"
    for factor in (2, 4, 7, 14, 16, 49):
        if ("weight", (hidden, last * factor)) in found:
            return _POOL_MISSING, "pool-missing"
    missing, extra = right - found, found - right
    if missing and not extra and all(name == "bias" for name, _ in missing):
        return _BIAS, "bias-missing"
    if extra and not missing and all(len(shape) == 1 for _, shape in extra):
        return "there are more normalisations than convolutions. The linear layers have none.", "extra-batch-norm"
    if any(len(shape) == 4 and shape[1] == 3 for _, shape in extra):
        return "the images are grey: the first convolution takes one channel.", "three-input-channels"
    if any(len(shape) == 4 and shape[2:] != (3, 3) for _, shape in extra):
        return "every kernel is 3×3.", "kernel-size"
    convolutions = sum(count for (_, shape), count in found.items() if len(shape) == 4)
    if convolutions != 8:
        return f"there are {convolutions} convolutions; the table has 8.", "wrong-number-of-convolutions"
    return "compare your layers with the table, row by row.", None


# --- logits ---------------------------------------------------------------------------------------------------------


def forward(build: Function) -> None:
    """Compare logits in evaluation mode with a forward pass made of functions, for ReLU and for the sigmoid."""
    for case in _FORWARD:
        same_logits(build, **case)
    passed("build_vgg11, forward", "logits in evaluation mode, ReLU and sigmoid, with and without normalisation")


def same_logits(
    build: Function, count: int, seed: int, width: float = WIDTH, channels_last: bool = False, **options: Any
) -> None:
    """Give the network random parameters, and compare its logits in evaluation mode, also if it is channels-last."""
    model = new_network(build, width=width, **options)
    state = student_side.state_arrays(model)
    if not as_planned(state, width, options.get("batch_norm", True)):
        built(build, width, **options)
    student_side.load_arrays(model, filling(state, seed))
    model.eval()
    if channels_last:
        model.to(memory_format=student_side.torch.channels_last)
    images = np.random.default_rng(seed).random((count, 1, 32, 32))
    try:
        got = student_side.outputs(model, images)
    except Exception as error:
        raise forward_failure("the model in evaluation mode", error, width, images.shape) from None
    given = _given(count, seed, width, **options)
    expected = np.shape(_LOGITS.answers(*given).right)
    if got.shape == expected and not np.array_equal(got, student_side.outputs(model, images)):
        message = "the same images give different logits in evaluation mode."
        raise CheckFailed(message, IN_EVALUATION, "dropout-in-evaluation")
    activation = options.get("activation", "relu")
    _LOGITS.compare(got, f"the logits for images of shape {images.shape}, activation {activation!r}", *given)


def forward_failure(name: str, error: Exception, width: float, shape: tuple[int, ...]) -> CheckFailed:
    """What to say when a forward pass stops, by the sizes that PyTorch names."""
    text, last = str(error), features(width)
    message = f"{name} stopped with {type(error).__name__}: {text} for images of shape {shape}."
    if "Output size is too small" in text:
        return CheckFailed(message, _POOL_EXTRA, "pool-too-many")
    if "Kernel size can't be greater" in text:
        return CheckFailed(message, "without padding every convolution takes two rows and columns.", "no-conv-padding")
    for factor in (4, 16, 64):
        if f"x{factor * last} and {last}x" in text:
            return CheckFailed(message, _POOL_MISSING, "pool-missing")
    if "x1 and" in text:
        return CheckFailed(
            message, "between convolutions and linear layers each image has to become one row.", "flatten"
        )
    return CheckFailed(message, "print x.shape after each layer: which is the first that surprises you?")
