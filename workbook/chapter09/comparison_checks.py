"""Checks of chapter 09's comparison of two activations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder.testing import (
    Case,
    Mistake,
    Quantity,
    ReferenceMissing,
    compare,
    entries,
    numbers,
    passed,
    require,
    student_side,
)
from autograder.testing.answers import live_answers
from autograder.testing.connection import current
from workbook.chapter09.curve_checks import CURVES, agrees, called, trained_curves
from workbook.chapter09.curves import entries as accepted_curves
from workbook.chapter09.curves import wrong_curves
from workbook.chapter09.inputs import Array, coloured_batches
from workbook.training_replay import Batch, replay

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter09.reference.networks"
_ACTIVATIONS = ("relu", "sigmoid")
_KEYS = ("name", *(f"{activation}_{curve}" for curve in CURVES for activation in _ACTIVATIONS))
# The visible cases: name of the network, seed, steps in an epoch, epochs, learning rate.
_CASES = (("mlp_1", 92, 20, 1, 0.05), ("mlp_2", 96, 5, 2, 0.01), ("cnn_3", 97, 10, 1, 0.03))
_SHAPES = Quantity(f"{_REFERENCE}:shapes", {}, [Case("the shapes of all parameters", case[:1]) for case in _CASES])


def compare_activations(function: Function, train: Function, build: Function) -> None:
    """Check names, starting weights and curves for three networks, and that the seed is left alone."""
    for case in _CASES:
        activations(function, train, build, *case)
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
        twin = _network(build, name, activation)
        known = _known_losses(twin, starts[0], batches, rate, steps)
        _losses_of_a_training(expected[activation]["loss_curve"], known)
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


def _network(build: Function, name: str, activation: str) -> Any:
    """A network of this name in the process of the check.

    A notebook has it from ``build``, which the chapter gives. A grader's process has the reference: there, what
    ``build`` makes stays next to the student's code.
    """
    if current() is None:
        return build(name, activation=activation)
    found = live_answers(f"{_REFERENCE}:network", (name, activation), {})
    if found is None:
        raise ReferenceMissing(f"{_REFERENCE}, with which training runs are repeated, is not installed.")
    return found.right


def _known_losses(
    network: Any, start: Sequence[Array], batches: Sequence[Batch], rate: float, per_epoch: int
) -> Iterator[Array]:
    """The loss curves that a training from these weights has, then those with a mistake that costs points elsewhere."""
    right = replay(network, start, batches, rate)
    size = len(batches[0][0])
    yield from accepted_curves(right.losses)
    yield from accepted_curves(right.later_losses)
    # Each is a training of its own: nobody asks for them where the training is right.
    yield from accepted_curves(replay(network, start, batches, rate, accumulate=True).losses)
    yield from accepted_curves(replay(network, start, batches, 0.0).losses)
    yield from accepted_curves(replay(network, start, batches, rate, momentum=0.9).losses)
    yield from accepted_curves(replay(network, start, batches, 0.01).losses)
    yield from accepted_curves(replay(network, start, batches, rate, scale=size).losses)
    yield from (curve for _, curve in wrong_curves(right.losses, per_epoch, size))


def _losses_of_a_training(got: Any, known: Iterable[Array]) -> None:
    """Require that the student's own loop gives one of these curves.

    Otherwise two functions that agree about any numbers at all would pass.
    """
    what = "the loss curve that train_with_gradients gives for such a network"
    have = numbers(got, what)
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
    rows = np.asarray(_SHAPES.answers(name).right).tolist()
    shapes = [tuple(size for size in row if size) for row in rows]
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
        _TRAINED_START if trained else _SAME_START,
        "starts-from-trained-weights" if trained else "different-initial-weights",
    )


def _built_wrong(have: Array, want: Array, networks: Sequence[list[dict[str, Any]]]) -> list[Mistake]:
    """The mistakes that the layers of the two networks show, once a curve is wrong."""
    kinds = [[layer["kind"] for layer in layers] for layers in networks]
    if agrees(have, want):
        return []
    if any({"ReLU", "Sigmoid"} <= set(names) for names in kinds):
        return [Mistake("activation-not-replaced", _NOT_REPLACED, have)]
    if any(names[-1] == "Sigmoid" for names in kinds):
        return [Mistake("sigmoid-after-prediction-layer", _AFTER_PREDICTION, have)]
    if kinds[0] == kinds[1]:
        return [Mistake("one-activation-for-both", _ONE_FOR_BOTH, have)]
    return []


def _exchanged(twin: Array, curve: Array, want: Array) -> list[Mistake]:
    hint = _ONE_FOR_BOTH if agrees(twin, curve) else _EXCHANGED
    return [Mistake("curves-exchanged", hint, curve)] if not agrees(curve, want) else []


def leaves_the_seed_alone(function: Function, name: str = "mlp_1") -> None:
    """Require that the networks of two calls start from different weights when the caller's seeds differ."""
    loader = coloured_loader(10, 93)
    (a, *_), (b, *_) = (
        [array for layer in _watched(function, name, loader, 1, 0.01, seed, 10)[1] for array in layer["arrays"]]
        for seed in (94, 95)
    )
    require(not np.array_equal(a, b), "two seeds give the same starting weights.", _SEEDED, "seeded-inside")


_SAME_START = (
    "the two networks do not start from the same weights, so the curves differ by more than the activation. Two calls "
    "of build draw two sets of random numbers."
)
_TRAINED_START = "the second network starts from the trained weights of the first. Copy the weights before training."
_SEEDED = (
    "two calls from different seeds start from the same weights: the function sets a seed of its own. Then five seeds "
    "show the same run five times. Leave the seed to the caller."
)
_NOT_REPLACED = (
    "the network for the sigmoid curves still holds a ReLU. build has an argument that replaces all of its activations."
)
_AFTER_PREDICTION = (
    "a sigmoid follows the prediction layer: the logits must stay free. It squeezes them into (0, 1) and takes another "
    "factor of at most 1/4 off every gradient."
)
_EXCHANGED = "the curves of the two activations are exchanged."
_ONE_FOR_BOTH = "both pairs of curves come from one kind of network. Which activation does each network have?"
