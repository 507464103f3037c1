"""Checks of chapter 02: the best straight line, a multi-layer perceptron with exact gradients, its training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, Mistake, arrays, call, compare, passed, require, returned
from workbook.chapter02.best_line_checks import best_line_accuracy, line_mistake
from workbook.chapter02.reference.xor_mlp import (
    NAMES,
    Twin,
    mirrored_points,
    new_model,
    outputs_of,
    points,
    read_weights,
    targets_for,
)
from workbook.chapter02.reference.xor_mlp_mistakes import (
    accuracy_mistakes,
    flat_targets,
    forward_mistakes,
    gradient_mistakes,
    loss_mistakes,
    update_mistakes,
)

# Used by the chapter's test cells.
__all__ = [
    "accuracy_mistakes", "best_line_accuracy", "flat_targets", "line_mistake", "mirrored_points", "points",
    "read_weights", "targets_for",
]  # fmt: skip

Array = NDArray[np.float64]
_BACKWARD_ORDER = ("weights_hidden_output", "bias_output", "weights_input_hidden", "bias_hidden")


# --- MLP ------------------------------------------------------------------------------------------------------------


def mlp_forward(MLP: Callable[..., Any]) -> None:
    """Check a new model's parameters, then its output and loss for five samples."""
    initial_weights(MLP)
    forward_and_loss(new_model(MLP, moved=False), *points(5))
    passed("MLP, forward and loss", "new weights, then a tanh network on five samples")


def mlp_gradients(MLP: Callable[..., Any]) -> None:
    """Check the gradients of a 2-3-1 network for each hidden activation, with a sigmoid output."""
    for activation in ("tanh", "sigmoid", "relu"):
        gradients(new_model(MLP, activation=activation), *points(6), activation)
    passed("MLP, gradients", "four parameters, three hidden activations, against autograd")


def mlp_update(MLP: Callable[..., Any]) -> None:
    """Check one step with gradients that are given."""
    model = new_model(MLP, moved=False)
    update(model, {name: array + 1.0 for name, array in read_weights(model).items()}, 0.5)
    passed("MLP, update", "one step of all four parameters")


def initial_weights(MLP: Callable[..., Any]) -> None:
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
    call(MLP, 2, 3, 1)


def forward_and_loss(
    model: Any, X: Array, y: Array, activation: str = "tanh", output_activation: str = "sigmoid"
) -> None:
    """Compare ``model.forward`` and ``model.loss`` with the PyTorch twin."""
    twin = Twin.of(model, X, activation, output_activation)
    compare(call(model.forward, X), twin.forward(), "forward(X)", mistakes=forward_mistakes(model, X, twin))
    compare(call(model.loss, X, y), twin.loss(y), "loss(X, y)", mistakes=loss_mistakes(twin, y))


def gradients(model: Any, X: Array, y: Array, activation: str = "tanh", output_activation: str = "sigmoid") -> None:
    """Compare ``model.gradients`` with PyTorch's autograd, output layer first, as back-propagation goes."""
    got = call(model.gradients, X, y)
    returned(got, "gradients(X, y)", hasattr(got, "keys"), "a dict")
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
            mistakes.append(
                Mistake("forward-pass-wrong", "forward(X) is not right here either: mend it first.", got[name])
            )
        compare(got[name], right[name], what, rtol=1e-6, atol=1e-10, mistakes=mistakes)


def update(model: Any, gradients: dict[str, Array], learning_rate: float) -> None:
    """Check that ``model.update`` moves every parameter by -learning_rate · gradient."""
    before = read_weights(model)
    call(model.update, gradients, learning_rate)
    after = read_weights(model)
    for name in NAMES:
        compare(
            after[name],
            before[name] - learning_rate * gradients[name],
            f"{name} after update(gradients, {learning_rate})",
            mistakes=update_mistakes(before[name], gradients[name], learning_rate),
        )


# --- train and accuracy ---------------------------------------------------------------------------------------------


