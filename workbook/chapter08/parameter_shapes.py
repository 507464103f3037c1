"""Parameters of a student's network in chapter 08: their shapes, which layer each belongs to, likely causes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, Mistake, require, student_side
from workbook.chapter08.inputs import Layer, Request, layers_of

Shapes = Counter[tuple[int, ...]]
Diagnosis = tuple[str | None, str | None]
State = dict[str, NDArray[Any]]


def state_of(model: Any, what: str) -> State:
    """The arrays of a student's network by name.

    Raises:
        CheckFailed: if they cannot be read, or there are none.
    """
    try:
        state = student_side.state_arrays(model)
    except Exception as error:
        raise CheckFailed(
            f"the parameters of {what} cannot be read ({type(error).__name__}).",
            "return an nn.Module whose parameters have their sizes from the start: the sizes follow from the listing.",
            "not-a-module",
        ) from None
    require(
        len(state) > 0,
        f"{what} has no parameters.",
        "a layer counts only if the module knows it: as an attribute, or inside a Sequential or ModuleList. Layers in "
        "a plain list are invisible to the optimizer.",
        "layers-not-registered",
    )
    return state


def shapes_of(layers: Sequence[Layer]) -> Shapes:
    """The shapes of all parameters of these layers."""
    return Counter(shape for layer in layers for shape in (layer.weight, layer.bias) if shape is not None)


def size_of(layers: Sequence[Layer]) -> int:
    """How many parameters these layers have."""
    return sum(int(np.prod(shape)) for shape in shapes_of(layers).elements())


def difference(shapes: Shapes, wanted: Shapes) -> str:
    """A sentence about a shape that is missing and one that is too many."""
    missing, extra = wanted - shapes, shapes - wanted
    parts = []
    if missing:
        parts.append(f"no parameter has the shape {next(iter(missing))}")
    if extra:
        parts.append(f"one of shape {next(iter(extra))} is not in the listing")
    return f"{' and '.join(parts)}.".capitalize()


def assignments(state: State, layers: Sequence[Layer], what: str) -> list[list[str]]:
    """Every way to give these layers to the modules of a network, by shape: for each layer a module's prefix.

    The first gives modules of one shape in the order in which they were made. A weight and a bias belong together if
    their names agree up to the last dot.

    Raises:
        CheckFailed: if there is no such way.
    """
    weights = [name for name, array in state.items() if name.endswith("weight") and array.ndim > 1]
    prefixes = {name.removesuffix("weight"): state[name].shape for name in weights}
    biases = {prefix: state[f"{prefix}bias"].shape if f"{prefix}bias" in state else None for prefix in prefixes}
    fitting = [[p for p in prefixes if (prefixes[p], biases[p]) == (layer.weight, layer.bias)] for layer in layers]
    chosen = [list(choice) for choice in product(*fitting) if len(set(choice)) == len(layers)]
    require(
        len(chosen) > 0, f"the parameters of {what} are not those of layers.", "make them with nn.Linear and nn.Conv2d."
    )
    return chosen


def outputs_of(model: Any, images: NDArray[Any], what: str) -> NDArray[Any]:
    """What a student's network returns for images.

    Raises:
        CheckFailed: if it stops.
    """
    try:
        return student_side.outputs(model, images)
    except Exception as error:
        message = f"{what} stopped with {type(error).__name__}: {error}"
        if "view size is not compatible" in str(error):
            raise CheckFailed(
                message,
                "`view` depends on the order of the numbers in memory, and channels-last networks of this chapter "
                "keep another one. `flatten` and `reshape` work for each.",
                "view-for-flatten",
            ) from None
        raise CheckFailed(
            f"{message} for images of shape {images.shape}.",
            "the layers are there but do not fit one after the other. Push images through them one by one and print "
            "the shape after each: which is the first that surprises you?",
            "layers-do-not-fit",
        ) from None


# --- likely causes --------------------------------------------------------------------------------------------------


def parameter_mistake(shapes: Shapes, wanted: Shapes, request: Request, tables: Sequence[Mistake]) -> Diagnosis:
    """The likely cause of parameters with other shapes than the listing asks for: hint and name, or two None.

    Args:
        tables: recognised tables of shapes, see :func:`workbook.chapter08.inputs.layers_of`, with names of
            :data:`TABLES`.
    """
    missing, extra = wanted - shapes, shapes - wanted
    if request.name == "mlp_2" and not missing and extra == Counter({(64,): 1}):
        return BIAS_64, "bias-on-fc-64"
    if not extra and missing and all(len(shape) == 1 for shape in missing):
        return NO_BIAS, "no-bias"
    if request.head is None and (64 in {s[0] for s in extra if len(s) == 2}) and request.name != "mlp_2":
        return HEAD_ALWAYS, "head-without-asking"
    if request.num_classes != 10 and (10,) in extra:
        return CLASSES, "num-classes-ignored"
    for table in tables:
        rows = table.wrong() if callable(table.wrong) else table.wrong
        if shapes == shapes_of(layers_of(np.asarray(rows))):
            return table.hint, "wrong-padding" if table.name.startswith("padding") else table.name
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


BIAS_64 = (
    "In the listing, FC-64 of mlp_2 has no bias. nn.Linear adds one unless you tell it not to: 64 parameters too many."
)
NO_BIAS = "biases are missing. Every layer has one, except FC-64 of mlp_2."
HEAD_ALWAYS = "the FC-64 of the head is there although head is None."
CLASSES = "the prediction layer has ten outputs, whatever num_classes says."
KERNEL = "a kernel has another size than in the listing: Conv 5×5×8 has 8 kernels of 5×5."
EXTRA = "all layers of the listing are there, and more. ReLU and pooling have no parameters."
FEATURES = (
    "only the number of features that reach the linear layer is wrong. Print the shape of the maps after each layer "
    "and compare with conv_output_size."
)
LISTING = (
    "go through the listing layer by layer: channels in, channels out, kernel size, and what reaches the linear layer."
)
NORM_WITHOUT_PARAMETERS = (
    "the batch normalisations have no parameters. By default each has a learned scale and a learned shift for every "
    "channel: 2 · 6 + 2 · 16 = 44 numbers, not zero."
)
NORM_ALWAYS = "the batch normalisations are there although batch_norm is False."
GAZE_PADDING = (
    "more than 2592 features reach FC-256: the convolutions of this network have no padding, and each is pooled."
)
GAZE_SIZE = "fewer than 2592 features reach FC-256. Follow rows and columns separately: 36 and 120 are halved twice."
TABLES = {
    "head-ignored": "there is no head: head=64 asks for a layer of 64 units and an activation before the "
    "prediction layer.",
    "padding-ignored": "padding is ignored: with padding='same' a convolution keeps 32 rows, so more features "
    "reach the linear layer.",
    "padding-although-valid": "the convolutions pad although the padding is 'valid'. Without padding a k×k kernel "
    "takes k - 1 rows away; go through the listing with conv_output_size.",
    "padding-of-one": "padding 1 keeps the size for 3×3 kernels only. What does a 5×5 kernel need? nn.Conv2d also "
    "takes the words 'same' and 'valid'.",
    "pooling-forgotten": "the maps have not been halved by the pools before they reach the linear layer.",
}
"""Hints for tables of shapes that are recognised as a whole; each other padding is a ``wrong-padding``."""
