"""Checks of chapter 09: norms of gradients, of the first layer and layer by layer; the others are in their own modules.

Every network is made next to the student's code through ``student_side``; what is judged is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Mistake, Quantity, compare, passed, require, student_side
from autograder.testing.hint_display import Hints
from autograder.testing.quantity import recognised
from workbook.chapter09.comparison_checks import activations, compare_activations
from workbook.chapter09.curve_checks import (
    FLOAT32,
    called,
    curves,
    train_mode,
    train_with_gradients,
    trains_in_train_mode,
)
from workbook.chapter09.inputs import (
    Array,
    Labels,
    Layer,
    known_parameters,
    layer,
    made,
    random_batch,
    with_weights,
)
from workbook.chapter09.wrong_values import NORMS, SQUARED, TWICE

# Used by the chapter's test cells.
__all__ = [
    "activations", "compare_activations", "curves", "layer", "train_mode", "train_with_gradients",
    "trains_in_train_mode",
]  # fmt: skip

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter09.reference.norms"


# --- first_layer_gradient_norm --------------------------------------------------------------------------------------

_GIVEN_GRADIENTS = {
    "1.weight": np.array([[3.0, 0.0, 0.0], [0.0, -4.0, 0.0]]),
    "1.bias": np.array([12.0, 0.0]),
    "3.weight": np.array([[1.0, -2.0], [0.0, 2.0]]),
    "3.bias": np.array([6.0, 8.0]),
}
_CONVOLUTION = {"0.weight": (2, 3, 2, 2), "3.weight": (3, 8), "3.bias": (3,)}
_INSIDE = {"0.weight": (2,), "0.bias": (2,), "1.1.weight": (3, 2, 3, 3), "1.1.bias": (3,)}


def drawn(shapes: dict[str, tuple[int, ...]], seed: int) -> dict[str, Array]:
    """Random arrays of these shapes, of several sizes."""
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal(shape) * 10.0 ** rng.uniform(-3, 1) for name, shape in shapes.items()}


# The visible cases: gradients by the names of the parameters, the first and the last layer's weight, parameters of
# other kinds before the first layer.
_PLAIN = _GIVEN_GRADIENTS, "1.weight", "3.weight"
_BEHIND_A_CONVOLUTION = drawn(_CONVOLUTION, 98), "0.weight", "3.weight"
_BEHIND_A_NORM = drawn(_INSIDE, 99), "1.1.weight", "1.1.weight", ("0.weight",)
_FIRST_NORM = Quantity(
    f"{_REFERENCE}:first_norm",
    {
        **NORMS,
        "first-parameter-of-any-kind": "this parameter belongs to a batch normalisation. The first layer is the first "
        "Linear or Conv2d, whatever has parameters before it.",
        "not-one-number": "one number is asked for, over all entries of the gradient, whatever their axes.",
    },
    [
        Case("first_layer_gradient_norm(model)", case)
        for case in ((*_PLAIN, ()), (*_BEHIND_A_CONVOLUTION, ()), _BEHIND_A_NORM)
    ],
    rtol=1e-5,
    atol=0,
)
_WEIGHT = "this is the norm of the weight itself. Where does PyTorch keep its gradient?"


def first_layer_gradient_norm(function: Function) -> None:
    """Check a network whose first weight has the gradient (3, -4) and zeros, so the norm 5, then other kinds."""
    nn = student_side.torch.nn
    norm(function, nn.Sequential(nn.Flatten(), nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 2)), *_PLAIN)
    convolution = nn.Sequential(nn.Conv2d(3, 2, 2, bias=False), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    norm(function, convolution, *_BEHIND_A_CONVOLUTION)
    inside = nn.Sequential(nn.BatchNorm2d(2), nn.Sequential(nn.ReLU(), nn.Conv2d(2, 3, 3)), nn.Flatten())
    norm(function, inside, *_BEHIND_A_NORM)
    passed("first_layer_gradient_norm", "the entries 3 and -4, a convolution, one inside a module and behind a norm")


def norm(
    function: Function, model: Any, gradients: dict[str, Array], first: str, last: str, other: tuple[str, ...] = ()
) -> None:
    """Put gradients into a model and compare the norm.

    Args:
        gradients: arrays by the names of all parameters.
        first, last: the names of the first and the last layer's weights.
        other: parameters before the first layer, such as those of a batch normalisation.
    """
    weight = np.random.default_rng(len(gradients)).standard_normal(gradients[first].shape)
    student_side.load_arrays(model, {first: weight})
    student_side.set_gradients(model, gradients)
    of_the_weight = Mistake("weight-not-gradient", _WEIGHT, np.linalg.norm(weight))
    what = "first_layer_gradient_norm(model)"
    _FIRST_NORM.compare(called(function, model), what, gradients, first, last, other, also=[of_the_weight])


def random_gradients(model: Any, seed: int) -> dict[str, Array]:
    """Random arrays by the names of a model's parameters, buffers left out."""
    state = student_side.state_arrays(model)
    return drawn({name: a.shape for name, a in state.items() if name.endswith(("weight", "bias"))}, seed)


