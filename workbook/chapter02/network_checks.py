"""Checks of chapter 02: one network, compared with its PyTorch twin, method by method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, Mistake, call, compare, method, require, returned
from workbook.chapter02.reference.xor_mlp import NAMES, Twin, new_model, outputs_of, points, read_weights
from workbook.chapter02.reference.xor_mlp_mistakes import (
    flat_targets,
    forward_mistakes,
    gradient_mistakes,
    loss_mistakes,
    update_mistakes,
)

Array = NDArray[np.float64]
Model = Callable[..., Any]
ACTIVATIONS, OUTPUT_ACTIVATIONS = ("tanh", "sigmoid", "relu"), ("sigmoid", "relu", "tanh")
_BACKWARD_ORDER = ("weights_hidden_output", "bias_output", "weights_input_hidden", "bias_hidden")


def initial_weights(MLP: Model) -> None:
    """Check that weights are standard normal, biases zero, and that the generator passed in is used."""
    weights = read_weights(new_model(MLP, (40, 300, 40), seed=3, moved=False))
    for name in ("weights_input_hidden", "weights_hidden_output"):
        spread, centre = float(weights[name].std()), float(weights[name].mean())
        hint, known = "draw weights from a normal distribution of mean 0 and standard deviation 1.", "weight-spread"
        if spread == 0:
            hint, known = "all weights are equal, so all hidden units stay equal for ever.", "constant-weights"
        elif centre > 0.3:
            hint, known = "these look uniform on [0, 1): no weight is negative.", "uniform-weights"
        require(
            abs(spread - 1) < 0.05 and abs(centre) < 0.05,
            f"the 12000 entries of {name} have mean {centre:.3f} and standard deviation {spread:.3f}; "
            "expected about 0 and 1.",
            hint,
            known,
        )
    for name in ("bias_hidden", "bias_output"):
        require(not weights[name].any(), f"{name} is not zero in a new model.", "biases start at 0.", "nonzero-bias")
    again = read_weights(new_model(MLP, (40, 300, 40), seed=3, moved=False))
    require(
        all(np.array_equal(weights[name], again[name]) for name in NAMES),
        "two models made with equally seeded generators have different weights.",
        "draw from the generator rng that is passed in, not from np.random.",
        "rng-ignored",
    )
    other = read_weights(new_model(MLP, (40, 300, 40), seed=4, moved=False))
    for name in ("weights_input_hidden", "weights_hidden_output"):
        require(
            not np.array_equal(weights[name], other[name]),
            f"two models made with differently seeded generators have the same {name}.",
            "draw all weights from the generator rng that is passed in.",
            "rng-ignored",
        )
    default, fresh = (read_weights(call(MLP, 2, 3, 1)) for _ in range(2))
    require(
        not np.array_equal(default["weights_input_hidden"], fresh["weights_input_hidden"]),
        "two models made without a generator have the same weights.",
        "without rng each model draws from a generator of its own, with no fixed seed.",
        "fixed-seed",
    )


def forward_and_loss(
    model: Any, X: Array, y: Array, activation: str = "tanh", output_activation: str = "sigmoid"
) -> None:
    """Compare ``model.forward`` and ``model.loss`` with the PyTorch twin."""
    twin = Twin.of(model, X, activation, output_activation)
    about = f"{activation} hidden layer, {output_activation} output"
    got = call(method(model, "forward"), X)
    compare(got, twin.forward(), f"forward(X) ({about})", mistakes=forward_mistakes(model, X, twin))
    loss = call(method(model, "loss"), X, y)
    compare(loss, twin.loss(y), f"loss(X, y) ({about})", mistakes=loss_mistakes(twin, y))


def flat_loss(model: Any, seed: int) -> None:
    """Require that ``model.loss`` takes targets of shape (N,)."""
    flat_targets(method(model, "loss"), *points(6, seed=seed), "loss")


def flat_gradients(model: Any, seed: int) -> None:
    """Require that ``model.gradients`` takes targets of shape (N,)."""
    flat_targets(method(model, "gradients"), *points(6, seed=seed), "gradients")


def far_inputs(model: Any, seed: int) -> None:
    """Require that a sigmoid output stays in [0, 1] for inputs of a thousand, without a warning."""
    outputs = call(method(model, "forward"), 1e3 * points(5, seed=seed)[0], quiet=True)
    inside = np.min(outputs) >= 0 and np.max(outputs) <= 1
    hint = "the output of a sigmoid lies there for any input. Use the functions that are given."
    require(bool(inside), "forward(X) leaves [0, 1] for inputs of a thousand.", hint, "output-range")


def gradients(model: Any, X: Array, y: Array, activation: str = "tanh", output_activation: str = "sigmoid") -> None:
    """Compare ``model.gradients`` with PyTorch's autograd, output layer first, as back-propagation goes."""
    before = read_weights(model)
    got = call(method(model, "gradients"), X, y)
    returned(got, "gradients(X, y)", hasattr(got, "keys"), "a dict")
    moved = [name for name, array in read_weights(model).items() if not np.array_equal(array, before[name])]
    hint = "gradients only computes; the step is taken by update."
    require(not moved, f"gradients(X, y) has changed {', '.join(moved)} of the model.", hint, "updates-in-gradients")
    twin = Twin.of(model, X, activation, output_activation)
    right = twin.gradients(y)
    outputs = outputs_of(model, X)
    forward_right = outputs.shape == y.shape and np.allclose(outputs, twin.forward())
    for name in _BACKWARD_ORDER:
        what = f'gradients(X, y)["{name}"] ({activation} hidden layer, {output_activation} output)'
        if name not in got:
            bias = name.startswith("bias")
            raise CheckFailed(
                f"gradients(X, y) has no entry {name!r}.",
                "a bias is a parameter like any other and has a gradient." if bias else "there are four parameters.",
                "missing-bias-gradient" if bias else "missing-gradient",
            )
        if name.startswith("bias") and np.shape(got[name]) == (len(X), right[name].shape[1]) != right[name].shape:
            raise CheckFailed(
                f"{what} has shape {np.shape(got[name])}; expected {right[name].shape}.",
                "this is one gradient for each sample; the bias is shared by all samples.",
                "bias-gradient-per-sample",
            )
        mistakes = gradient_mistakes(twin, y, name)
        if not forward_right:
            wrong = "forward(X) is not right here: fix it first. The check of step 1 shows such a network."
            mistakes.append(Mistake("forward-pass-wrong", wrong, got[name]))
        compare(got[name], right[name], what, rtol=1e-6, atol=1e-10, mistakes=mistakes)


def update(model: Any, gradients: dict[str, Array], learning_rate: float) -> None:
    """Check that ``model.update`` moves every parameter by -learning_rate · gradient."""
    before = read_weights(model)
    call(method(model, "update"), gradients, learning_rate)
    after = read_weights(model)
    for name in NAMES:
        compare(
            after[name],
            before[name] - learning_rate * gradients[name],
            f"{name} after update(gradients, {learning_rate})",
            mistakes=update_mistakes(before[name], gradients[name], learning_rate, after[name]),
        )


def two_updates(model: Any, width: int, rates: tuple[float, float]) -> None:
    """Check two steps in a row, and that the forward pass uses the new parameters."""
    X, _ = points(6, width)
    before = outputs_of(model, X)
    step = {name: np.sin(array + 2.0) for name, array in read_weights(model).items()}
    for rate in rates:
        update(model, step, rate)
    hint = "forward uses other arrays than those that update changes. There is one set of parameters."
    same = np.allclose(before, outputs_of(model, X))
    require(not same, "forward(X) gives the same outputs before and after two updates.", hint, "stale-parameters")
