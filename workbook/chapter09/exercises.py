"""Checks of chapter 09: the norm of a gradient, its curve while training, two activations, layer by layer.

Every network is made next to the student's code through ``student_side``; what is judged is plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.testing import Mistake, compare, entries, numbers, passed, require, student_side
from autograder.testing.hint_display import Hints
from workbook.chapter09.comparison_checks import (
    FLOAT32,
    activations,
    agrees,
    called,
    compare_activations,
    trained_curves,
)
from workbook.chapter09.reference import gradient_flow as oracle
from workbook.chapter09.reference import gradient_flow_mistakes as wrong
from workbook.chapter09.reference.gradient_flow import Array, Labels
from workbook.linear_classifier import follows, random_images
from workbook.reference.pipeline import LinearTwin

# Used by the chapter's test cells.
__all__ = ["activations", "compare_activations"]

Function = Callable[..., Any]


# --- first_layer_gradient_norm --------------------------------------------------------------------------------------


def first_layer_gradient_norm(function: Function) -> None:
    """Check a network whose first weight has the gradient (3, -4) and zeros, so the norm 5, then other kinds."""
    nn = student_side.torch.nn
    model = nn.Sequential(nn.Flatten(), nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 2))
    gradients = {
        "1.weight": np.array([[3.0, 0.0, 0.0], [0.0, -4.0, 0.0]]),
        "1.bias": np.array([12.0, 0.0]),
        "3.weight": np.array([[1.0, -2.0], [0.0, 2.0]]),
        "3.bias": np.array([6.0, 8.0]),
    }
    norm(function, model, gradients, "1.weight", "3.weight", expected=5.0)
    convolution = nn.Sequential(nn.Conv2d(3, 2, 2, bias=False), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    norm(function, convolution, random_gradients(convolution, 98), "0.weight", "3.weight")
    inside = nn.Sequential(nn.BatchNorm2d(2), nn.Sequential(nn.ReLU(), nn.Conv2d(2, 3, 3)), nn.Flatten())
    norm(function, inside, random_gradients(inside, 99), "1.1.weight", "1.1.weight", other=("0.weight",))
    passed("first_layer_gradient_norm", "the entries 3 and -4, a convolution, one inside a module and behind a norm")


def norm(
    function: Function, model: Any, gradients: dict[str, Array], first: str, last: str,
    expected: float | None = None, other: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Put gradients into a model and compare the norm.

    Args:
        gradients: arrays by the names of all parameters.
        first, last: the names of the first and the last layer's weights.
        expected: the norm; computed from ``gradients[first]`` where it is None.
        other: parameters before the first layer, such as those of a batch normalisation.
    """
    student_side.set_gradients(model, gradients)
    mistakes = wrong.first_norm_mistakes(gradients, first, last, other, student_side.state_arrays(model))
    want = wrong.norm_of(gradients[first]) if expected is None else expected
    got = called(function, model)
    compare(got, want, "first_layer_gradient_norm(model)", rtol=1e-5, atol=0, mistakes=mistakes)


def random_gradients(model: Any, seed: int) -> dict[str, Array]:
    """Random arrays by the names of a model's parameters, buffers left out."""
    rng = np.random.default_rng(seed)
    shapes = {n: a.shape for n, a in student_side.state_arrays(model).items() if n.endswith(("weight", "bias"))}
    return {name: rng.standard_normal(shape) * 10.0 ** rng.uniform(-3, 1) for name, shape in shapes.items()}


# --- train_with_gradients -------------------------------------------------------------------------------------------


def train_with_gradients(function: Function) -> None:
    """Check both curves of two-layer networks, over epochs of twenty steps and of seven, against a closed form."""
    curves(function, seed=90, count=60, batch_size=3, rate=0.3, epochs=2)
    curves(function, seed=97, count=28, batch_size=4, rate=0.1, epochs=3)
    passed("train_with_gradients", "both curves and the final weights, two epochs of 20 steps, three epochs of 7")


