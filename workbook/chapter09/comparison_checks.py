"""Checks of chapter 09's comparison of two activations; :mod:`gradient_flow` offers them to the chapter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from autograder.testing import CheckFailed, Mistake, call, compare, entries, numbers, passed, require, student_side
from workbook.chapter09.reference import gradient_flow as oracle
from workbook.chapter09.reference import gradient_flow_mistakes as wrong
from workbook.chapter09.reference.comparison_replay import network, replays
from workbook.chapter09.reference.gradient_flow import Array, Labels

Function = Callable[..., Any]
FLOAT32 = {"rtol": 2e-4, "atol": 1e-7}
CURVES = ("loss_curve", "grad_curve")


def called(function: Function, *args: Any) -> Any:
    """``call``, and where a gradient is missing a sentence about why."""
    try:
        return call(function, *args)
    except CheckFailed as failure:
        missing = re.search(r"'NoneType' object has no attribute '(\w+)'", failure.message)
        if missing and hasattr(torch.Tensor, missing[1]):
            raise CheckFailed(failure.message, wrong.CLEARED, "norm-after-zero-grad") from None
        raise


def trained_curves(train: Function, *args: Any) -> Any:
    """What the student's ``train_with_gradients`` returns, with both of its curves."""
    return entries(called(train, *args), CURVES, "train_with_gradients(…)")


def agrees(have: Array, want: Array) -> bool:
    """True where two curves are equal to the accuracy of float32."""
    return have.shape == want.shape and np.allclose(have, want, rtol=FLOAT32["rtol"], atol=FLOAT32["atol"])


_ACTIVATIONS = ("relu", "sigmoid")
_KEYS = ("name", *(f"{activation}_{curve}" for curve in CURVES for activation in _ACTIVATIONS))


def compare_activations(function: Function, train: Function, build: Function) -> None:
    """Check names, starting weights and curves for three networks, and that the seed is left alone."""
    activations(function, train, build, "mlp_1", seed=92, steps=20, epochs=1, rate=0.05)
    activations(function, train, build, "mlp_2", seed=96, steps=5, epochs=2, rate=0.01)
    activations(function, train, build, "cnn_3", seed=97, steps=10, epochs=1, rate=0.03)
    leaves_the_seed_alone(function)
    passed("compare_activations", "keys, equal starts, curves of both networks, for three architectures")


def activations(
    function: Function, train: Function, build: Function, name: str, seed: int, steps: int, epochs: int, rate: float
) -> None:
    """Note with which weights the two networks start, and train such networks again with the student's own loop."""
    loader = coloured_loader(steps, seed)
    count, first, second, got = _watched(function, name, loader, epochs, rate, seed, steps * epochs)
    got = entries(got, _KEYS, f"compare_activations({name!r}, …)")
    require(
        count == 2 * steps * epochs,
        f"{count} forward passes were made; two networks and {steps * epochs} steps each make {2 * steps * epochs}.",
        "each network goes once through the loader in every epoch.",
        "wrong-number-of-steps",
    )
    starts = [[array for layer in layers for array in layer["arrays"]] for layers in (first, second)]
    _same_start(starts[0], starts[1], name)
    message, named = f'result["name"] is {got["name"]!r}; expected {name!r}.', isinstance(got["name"], str)
    hint = "the name of the architecture, as it was passed in."
    require(named and got["name"] == name, message, hint, "wrong-name")
    batches = coloured_batches(steps, seed) * epochs
    expected = {}
    for activation in _ACTIVATIONS:
        model = build(name, activation=activation)
        names = list(student_side.state_arrays(model))
        student_side.load_arrays(model, dict(zip(names, starts[0], strict=True)))
        expected[activation] = trained_curves(train, model, loader, epochs, rate)
        _losses_of_a_training(expected[activation]["loss_curve"], (name, activation, starts[0], batches, rate), steps)
    for activation, other in (_ACTIVATIONS, _ACTIVATIONS[::-1]):
        for key in CURVES:
            want, exchanged = (numbers(expected[a][key], key) for a in (activation, other))
            have, twin = (numbers(got[f"{a}_{key}"], f'result["{a}_{key}"]') for a in (activation, other))
            mistakes = [*_built_wrong(have, want, (first, second)), *_exchanged(twin, exchanged, want)]
            compare(have, want, f'result["{activation}_{key}"]', rtol=1e-3, atol=1e-7, mistakes=mistakes)


def coloured_loader(steps: int, seed: int) -> Any:
    """A loader of ``steps`` batches of two random images (3, 32, 32)."""
    images, labels = (np.concatenate(part) for part in zip(*coloured_batches(steps, seed), strict=True))
    return student_side.array_loader(images, labels, 2)


