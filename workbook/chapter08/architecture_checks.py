"""Checks of chapter 08's ``build``: shapes of parameters, and what networks return for parameters that are known.

Behaviour is judged. Names of layers and the order in which they were made play no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, CheckFailed, Mistake, Quantity, call, compare, passed, require, student_side
from autograder.testing.quantity import recognised
from workbook.chapter08.inputs import NAMES, Arrays, Request, layer_values, layers_of, pictures
from workbook.chapter08.parameter_shapes import (
    TABLES,
    assignments,
    difference,
    outputs_of,
    parameter_mistake,
    shapes_of,
    size_of,
    state_of,
)

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter08.reference.architectures"
_CLOSE = 1e-3
LAST = (
    "an activation follows the prediction layer. Logits may be negative: a ReLU there cuts off all evidence against a "
    "class, and its gradient."
)
SOFTMAX = "the model returns probabilities. It should return logits; CrossEntropyLoss takes the softmax itself."
AVERAGE = "the pools take the mean of each 2×2 window; the listing asks for the maximum."
DROPOUT = "there is no dropout, and no batch normalisation, in it: nothing acts differently while it is trained."
FORGOTTEN = "an activation of the listing is missing. Two layers in a row without one are a single linear map."

# The visible cases: requests for parameters; requests with the seed of parameters and images, and how many images.
_PARAMETERS = [Request(name, classes) for name in NAMES for classes in (10, 7)]
_FORWARD = [
    *((Request(name), 80 + number, 2) for number, name in enumerate(NAMES)),
    *((Request(name, 6, activation="sigmoid"), 70 + number, 1) for number, name in enumerate(NAMES)),
]
_CHANNELS_LAST = (Request("cnn_5"), 75, 2)
_OPTIONS = [
    *((Request(name, padding="same", head=64), 90 + number, 2) for number, name in enumerate(NAMES[2:])),
    (Request("cnn_4", padding="same", activation="sigmoid"), 93, 2),
    (Request("cnn_5", activation="sigmoid", head=12), 94, 2),
    *((Request(name, 5, head=24), 95 + number, 2) for number, name in enumerate(NAMES[:2])),
]
_VISIBLE = [*_FORWARD, _CHANNELS_LAST, *_OPTIONS]


def _shape_key(request: Request) -> tuple[Any, ...]:
    return request.name, request.num_classes, request.padding, request.head


_SHAPES = Quantity(
    f"{_REFERENCE}:shapes",
    TABLES,
    [Case(str(request), _shape_key(request)) for request in (*_PARAMETERS, *(request for request, *_ in _VISIBLE))],
)
_LOGITS = Quantity(
    f"{_REFERENCE}:logits",
    {
        "relu-after-prediction-layer": LAST,
        "activation-at-the-end": "an activation follows the prediction layer. Logits may be any number.",
        "softmax-in-model": SOFTMAX,
        "average-pooling": AVERAGE,
        "activation-forgotten": FORGOTTEN,
        "activation-ignored": "this is the output of the network with ReLUs: the argument activation is not used.",
    },
    [Case(str(request), (*request.key, seed, count)) for request, seed, count in _VISIBLE],
)


def build_parameters(build: Function) -> None:
    """Check the parameters of the five networks, without padding and without a head."""
    for request in _PARAMETERS:
        parameters(build, request)
    independent(build)
    passed("build, parameters", "five networks, for ten classes and for seven; two networks share nothing")


def parameters(build: Function, request: Request) -> None:
    """Compare the shapes of all parameters with those that the listing asks for."""
    model = call(build, request.name, **request.arguments)
    state = state_of(model, str(request))
    answers = _SHAPES.answers(*_shape_key(request))
    expected = layers_of(np.asarray(answers.right))
    shapes, wanted = Counter(array.shape for array in state.values()), shapes_of(expected)
    if shapes != wanted:
        hint, mistake = parameter_mistake(shapes, wanted, request, recognised(TABLES, answers))
        total = sum(array.size for array in state.values())
        raise CheckFailed(
            f"{request} has {total} parameters; expected {size_of(expected)}. {difference(shapes, wanted)}",
            hint,
            mistake,
        )


def build_forward(build: Function) -> None:
    """Check what the five networks return for parameters that are known."""
    for request, seed, count in _FORWARD:
        network(build, request, seed, count)
    network(build, *_CHANNELS_LAST, channels_last=True)
    passed("build, forward", "images through each of the five networks, with ReLUs and with sigmoids")


def network(build: Function, request: Request, seed: int, count: int = 2, channels_last: bool = False) -> None:
    """Give the network random parameters and compare its logits for random images, also if it is channels-last.

    Each layer of the listing has values of its own. Where two layers have the same shapes, both ways to give these to
    the network are tried.
    """
    parameters(build, request)
    model = call(build, request.name, **request.arguments)
    what = f"{request}(images)"
    layers = layers_of(np.asarray(_SHAPES.answers(*_shape_key(request)).right))
    choices = assignments(state_of(model, str(request)), layers, str(request))
    if channels_last:
        model.to(memory_format=student_side.torch.channels_last)
    answers = _LOGITS.answers(*request.key, seed, count)
    readings, found = np.asarray(answers.right), []
    images, values = pictures(count, seed, (3, 32, 32)), layer_values(layers, seed)
    for prefixes in choices:
        load(model, prefixes, values)
        got = outputs_of(model, images, what)
        if any(_equal(got, reading) for reading in readings):
            return
        found.append(got)
        model.eval()
        require(
            not any(_equal(outputs_of(model, images, what), reading) for reading in readings),
            f"{what} is right in evaluation mode, and something else in training mode.",
            DROPOUT,
            "acts-in-training",
        )
        model.train()
    mistakes = recognised(_LOGITS.mistakes, answers)
    compare(_most_telling(found, mistakes), readings[0], what, rtol=_CLOSE, atol=_CLOSE, mistakes=mistakes)


def load(model: Any, prefixes: Sequence[str], values: Sequence[Arrays]) -> None:
    """Give each module of a student's network, by its prefix, the values of a layer."""
    named = {
        f"{prefix}{name}": array
        for prefix, arrays in zip(prefixes, values, strict=True)
        for name, array in arrays.items()
    }
    student_side.load_arrays(model, named)