def curves(function: Function, seed: int, count: int, batch_size: int, rate: float, epochs: int) -> None:
    """Train a two-layer network and compare both curves and the weights at the end with a closed form."""
    twin, (images, labels) = oracle.TwoLayerTwin.random(seed), oracle.random_batch(count, seed + 1)
    given = images, labels, batch_size
    runs = _runs(twin, *given, rate, epochs)
    module, loader = twin.module(), student_side.array_loader(*given)
    got = trained_curves(function, module, loader, epochs, rate)
    per_epoch = -(-count // batch_size)
    for key, pick in (("loss_curve", lambda run: run.losses), ("grad_curve", _first_norms)):
        what = f'train_with_gradients(…)["{key}"]'
        have, accepted = numbers(got[key], what), oracle.entries(pick(runs["right"]))
        match = [curve for curve in accepted if agrees(have, curve)]
        mistakes = wrong.curve_mistakes(runs, pick, per_epoch, batch_size)
        if key == "grad_curve":
            zeros = [Mistake("norm-after-zero-grad", wrong.CLEARED, 0 * curve) for curve in accepted]
            mistakes = [*zeros, *_norm_mistakes(runs["right"]), *mistakes]
        compare(have, match[0] if match else accepted[0], what, **FLOAT32, mistakes=mistakes)
    weight, right = student_side.state_arrays(module)[oracle.FIRST], runs["right"].twin.state[oracle.FIRST]
    compare(weight, right, "the model's first weight after training", rtol=1e-3, atol=1e-5)


def _runs(
    twin: oracle.TwoLayerTwin, images: Array, labels: Labels, batch_size: int, rate: float, epochs: int
) -> dict[str, oracle.Run]:
    def run(step: float = rate, **how: Any) -> oracle.Run:
        return oracle.follow(twin, images, labels, batch_size, step, epochs, **how)

    right = run()
    return {
        "right": right,
        "zero-grad-forgotten": run(accumulate=True),
        "no-update": run(0.0),
        "momentum": run(momentum=0.9),
        "learning-rate-ignored": run(0.01),
        "sum-not-mean": run(scale=batch_size),
        "loss-after-update": replace(right, losses=right.later_losses),
    }


def _first_norms(run: oracle.Run) -> Array:
    return np.array([wrong.norm_of(gradients[oracle.FIRST]) for gradients in run.gradients])


def _norm_mistakes(run: oracle.Run) -> list[Mistake]:
    """Curves of a number that is not the first layer's gradient norm."""
    return [
        Mistake(name, hint, curve)
        for name, hint, number in wrong.wrong_norms(oracle.FIRST, oracle.LAST)
        for curve in oracle.entries(np.array([number(gradients) for gradients in run.gradients]))
    ]


def train_mode(function: Function) -> None:
    """Check that a model that has been evaluated is trained in training mode."""
    trains_in_train_mode(function, count=20, batch_size=2, epochs=1)
    passed("train_with_gradients", "a model with batch normalisation that comes in evaluation mode")


def trains_in_train_mode(function: Function, count: int, batch_size: int, epochs: int) -> None:
    """Hand over a model in evaluation mode and require that its batch normalisation takes part in every step.

    The referee sees that by the weights: they move along the gradients of normalised batches. A loop that leaves them
    as they are has to return the losses in training mode.
    """
    nn = student_side.torch.nn
    twin, (images, labels) = LinearTwin.random(91), random_images(count, 92)
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(64, affine=False), nn.Linear(64, 10))
    student_side.load_arrays(model, {"2.weight": twin.weight, "2.bias": twin.bias})
    model.eval()
    got = called(function, model, student_side.array_loader(images, labels, batch_size), epochs, 0.1)
    state = student_side.state_arrays(model)
    seen, steps = int(state["1.num_batches_tracked"]), count // batch_size * epochs
    require(
        seen == steps,
        f"a batch normalisation in the model has taken part in training for {seen} of {steps} steps.",
        wrong.EVAL_MODE,
        "trained-in-eval-mode",
    )
    if not np.allclose(state["2.weight"], twin.weight, rtol=1e-5, atol=1e-7):
        require(
            follows(twin.weight, state["2.weight"], twin.gradient_in_train_mode(images, labels, batch_size)),
            "the weights have not moved along the gradients that the batches have in training mode.",
            wrong.EVAL_MODE,
            "trained-in-eval-mode",
        )
        return
    losses = twin.losses_in_train_mode(images, labels, batch_size)
    accepted = oracle.entries(np.tile(losses, epochs))
    have = numbers(entries(got, ("loss_curve",), "train_with_gradients(…)")["loss_curve"], "loss_curve")
    require(
        any(have.shape == curve.shape and np.allclose(have, curve, rtol=1e-2, atol=1e-3) for curve in accepted),
        "no weight has changed, and the losses are not those of the batches in training mode.",
        "compute the loss of each batch, its gradient, and take a step.",
        "no-update",
    )


