"""Checks of chapter 07's data set and network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import (
    Case,
    CheckFailed,
    Mistake,
    Quantity,
    call,
    compare,
    explained,
    network,
    passed,
    require,
    student_side,
)
from autograder.testing.stopped import stopped
from workbook.chapter07.inputs import CNN_SHAPES, cnn_parameters
from workbook.linear_classifier import Array, random_images

Function = Callable[..., Any]
_PADDING = (
    "without padding each 3×3 convolution takes two rows and two columns away, so fewer than 32 · 4 · 4 = 512 features "
    "arrive at the linear layer. Count the rows after each layer."
)
_POOLING = "2048 = 32 · 8 · 8 features arrive at the linear layer: the maps have not been halved."
_FLATTEN = "the linear layer acts on the last axis, which is a row of 4 pixels here. Make one row of 512 numbers first."
_FLATTEN_ALL = "the batch axis was flattened, too. Each image keeps its own row."


def _images(count: int, scale: float, shift: float) -> tuple[Array, int]:
    return scale * random_images(count, 71)[0] + shift, _PARAMETERS


# The parameters of the visible cases are those of this seed. Their images: how many, mode, factor and shift of pixels.
_PARAMETERS = 70
_FORWARD = ((3, "train", 16, 0.0), (1, "eval", 16, 0.0), (11, "train", 1, -0.5))
_LOGITS = Quantity(
    "workbook.chapter07.reference.networks:logits",
    {
        "softmax-in-model": "the model returns probabilities (or their logarithms). It should return logits: "
        "CrossEntropyLoss takes the softmax itself, and two of them in a row flatten the gradient.",
        "relu-after-prediction-layer": "no logit is negative: there is a ReLU after the linear layer. It cuts off all "
        "evidence against a class, and its gradient with it.",
        "sigmoid-after-prediction-layer": "a sigmoid follows the linear layer; logits may be any number.",
        "relu-forgotten": "an activation between the layers is missing. Two convolutions in a row without one are a "
        "single linear map, as in chapter 02.",
        "average-pooling": "this takes the mean of each 2×2 window; the text asks for the maximum.",
    },
    [Case("logits", partial(_images, count, scale, shift)) for count, _, scale, shift in _FORWARD],
    rtol=1e-3,
    atol=1e-4,
)


def _asked(function: Function, name: str, *args: Any) -> Any:
    """``call``, with the student's own expression in place of the function's name."""
    try:
        return call(function, *args)
    except CheckFailed as failure:
        message = name + failure.message.removeprefix(getattr(function, "__name__", ""))
        raise CheckFailed(message, failure.hint, failure.mistake) from None


# --- Digits ---------------------------------------------------------------------------------------------------------


@explained
def digits(Digits: Function) -> None:
    """Check length, items and batches of ``Digits`` on images and labels of several types."""
    rng = np.random.default_rng(70)
    pixels = rng.integers(0, 17, (6, 8, 8))
    items(Digits, pixels.astype(np.float64), np.array([3, 1, 4, 1, 5, 9]))
    items(Digits, pixels[:4].astype(np.uint8), np.array([0, 7, 2, 2], dtype=np.int32))
    items(Digits, rng.standard_normal((11, 8, 8)), np.arange(11) % 3)
    items(Digits, pixels[:1].astype(np.int64), np.array([8], dtype=np.uint8))
    passed("Digits", "length, items, pixels and labels of several types, and what a DataLoader makes of them")


def items(Digits: Function, X: NDArray[Any], y: NDArray[Any]) -> None:
    """Compare the first, a middle and the last item of ``Digits(X, y)`` with the arrays, then look at a batch."""
    dataset = call(Digits, X, y)
    length = _asked(student_side.length, "len(dataset)", dataset)
    require(
        length == len(X), f"len(dataset) is {length}; expected {len(X)}.", "one item for each image.", "wrong-length"
    )
    for index in sorted({0, len(X) // 2, len(X) - 1}):
        name = f"dataset[{index}]"
        parts = _asked(student_side.described_item, name, dataset, index)
        require(
            len(parts) == 2,
            f"{name} has {len(parts)} part(s); expected a pair (image, label).",
            "return the image and its label, separated by a comma.",
            "not-a-pair",
        )
        _image(parts[0], X[index], f"the image of {name}")
        _label(parts[1], int(y[index]), f"the label of {name}")
    size = min(3, len(X))
    images, labels = _asked(student_side.described_batch, f"a DataLoader with batches of {size}", dataset, size)
    for part, shape, dtype in ((images, (size, 1, 8, 8), "float32"), (labels, (size,), "int64")):
        require(
            part["shape"] == shape and part["dtype"] == dtype,
            f"a batch of {size} holds {part['dtype']} of shape {part['shape']}; expected {dtype} of shape {shape}.",
        )


def pixel_factor(dataset: Any, X: NDArray[Any]) -> float:
    """By which factor the items of ``Digits(X, …)`` differ from X; scaling the pixels is a fair choice."""
    try:
        pixels = np.asarray(student_side.described_item(dataset, 0)[0]["array"], dtype=np.float64)
    except (IndexError, KeyError, TypeError, ValueError):
        raise CheckFailed(
            "the first item of Digits(X, y) does not begin with an image of numbers.",
            "fix Digits until its own check passes.",
        ) from None
    return float(np.sum(pixels) / np.sum(X[0], dtype=np.float64))


def _image(image: dict[str, Any], pixels: NDArray[Any], what: str) -> None:
    shape = image["shape"]
    hint, mistake = {
        (8, 8): ("a convolution expects channels, rows, columns. The channel axis is missing.", "channel-axis-missing"),
        (64,): ("the image was flattened; a convolution needs its rows and columns.", "image-flattened"),
        (8, 8, 1): ("PyTorch puts the channel axis before rows and columns.", "channel-axis-last"),
        (1, 1, 8, 8): ("an item is one image. The DataLoader adds the batch axis.", "batch-axis-in-item"),
    }.get(shape, (None, None))
    require(shape == (1, 8, 8), f"{what} has shape {shape}; expected (1, 8, 8).", hint, mistake)
    require(
        image["dtype"] == "float32",
        f"{what} has dtype {image['dtype']}; expected float32.",
        "layers hold float32 weights, and PyTorch does not convert for you. Convert the pixels.",
        "image-not-float32",
    )
    if not np.allclose(image["array"][0], pixels / 16):  # scaling to [0, 1] here is a fair choice
        mistakes = [
            Mistake("scaled-by-255", "these pixels run from 0 to 16, not to 255.", pixels[None] / 255),
            Mistake("rows-and-columns-exchanged", "rows and columns are exchanged.", pixels.T[None]),
        ]
        compare(image["array"], pixels[None].astype(np.float64), what, rtol=1e-5, mistakes=mistakes)


def _label(label: dict[str, Any], number: int, what: str) -> None:
    shape, dtype = label["shape"], label["dtype"]
    hint, mistake = {
        (1,): ("the label has an axis of length 1; a batch of labels would have shape (N, 1).", "label-has-an-axis"),
        (10,): ("CrossEntropyLoss takes the number of the class; nothing has to be one-hot here.", "label-one-hot"),
    }.get(shape, (None, None))
    require(shape == (), f"{what} has shape {shape}; expected a single number.", hint, mistake)
    require(
        not dtype.startswith("float"),
        f"{what} has dtype {dtype}; expected int64.",
        "a label is the number of a class. With floats CrossEntropyLoss stops with an error or expects probabilities.",
        "label-is-float",
    )
    require(
        dtype == "int64",
        f"{what} has dtype {dtype}; expected int64.",
        "CrossEntropyLoss wants labels of type int64, which PyTorch also calls long.",
        "label-not-int64",
    )
    compare(label["array"], number, what)


# --- SimpleCNN ------------------------------------------------------------------------------------------------------


@explained
def simple_cnn_layers(SimpleCNN: Function) -> None:
    """Check the shapes of the parameters, whatever they are called and in whichever order they come."""
    state = student_side.state_arrays(network(call(SimpleCNN), "SimpleCNN()"))
    require(
        len(state) > 0,
        "SimpleCNN() has no parameters.",
        "a layer counts only if it is an attribute of the module, or inside a Sequential or ModuleList that is. Layers "
        "in a plain list, or made inside forward, are invisible to the optimizer.",
        "layers-not-registered",
    )
    shapes = [array.shape for array in state.values()]
    for name, (weight, bias) in CNN_SHAPES.items():
        require(
            weight in shapes,
            f"no parameter has the shape {weight} of the {name}'s weight; there are {', '.join(map(str, shapes))}.",
            *_other_layer(name, weight, shapes),
        )
        require(bias in shapes, f"the {name} has no bias of shape {bias}.", "biases are on by default.", "no-bias")
    require(
        len(shapes) == 6,
        f"SimpleCNN() has {len(shapes)} parameter arrays; expected 6: three layers with weight and bias.",
        "one layer too many. ReLU and max-pooling have no parameters.",
        "extra-layer",
    )
    independent(SimpleCNN)
    passed("SimpleCNN, layers", "six parameter arrays, 9930 numbers; two networks share none")


def _other_layer(name: str, weight: tuple[int, ...], shapes: list[tuple[int, ...]]) -> tuple[str | None, str | None]:
    if name == "linear layer":
        for features, hint, mistake in (
            (128, _PADDING, "padding-forgotten"),
            (288, _PADDING, "padding-forgotten"),
            (2048, _POOLING, "pooling-forgotten"),
        ):
            if (10, features) in shapes:
                return hint, mistake
    elif any(len(shape) == 4 and shape[:2] == weight[:2] for shape in shapes):
        return "the kernels have another size than 3×3.", "kernel-size"
    return "compare your layers with the list in the text: channels in, channels out, kernel size.", None


@explained
def simple_cnn_forward(SimpleCNN: Function) -> None:
    """Compare logits with PyTorch's functions for parameters that are given, in both modes."""
    for count, mode, scale, shift in _FORWARD:
        model = network(call(SimpleCNN), "SimpleCNN()")
        getattr(model, mode)()
        logits(model, *_images(count, scale, shift))
    passed("SimpleCNN, forward", "3, 1 and 11 images in both modes, against a forward pass from the same parameters")