def _equal(got: NDArray[Any], right: NDArray[Any]) -> bool:
    return got.shape == right.shape and np.allclose(got, right, rtol=_CLOSE, atol=_CLOSE)


def _most_telling(found: Sequence[NDArray[Any]], mistakes: Sequence[Mistake]) -> NDArray[Any]:
    """Of the outputs for several ways to give out the parameters, one that a mistake explains, else the first."""
    wrong = [np.asarray(m.wrong() if callable(m.wrong) else m.wrong) for m in mistakes] if len(found) > 1 else []
    return next((got for got in found if any(_equal(got, value) for value in wrong)), found[0])


def build_options(build: Function) -> None:
    """Check ``padding="same"`` with ``head=64`` for the three CNNs, then each alone, and other heads."""
    for request, seed, count in _OPTIONS:
        network(build, request, seed, count)
    passed("build, padding and head", "padding='same' and heads of several sizes, together and alone")


def independent(build: Function) -> None:
    """Require that two networks do not share their parameters and start at random."""
    first, second = call(build, "cnn_5"), call(build, "cnn_5")
    state, before = state_of(first, "build('cnn_5')"), state_of(second, "build('cnn_5')")
    student_side.load_arrays(first, {name: array + 1 for name, array in state.items()})
    after = student_side.state_arrays(second)
    shared = any(not np.array_equal(before[name], after[name]) for name in before)
    require(
        not shared,
        "when the parameters of one network change, so do those of another.",
        "both networks hold the same layers. Make new ones in every call.",
        "shared-layers",
    )
    require(
        not all(np.array_equal(state[name], before[name]) for name in state),
        "two new networks have the same parameters.",
        "every network should start from random weights of its own.",
        "not-random",
    )