# --- gradient_norm_by_layer -----------------------------------------------------------------------------------------


def gradient_norm_by_layer(function: Function) -> None:
    """Check three linear layers, convolutions, and layers that are defined in another order than used."""
    images, labels = oracle.random_batch(6, 96)
    by_layer(function, _three_linear, images, labels)
    by_layer(function, _three_linear, images, labels, defined=(5, 3, 1, 0, 2, 4))
    rng = np.random.default_rng(100)
    colour, kinds = rng.standard_normal((4, 3, 6, 6)), rng.integers(0, 3, 4)
    by_layer(function, _convolutions, colour, kinds)
    by_layer(function, _convolutions, colour, kinds, defined=(6, 0, 3, 1, 5, 4, 2))
    passed("gradient_norm_by_layer", "linear layers and convolutions, defined in the order of use and in another")


def _three_linear(nn: Any) -> list[Any]:
    return [nn.Flatten(), nn.Linear(12, 7), nn.Tanh(), nn.Linear(7, 5, bias=False), nn.Tanh(), nn.Linear(5, 3)]


def _convolutions(nn: Any) -> list[Any]:
    small = nn.Conv2d(4, 2, 3, bias=False)
    return [nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), small, nn.Flatten(), nn.Linear(8, 5), nn.Linear(5, 3)]


def by_layer(
    function: Function, make: Callable[[Any], list[Any]], images: NDArray[Any], labels: Labels,
    defined: Sequence[int] | None = None, repeat: bool = True,
) -> None:  # fmt: skip
    """Compare the norms for a network, then for the same one again.

    Args:
        make: makes the layers, in the order of use, from a library such as ``torch.nn``.
        defined: the order in which the model owns them, as indices into that list; None for the order of use.
        repeat: ask twice: the gradients of the first time must not count.
    """
    order = tuple(defined) if defined is not None else tuple(range(len(make(torch.nn))))
    made = make(student_side.torch.nn)
    places = [order.index(use) for use in range(len(made))]
    model = student_side.rewired([made[use] for use in order], places)
    before = student_side.state_arrays(model)
    here = torch.nn.Sequential(*make(torch.nn))
    renamed = {f"{order[int(name.split('.')[1])]}.{name.split('.', 2)[2]}": array for name, array in before.items()}
    student_side.load_arrays(here, renamed)
    used = [i for i, layer in enumerate(here) if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d))]
    right = oracle.layer_gradient_norms(here, images, labels, tuple(f"{i}.weight" for i in used))
    registered = np.array([right[used.index(i)] for i in sorted(used, key=lambda i: places[i])])
    mistakes = wrong.by_layer_mistakes(right, registered, len(images))
    x, y = student_side.array_loader(images, labels, len(images)).dataset.tensors
    compare(called(function, model, x, y), right, "gradient_norm_by_layer(model, x, y)", **FLOAT32, mistakes=mistakes)
    after = student_side.state_arrays(model)
    learned = [name for name in before if name.endswith(("weight", "bias"))]
    require(
        all(np.array_equal(before[name], after[name]) for name in learned),
        "gradient_norm_by_layer has changed the model's weights.",
        "it measures; no step is taken.",
        "weights-changed",
    )
    if repeat:
        twice = [Mistake("zero-grad-forgotten", wrong.BY_LAYER_ACCUMULATED, 2 * right)]
        again = called(function, model, x, y)
        compare(again, right, "a second call of gradient_norm_by_layer(model, x, y)", **FLOAT32, mistakes=twice)


hint = Hints("workbook.chapter09")