def logits(model: Any, images: Array, seed: int = _PARAMETERS) -> None:
    """Compare the model's logits for images (N, 1, 8, 8) with an independent forward pass.

    Args:
        seed: that of the parameters, which the model gets by their shapes.
    """
    name = "SimpleCNN()(images)"
    names = {array.shape: name for name, array in student_side.state_arrays(model).items()}
    parameters = cnn_parameters(seed)
    student_side.load_arrays(model, {names[shape]: array for shape, array in parameters.items() if shape in names})
    try:
        got = student_side.outputs(model, images)
    except NotImplementedError as error:
        if "forward" not in str(error):
            raise CheckFailed("SimpleCNN.forward is not written yet.", "fill its hole.", "not-written") from None
        raise _forward_failure(name, error, images.shape) from None
    except Exception as error:
        raise _forward_failure(name, error, images.shape) from None
    if parameters.keys() - names.keys():
        raise CheckFailed("the layers are not those of the text.", "fix the layers first.", "wrong-layers")
    _LOGITS.compare(got, f"{name} for images of shape {images.shape}", images, seed)


def _forward_failure(name: str, error: Exception, shape: tuple[int, ...]) -> CheckFailed:
    """What to say when a forward pass stops, by the sizes that PyTorch names in its message."""
    text = str(error)
    message = f"{name} stopped with {type(error).__name__}: {text} for images of shape {shape}."
    rows = f"({shape[0]}x"
    if isinstance(error, NotImplementedError) and "forward" in text:
        hint = "the class has no method called forward. Look at its spelling and at its indentation."
        return CheckFailed(message, hint, "no-forward")
    if f"{rows}128 and" in text or f"{rows}288 and" in text:
        return CheckFailed(message, _PADDING, "padding-forgotten")
    if f"{rows}2048 and" in text:
        return CheckFailed(message, _POOLING, "pooling-forgotten")
    if "x4 and 512x10" in text:
        return CheckFailed(message, _FLATTEN, "flatten-forgotten")
    if "(1x" in text and shape[0] > 1:
        return CheckFailed(message, _FLATTEN_ALL, "batch-flattened")
    failure = stopped(name, error, f" for images of shape {shape}.")
    if failure.mistake is not None:
        return failure
    return CheckFailed(message, "print x.shape after each layer in forward: which is the first that surprises you?")


def independent(SimpleCNN: Function) -> None:
    """Require that training one network leaves another one alone, and that both start at random."""
    first, second = (network(call(SimpleCNN), "SimpleCNN()") for _ in range(2))
    state, before = student_side.state_arrays(first), student_side.state_arrays(second)
    student_side.load_arrays(first, {name: array + 1 for name, array in state.items()})
    after = student_side.state_arrays(second)
    require(
        all(np.array_equal(before[name], after[name]) for name in before),
        "when the parameters of one network change, so do those of another.",
        "the layers are made once for the class. Make them in __init__, for each network.",
        "shared-layers",
    )
    require(
        not all(np.array_equal(state[name], before[name]) for name in state),
        "two new networks have the same parameters.",
        "every network should start from random weights of its own.",
        "not-random",
    )