def train(function: Callable[..., Any], MLP: Callable[..., Any]) -> None:
    """Check ``train``: one epoch against the model's own loss and gradients, then the length of the history."""
    X, y = points(12)
    one_epoch(function, new_model(MLP), X, y, 0.3)
    losses = np.asarray(call(function, new_model(MLP), X, y, 7, 0.3))
    require(
        losses.shape == (7,),
        f"train(model, X, y, epochs=7, …) returns {losses.size} loss(es); expected a list of 7.",
        "one loss for each epoch, recorded before its update.",
        "history-length",
    )
    passed("train", "one epoch, and the length of the history")


def one_epoch(function: Callable[..., Any], model: Any, X: Array, y: Array, rate: float) -> None:
    """Train for one epoch and compare loss and parameters with the model's own ``loss`` and ``gradients``."""
    before, loss = read_weights(model), _loss(model, X, y)
    slopes = call(model.gradients, X, y)
    history = call(function, model, X, y, 1, rate)
    after_loss = _loss(model, X, y)
    compare(
        history,
        [loss],
        "train(model, X, y, epochs=1, …)",
        mistakes=[
            Mistake("loss-after-update", "record the loss of an epoch before its update, not after it.", [after_loss])
        ],
    )
    after = read_weights(model)
    require(
        any(not np.array_equal(after[name], before[name]) for name in NAMES),
        "no parameter of the model has changed after one epoch.",
        "train has to change the model that it is given, once in each epoch.",
        "model-not-trained",
    )
    for name in NAMES:
        slope = np.asarray(slopes.get(name, 0.0 * before[name]))
        two = "the parameter moved twice as far as one step: look for a second update in the loop."
        compare(
            after[name],
            before[name] - rate * slope,
            f"{name} after one epoch",
            mistakes=[
                *update_mistakes(before[name], slope, rate),
                Mistake("two-updates", two, before[name] - 2 * rate * slope),
            ],
        )


def _loss(model: Any, X: Array, y: Array) -> float:
    got = call(model.loss, X, y)
    value = arrays([got], "loss(X, y)")[0]
    is_number = got is not None and value.size == 1 and bool(np.isfinite(value).all())
    require(is_number, "loss(X, y) does not return a finite number.", "mend the MLP first.")
    return float(value.item())


def epochs_in_a_row(function: Callable[..., Any], MLP: Callable[..., Any], epochs: int, rate: float) -> None:
    """Require that one long run equals as many runs of one epoch from the same start."""
    X, y = points(20, seed=6)
    model = new_model(MLP, (2, 4, 1), "sigmoid", seed=5)
    start = read_weights(model)
    slopes = call(model.gradients, X, y)
    history = call(function, model, X, y, epochs, rate)
    end = read_weights(model)
    call(model.update, {name: end[name] - start[name] for name in NAMES}, 1.0)
    single = [float(np.asarray(call(function, model, X, y, 1, rate)).item()) for _ in range(epochs)]
    for name, value in read_weights(model).items():
        stale = start[name] - epochs * rate * np.asarray(slopes.get(name, 0.0))
        hint = "every epoch uses the gradients of the first one. They change with each step."
        compare(end[name], value, f"{name} after training", mistakes=[Mistake("stale-gradients", hint, stale)])
    compare(history, single, "the losses")


def accuracy(function: Callable[..., Any], MLP: Callable[..., Any]) -> None:
    """Check ``accuracy`` where seven of ten predictions are right, for both shapes of targets."""
    model = new_model(MLP, (2, 4, 1), seed=8, moved=False)
    X = mirrored_points(5, seed=9)
    y = targets_for(model, X, wrong=3)
    for targets, shape in ((y, "(10, 1)"), (y.ravel(), "(10,)")):
        compare(
            call(function, model, X, targets),
            0.7,
            f"accuracy(model, X, y) with targets of shape {shape}",
            mistakes=accuracy_mistakes(model, X, y, 0.5),
        )
    targets = targets_for(model, X, wrong=3, threshold=0.1)
    compare(
        call(function, model, X, targets, 0.1),
        0.7,
        "accuracy(model, X, y, threshold=0.1)",
        mistakes=accuracy_mistakes(model, X, targets, 0.1),
    )
    passed("accuracy", "targets as a column and as a flat array, and another threshold")