# --- gradient_norm_by_layer -----------------------------------------------------------------------------------------

_THREE_LINEAR = (
    layer("Flatten"), layer("Linear", 12, 7), layer("Tanh"), layer("Linear", 7, 5, bias=False), layer("Tanh"),
    layer("Linear", 5, 3),
)  # fmt: skip
_CONVOLUTIONS = (
    layer("Conv2d", 3, 4, 3), layer("BatchNorm2d", 4), layer("ReLU"), layer("Conv2d", 4, 2, 3, bias=False),
    layer("Flatten"), layer("Linear", 8, 5), layer("Linear", 5, 3),
)  # fmt: skip
_IMAGES, _LABELS = random_batch(6, 96)
_COLOUR = np.random.default_rng(100).standard_normal((4, 3, 6, 6))
_KINDS = np.array([1, 0, 2, 0])
# The visible cases: layers in the order of use, images, labels, and the order in which the network owns its layers.
_NETWORKS: tuple[tuple[tuple[Layer, ...], Array, Labels, tuple[int, ...]], ...] = (
    (_THREE_LINEAR, _IMAGES, _LABELS, (0, 1, 2, 3, 4, 5)),
    (_THREE_LINEAR, _IMAGES, _LABELS, (5, 3, 1, 0, 2, 4)),
    (_CONVOLUTIONS, _COLOUR, _KINDS, (0, 1, 2, 3, 4, 5, 6)),
    (_CONVOLUTIONS, _COLOUR, _KINDS, (6, 0, 3, 1, 5, 4, 2)),
)
_LAYER_NORMS = Quantity(
    f"{_REFERENCE}:layer_norms",
    {
        "order-of-definition": "these are the right numbers in the order in which the layers were defined (or of "
        "their names). The model uses them in another order: let the forward pass tell you.",
        "last-layer-first": "these run from the loss to the input, as the backward pass does. Begin at the input.",
        "squared-norm": SQUARED,
        "sum-not-mean": "these belong to the sum of the losses; take the mean over the batch.",
        "loss-divided-twice": TWICE,
        "normalised": "these were divided by one another; give the norms themselves.",
    },
    [Case("gradient_norm_by_layer(model, x, y)", case) for case in _NETWORKS],
)
_ACCUMULATED = (
    "a model that already holds gradients gives another answer. backward() adds to what is there; start from nothing."
)


def gradient_norm_by_layer(function: Function) -> None:
    """Check three linear layers, convolutions, and layers that are defined in another order than used."""
    for case in _NETWORKS:
        by_layer(function, *case)
    passed("gradient_norm_by_layer", "linear layers and convolutions, defined in the order of use and in another")


def by_layer(
    function: Function, layers: Sequence[Layer], images: NDArray[Any], labels: Labels,
    defined: Sequence[int] | None = None, repeat: bool = True,
) -> None:  # fmt: skip
    """Compare the norms for a network with known parameters, then for the same one again.

    Args:
        layers: in the order of use.
        defined: the order in which the model owns them, as numbers of layers; None for the order of use.
        repeat: ask twice: the gradients of the first time must not count.
    """
    order = tuple(range(len(layers)) if defined is None else defined)
    answers = _LAYER_NORMS.answers(tuple(layers), images, labels, order)
    right = np.asarray(answers.right)
    model = _model(layers, order)
    before = student_side.state_arrays(model)
    x, y = student_side.array_loader(images, labels, len(images)).dataset.tensors
    what, mistakes = "gradient_norm_by_layer(model, x, y)", recognised(_LAYER_NORMS.mistakes, answers)
    compare(called(function, model, x, y), right, what, **FLOAT32, mistakes=mistakes)
    after = student_side.state_arrays(model)
    learned = [name for name in before if name.endswith(("weight", "bias"))]
    require(
        all(np.array_equal(before[name], after[name]) for name in learned),
        "gradient_norm_by_layer has changed the model's weights.",
        "it measures; no step is taken.",
        "weights-changed",
    )
    if repeat:
        twice = [Mistake("zero-grad-forgotten", _ACCUMULATED, 2 * right)]
        compare(called(function, model, x, y), right, f"a second call of {what}", **FLOAT32, mistakes=twice)


def _model(layers: Sequence[Layer], order: Sequence[int]) -> Any:
    """A network next to the student's code that owns its layers in this order, with the known parameters."""
    modules, places = made(student_side.torch.nn, layers), [order.index(use) for use in range(len(layers))]
    model = student_side.rewired([modules[use] for use in order], places)
    known = known_parameters(layers)
    named = {
        f"layers.{places[number]}.{name}": array
        for number in with_weights(layers)
        for name, array in known[number].items()
    }
    student_side.load_arrays(model, named)
    return model


hint = Hints("workbook.chapter09")
