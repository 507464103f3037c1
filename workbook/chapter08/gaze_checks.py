"""Checks of chapter 08's ``gaze_cnn``: shapes of parameters, and outputs for parameters that are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Quantity, call, passed, require, student_side
from workbook.chapter08.architecture_checks import AVERAGE, DROPOUT, FORGOTTEN, LAST, SOFTMAX, load
from workbook.chapter08.inputs import Layer, layer_values, layers_of, norm_values, pictures
from workbook.chapter08.parameter_shapes import (
    assignments,
    difference,
    gaze_parameter_mistake,
    outputs_of,
    shapes_of,
    size_of,
    state_of,
)

Function = Callable[..., Any]
_BUFFERS = ("running_mean", "running_var", "num_batches_tracked")
# Channels of the maps behind the two pools, where batch normalisations act.
_CHANNELS = (6, 16)
# The visible cases: with batch normalisation, seed of parameters and pictures, how many pictures.
_PLAIN, _PLAIN_CHANNELS_LAST = (False, 111, 2), (False, 112, 1)
_NORMALISED, _NORMALISED_CHANNELS_LAST = (True, 113, 2), (True, 114, 3)

_SHAPES = Quantity("workbook.chapter08.reference.gaze:shapes", {}, [Case("gaze_cnn()", ())])
_OUTPUTS = Quantity(
    "workbook.chapter08.reference.gaze:outputs",
    {
        "relu-after-prediction-layer": LAST,
        "softmax-in-model": SOFTMAX,
        "activation-forgotten": FORGOTTEN,
        "average-pooling": AVERAGE,
        "batch-norm-before-pool": "the batch normalisation acts before the pool. A channel with a negative factor is "
        "turned upside down by it, and then the pool keeps what was smallest.",
        "batch-norm-before-relu": "the batch normalisation acts between convolution and ReLU; this network has it "
        "after each pool.",
        "batch-norm-not-used": "the batch normalisations are made but not used in the forward pass.",
    },
    [
        Case("gaze_cnn(…)(images)", case)
        for case in (_PLAIN, _PLAIN_CHANNELS_LAST, _NORMALISED, _NORMALISED_CHANNELS_LAST)
    ],
    rtol=1e-3,
    atol=1e-3,
)


def gaze_cnn(function: Function) -> None:
    """Check parameters and outputs of the network without batch normalisation."""
    gaze_network(function, *_PLAIN)
    gaze_network(function, *_PLAIN_CHANNELS_LAST, channels_last=True)
    passed("gaze_cnn()", "667 312 parameters, and its output for two pictures and for one")


def gaze_cnn_normalised(function: Function) -> None:
    """Check parameters, mode and outputs of the network with batch normalisation."""
    gaze_network(function, *_NORMALISED)
    gaze_network(function, *_NORMALISED_CHANNELS_LAST, channels_last=True)
    passed(
        "gaze_cnn(batch_norm=True)",
        "667 356 parameters, and its output for two pictures and for three, in evaluation mode",
    )


def gaze_network(function: Function, batch_norm: bool, seed: int, count: int = 2, channels_last: bool = False) -> None:
    """Compare the shapes of all parameters, then the outputs for random parameters in evaluation mode."""
    what = "gaze_cnn(batch_norm=True)" if batch_norm else "gaze_cnn()"
    model = call(function, batch_norm=True) if batch_norm else call(function)
    state = state_of(model, what)
    learned = {name: array for name, array in state.items() if not name.endswith(_BUFFERS)}
    shapes = Counter(array.shape for array in learned.values())
    layers = layers_of(np.asarray(_SHAPES.answers().right))
    expected = [*layers, *(Layer((channels,), (channels,)) for channels in _CHANNELS if batch_norm)]
    wanted = shapes_of(expected)
    if shapes != wanted:
        total = sum(array.size for array in learned.values())
        raise CheckFailed(
            f"{what} has {total} parameters; expected {size_of(expected)}. {difference(shapes, wanted)}",
            *gaze_parameter_mistake(shapes, wanted, batch_norm),
        )
    means = {
        array.shape: name.removesuffix("running_mean") for name, array in state.items() if name.endswith(_BUFFERS[0])
    }
    tracked = sorted(array.shape for name, array in state.items() if name.endswith(_BUFFERS[0]))
    require(
        tracked == ([(channels,) for channels in _CHANNELS] if batch_norm else []),
        f"{what} keeps running means of shapes {tracked}; expected {'(6,) and (16,)' if batch_norm else 'none'}.",
        "a batch normalisation after each of the two pools, with its running statistics.",
        "no-batch-norm",
    )
    (prefixes,) = assignments(learned, layers, what)
    norms = [norm_values(channels, seed) for channels in _CHANNELS if batch_norm]
    load(
        model,
        [*prefixes, *(means[(channels,)] for channels in _CHANNELS if batch_norm)],
        [*layer_values(layers, seed), *norms],
    )
    model.eval()
    if channels_last:
        model.to(memory_format=student_side.torch.channels_last)
    got = outputs_of(model, pictures(count, seed, (1, 36, 120)), f"{what}(images)")
    _OUTPUTS.compare(got, f"{what}(images)", batch_norm, seed, count)
    if not batch_norm:
        model.train()
        trained = outputs_of(model, pictures(count, seed, (1, 36, 120)), f"{what}(images)")
        require(
            np.allclose(got, trained, rtol=1e-3, atol=1e-3),
            f"{what}(images) is right in evaluation mode, and something else in training mode.",
            DROPOUT,
            "acts-in-training",
        )