def coloured_batches(steps: int, seed: int) -> list[tuple[Array, Labels]]:
    """What this loader yields."""
    rng = np.random.default_rng(seed)
    images, labels = rng.standard_normal((2 * steps, 3, 32, 32)), rng.integers(0, 10, 2 * steps)
    return [(images[i : i + 2], labels[i : i + 2]) for i in range(0, 2 * steps, 2)]


def _losses_of_a_training(got: Any, run: tuple[Any, ...], per_epoch: int) -> None:
    """Require that the student's own loop gives the losses of this run, or wrong ones that are recognised.

    Otherwise two functions that agree about any numbers at all would pass.
    """
    what = "the loss curve that train_with_gradients gives for such a network"
    have, runs = numbers(got, what), replays(*run)
    wrongs: dict[str, Any] = dict(runs)
    mistakes = wrong.curve_mistakes(wrongs, lambda one: one.losses, per_epoch, 2)
    known = [*oracle.entries(runs["right"].losses), *(np.asarray(mistake.wrong) for mistake in mistakes)]
    require(
        any(have.shape == curve.shape and np.allclose(have, curve, rtol=1e-2, atol=1e-3) for curve in known),
        f"{what} is not that of a training from these weights.",
        "fix train_with_gradients until its own check passes.",
    )


def _watched(
    function: Function, name: str, loader: Any, epochs: int, rate: float, seed: int, steps: int
) -> tuple[int, list[dict[str, Any]], list[dict[str, Any]], Any]:
    """Call the function from a seed; return the number of passes, the layers of both networks, and the result."""
    student_side.torch.manual_seed(seed)
    passes = student_side.PassesThroughAnyNetwork([0, steps])
    try:
        got = called(function, name, loader, epochs, rate)
    finally:
        count, layers = passes.stop()
    return count, layers.get(0, []), layers.get(steps, []), got


def _same_start(first: Sequence[Array], second: Sequence[Array], name: str) -> None:
    shapes = [tuple(parameter.shape) for parameter in network(name, "relu").parameters()]
    for arrays in (first, second):
        require(
            [array.shape for array in arrays] == shapes,
            f"a network with parameters of shapes {[array.shape for array in arrays]} was trained; "
            f"{name} has {shapes}.",
            "build makes the network of that name.",
            "another-network",
        )
    largest = max(float(np.abs(array).max()) for array in (*first, *second))
    require(largest < 2, f"a network starts with weights up to {largest:.3g}.", "train it as build makes it.")
    spread = min(float(array.std()) for array in first if array.ndim > 1)
    require(spread > 1e-3, "a network starts with weights that are all but equal.", "train it as build makes it.")
    gaps = [float(np.abs(a - b).max()) for a, b in zip(first, second, strict=True)]
    trained = float(np.corrcoef(first[0].ravel(), second[0].ravel())[0, 1]) > 0.5
    require(
        max(gaps) == 0,
        f"the starting weights of the two networks differ by up to {max(gaps):.2g}; expected no difference.",
        wrong.TRAINED_START if trained else wrong.SAME_START,
        "starts-from-trained-weights" if trained else "different-initial-weights",
    )


def _built_wrong(have: Array, want: Array, networks: Sequence[list[dict[str, Any]]]) -> list[Mistake]:
    """The mistakes that the layers of the two networks show, once a curve is wrong."""
    kinds = [[layer["kind"] for layer in layers] for layers in networks]
    if agrees(have, want):
        return []
    if any({"ReLU", "Sigmoid"} <= set(names) for names in kinds):
        return [Mistake("activation-not-replaced", wrong.NOT_REPLACED, have)]
    if any(names[-1] == "Sigmoid" for names in kinds):
        return [Mistake("sigmoid-after-prediction-layer", wrong.AFTER_PREDICTION, have)]
    if kinds[0] == kinds[1]:
        return [Mistake("one-activation-for-both", wrong.ONE_FOR_BOTH, have)]
    return []


def _exchanged(twin: Array, curve: Array, want: Array) -> list[Mistake]:
    hint = wrong.ONE_FOR_BOTH if agrees(twin, curve) else wrong.EXCHANGED
    return [Mistake("curves-exchanged", hint, curve)] if not agrees(curve, want) else []


def leaves_the_seed_alone(function: Function, name: str = "mlp_1") -> None:
    """Require that the networks of two calls start from different weights when the caller's seeds differ."""
    loader = coloured_loader(10, 93)
    (a, *_), (b, *_) = (
        [array for layer in _watched(function, name, loader, 1, 0.01, seed, 10)[1] for array in layer["arrays"]]
        for seed in (94, 95)
    )
    require(not np.array_equal(a, b), "two seeds give the same starting weights.", wrong.SEEDED, "seeded-inside")
