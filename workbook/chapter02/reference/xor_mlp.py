"""A twin in PyTorch of a network with one hidden layer: what its outputs, loss and gradients should be.

It reads the four parameter arrays of a student's model and lets autograd do the rest, in float64. Wrong gradients that
students hand in are vector-Jacobian products of the same twin with another cotangent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from autograder.testing import CheckFailed, call, method, require, student_side

Array = NDArray[np.float64]
NAMES = ("weights_input_hidden", "bias_hidden", "weights_hidden_output", "bias_output")
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
}
# Derivatives written in terms of the output a = f(z); students apply them to z by mistake.
_FROM_OUTPUT: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh": lambda a: 1 - a**2,
    "sigmoid": lambda a: a * (1 - a),
    "relu": lambda a: (a > 0).to(a.dtype),
}


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


def new_model(
    MLP: Callable[..., Any],
    sizes: tuple[int, int, int] = (2, 3, 1),
    activation: str = "tanh",
    output_activation: str = "sigmoid",
    seed: int = 0,
    moved: bool = True,
) -> Any:
    """A model of the student's class; ``moved`` gives it other parameters, with biases that are not zero."""
    rng = np.random.default_rng(seed)
    model = call(MLP, *sizes, activation=activation, output_activation=output_activation, rng=rng)
    inputs, hidden, outputs = sizes
    expected = ((inputs, hidden), (1, hidden), (hidden, outputs), (1, outputs))
    for (name, array), shape in zip(read_weights(model).items(), expected, strict=True):
        require(
            array.shape == shape,
            f"{name} has shape {array.shape} in a model of sizes {sizes}; expected {shape}.",
            "compare with the shapes in the docstring.",
            "parameter-shape",
        )
    if moved:
        arrays = zip(read_weights(model).items(), expected, strict=True)
        moved_arrays = {name: array - 0.7 * rng.standard_normal(shape) for (name, array), shape in arrays}
        student_side.set_arrays(model, moved_arrays)
    return model


def points(count: int, width: int = 2, columns: int = 1, seed: int = 1) -> tuple[Array, Array]:
    """Random inputs (count, width) and targets 0.0 or 1.0 of shape (count, columns)."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, width)), rng.integers(0, 2, (count, columns)).astype(np.float64)


def mirrored_points(count: int, seed: int) -> Array:
    """Inputs x and -x, (2 * count, 2): a new tanh network, whose biases are zero, puts half of them above 0.5."""
    X, _ = points(count, seed=seed)
    return np.concatenate([X, -X])


def targets_for(model: Any, X: Array, wrong: int, threshold: float = 0.5) -> Array:
    """Targets (N, 1) that the model's thresholded outputs meet except at the first ``wrong`` samples."""
    above = outputs_of(model, X).reshape(-1, 1) > threshold
    above[:wrong] = ~above[:wrong]
    return above.astype(np.float64)


def outputs_of(model: Any, X: Array) -> Array:
    """What the model's own ``forward`` returns for ``X``, as float64.

    Raises:
        CheckFailed: if that is not an array of numbers.
    """
    try:
        return np.asarray(call(method(model, "forward"), X), dtype=np.float64)
    except (TypeError, ValueError):
        raise CheckFailed("forward(X) does not return an array of numbers.", "fix the class MLP first.") from None


@dataclass(frozen=True)
class Twin:
    """One forward pass in PyTorch, with every intermediate result kept for differentiation.

    Attributes:
        parameters: W (D, H), b (1, H), V (H, C), c (1, C), in the order of ``NAMES``.
        z1, a1: pre-activations and activations of the hidden layer, (N, H).
        z2, outputs: the same for the output layer, (N, C).
    """

    parameters: tuple[Tensor, ...]
    z1: Tensor
    a1: Tensor
    z2: Tensor
    outputs: Tensor
    activation: str
    output_activation: str

    @classmethod
    def of(cls, model: Any, inputs: ArrayLike, activation: str = "tanh", output_activation: str = "sigmoid") -> Twin:
        """Run ``inputs`` (N, D) through a twin that has the weights of ``model``."""
        parameters = tuple(torch.tensor(array, requires_grad=True) for array in read_weights(model).values())
        W, b, V, c = parameters
        z1 = torch.addmm(b, torch.tensor(np.asarray(inputs, dtype=np.float64)), W)
        a1 = ACTIVATIONS[activation](z1)
        z2 = torch.addmm(c, a1, V)
        return cls(parameters, z1, a1, z2, ACTIVATIONS[output_activation](z2), activation, output_activation)

    def forward(self) -> Array:
        """The outputs, (N, C)."""
        return _numpy(self.outputs)

    def loss(self, targets: ArrayLike) -> float:
        """Mean squared error over all entries; ``targets`` has as many entries as there are outputs."""
        return float(torch.nn.functional.mse_loss(self.outputs, self._targets(targets)).detach())

    def gradients(self, targets: ArrayLike) -> dict[str, Array]:
        """Autograd's gradient of the loss for each parameter, by name."""
        loss = torch.nn.functional.mse_loss(self.outputs, self._targets(targets))
        return _named(torch.autograd.grad(loss, self.parameters, retain_graph=True))

    def wrong_gradients(self, targets: ArrayLike, **changes: Tensor) -> dict[str, Array]:
        """The gradients that come out when a factor of the chain rule is replaced.

        Args:
            changes: ``output`` (N, C) stands in for the delta of the output layer, ``sent_back`` (N, C) for what is
                propagated from there to the hidden layer, ``slope`` (N, H) for the derivative of the hidden activation.
        """
        delta = self.error(targets) * slope_at(self.output_activation, self.z2)
        output = changes.get("output", delta)
        sent_back = changes.get("sent_back", output)
        (back,) = torch.autograd.grad(self.z2, self.a1, sent_back, retain_graph=True)
        hidden = back * changes.get("slope", slope_at(self.activation, self.z1))
        first = torch.autograd.grad(self.z1, self.parameters[:2], hidden, retain_graph=True)
        return _named(first + torch.autograd.grad(self.z2, self.parameters[2:], output, retain_graph=True))

    def error(self, targets: ArrayLike) -> Tensor:
        """Derivative of the loss with respect to the outputs, (N, C)."""
        return (2 * (self.outputs - self._targets(targets)) / self.outputs.numel()).detach()

    def slope_at_output(self) -> tuple[Tensor, Tensor]:
        """The derivatives of both activations, evaluated at f(z) instead of z; hidden layer, then output layer."""
        return slope_at(self.activation, self.a1), slope_at(self.output_activation, self.outputs)

    def output_formula_at_z(self) -> tuple[Tensor, Tensor]:
        """The derivative's formula in terms of the output, evaluated at the pre-activation, hidden and output layer."""
        return _FROM_OUTPUT[self.activation](self.z1.detach()), _FROM_OUTPUT[self.output_activation](self.z2.detach())

    def _targets(self, targets: ArrayLike) -> Tensor:
        return torch.tensor(np.asarray(targets, dtype=np.float64)).reshape(self.outputs.shape)


def slope_at(activation: str, at: Tensor) -> Tensor:
    """PyTorch's derivative of an activation."""
    point = at.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(ACTIVATIONS[activation](point).sum(), point)
    return slope


def _named(tensors: tuple[Tensor, ...]) -> dict[str, Array]:
    return {name: _numpy(tensor) for name, tensor in zip(NAMES, tensors, strict=True)}


def _numpy(tensor: Tensor) -> Array:
    return np.asarray(tensor.detach().numpy(), dtype=np.float64)
