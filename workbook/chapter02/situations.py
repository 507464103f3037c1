"""Networks with parameters of the check's choice, and batches for them: what they have to compute is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, call, method, require, student_side

Array = NDArray[np.float64]
Model = Callable[..., Any]
Sizes = tuple[int, int, int]

HIDDEN_LAYER = ("weights_input_hidden", "bias_hidden")
OUTPUT_LAYER = ("weights_hidden_output", "bias_output")
NAMES = (*HIDDEN_LAYER, *OUTPUT_LAYER)


@dataclass(frozen=True, eq=False)
class Situation:
    """A network and a batch.

    Attributes:
        weights: the four parameter arrays by name.
        X, y: inputs (N, D) and targets (N, C).
        activation, output_activation: keys of the chapter's ``ACTIVATIONS``.
    """

    weights: dict[str, Array]
    X: Array
    y: Array
    activation: str = "tanh"
    output_activation: str = "sigmoid"

    @property
    def about(self) -> str:
        """Which network this is, for a message."""
        return f"{self.activation} hidden layer, {self.output_activation} output"

    @property
    def kinds(self) -> tuple[str, str]:
        """Both activations."""
        return self.activation, self.output_activation

    @property
    def sizes(self) -> Sizes:
        """Numbers of inputs, hidden units and outputs."""
        return (*self.weights["weights_input_hidden"].shape, self.y.shape[1])

    def model(self, MLP: Model) -> Any:
        """A model of the student's class with these parameters."""
        made = new_model(MLP, self.sizes, *self.kinds)
        student_side.set_arrays(made, self.weights)
        return made

    def in_large_units(self) -> Situation:
        """The same network for inputs in a unit that is a thousandth: its outputs are the same."""
        smaller = self.weights["weights_input_hidden"] / 1000
        return replace(self, X=1000 * self.X, weights={**self.weights, "weights_input_hidden": smaller})

    def with_large_activations(self) -> Situation:
        """The network with a ReLU in its hidden layer and activations there that are a thousand times as large."""
        larger = {name: 1000 * self.weights[name] for name in HIDDEN_LAYER}
        smaller = self.weights["weights_hidden_output"] / 1000
        weights = {**self.weights, **larger, "weights_hidden_output": smaller}
        return replace(self, weights=weights, activation="relu")


def situation(
    sizes: Sizes = (2, 3, 1),
    activation: str = "tanh",
    output_activation: str = "sigmoid",
    seed: int = 0,
    count: int = 7,
) -> Situation:
    """Random parameters, none of them zero, and a batch of ``count`` samples with targets of several values."""
    rng = np.random.default_rng(seed)
    weights = {name: np.round(rng.standard_normal(shape), 2) for name, shape in zip(NAMES, _shapes(sizes), strict=True)}
    X = np.round(rng.standard_normal((count, sizes[0])), 2)
    return Situation(weights, X, rng.choice([0.0, 1.0, -0.8, 2.2], (count, sizes[2])), activation, output_activation)


def _shapes(sizes: Sizes) -> list[tuple[int, int]]:
    inputs, hidden, outputs = sizes
    return [(inputs, hidden), (1, hidden), (hidden, outputs), (1, outputs)]


def new_model(
    MLP: Model, sizes: Sizes, activation: str = "tanh", output_activation: str = "sigmoid", seed: int = 0
) -> Any:
    """A new model of the student's class, after a look at the shapes of its parameters."""
    rng = np.random.default_rng(seed)
    model = call(MLP, *sizes, activation=activation, output_activation=output_activation, rng=rng)
    for (name, array), shape in zip(read_weights(model).items(), _shapes(sizes), strict=True):
        require(
            array.shape == shape,
            f"{name} has shape {array.shape} in a model of sizes {sizes}; expected {shape}.",
            "compare with the shapes in the docstring.",
            "parameter-shape",
        )
    return model


def read_weights(model: Any) -> dict[str, Array]:
    """Copies of a model's four parameter arrays, by name.

    Raises:
        CheckFailed: if one is missing or does not hold numbers.
    """
    weights = {}
    for name in NAMES:
        try:
            weights[name] = np.array(getattr(model, name), dtype=np.float64)
        except AttributeError:
            raise CheckFailed(
                f"the model has no attribute {name}.",
                "the docstring lists the four attribute names. Each is set in __init__ as self.name = ...",
                "attribute-name",
            ) from None
        except (TypeError, ValueError):
            raise CheckFailed(f"the model's attribute {name} is not an array of numbers.") from None
    return weights


def outputs_of(model: Any, X: Array) -> Array:
    """What the model's own ``forward`` returns for ``X``, as float64.

    Raises:
        CheckFailed: if that is not an array of numbers.
    """
    try:
        return np.asarray(call(method(model, "forward"), X), dtype=np.float64)
    except (TypeError, ValueError):
        raise CheckFailed("forward(X) does not return an array of numbers.", "fix the class MLP first.") from None
