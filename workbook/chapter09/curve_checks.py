"""Checks of chapter 09's ``train_with_gradients``: both curves, the weights at the end, and training mode."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import (
    Case,
    CheckFailed,
    Quantity,
    call,
    compare,
    entries,
    numbers,
    passed,
    require,
    student_side,
)
from autograder.testing.quantity import recognised
from workbook.chapter09.curves import READINGS
from workbook.chapter09.inputs import FIRST, Array, TwoLayerNetwork, random_batch
from workbook.chapter09.wrong_values import CLEARED, EVAL_MODE, FORMS, LOSS_AFTER_UPDATE, NORMS, RUNS
from workbook.linear_classifier import LinearClassifier, follows, random_images

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter09.reference.gradient_flow"
FLOAT32 = {"rtol": 2e-4, "atol": 1e-7}
CURVES = ("loss_curve", "grad_curve")
# The visible cases: seed, images, images in a batch, learning rate, epochs.
_CASES = ((90, 60, 3, 0.3, 2), (97, 28, 4, 0.1, 3))
# Images, images in a batch and epochs, with batches that are all of the same size.
_TRAIN_MODE, _TRAIN_MODE_SEED = (20, 2, 1), 91

_LOSSES = Quantity(
    f"{_REFERENCE}:loss_curve",
    {**RUNS, "loss-after-update": LOSS_AFTER_UPDATE, **FORMS},
    [Case("loss_curve", (*case, reading)) for case in _CASES for reading in READINGS],
)
_NORMS = Quantity(
    f"{_REFERENCE}:gradient_curve",
    {"norm-after-zero-grad": CLEARED, **NORMS, **RUNS, **FORMS},
    [Case("grad_curve", (*case, reading)) for case in _CASES for reading in READINGS],
)
_WEIGHT = Quantity(
    f"{_REFERENCE}:first_weight", {}, [Case("the weight", case) for case in _CASES], rtol=1e-3, atol=1e-5
)
_GRADIENT = Quantity(
    f"{_REFERENCE}:train_mode_gradient", {}, [Case("the gradient", (_TRAIN_MODE_SEED, *_TRAIN_MODE[:2]))]
)
_TRAIN_MODE_LOSSES = Quantity(
    f"{_REFERENCE}:train_mode_losses",
    {},
    [Case("the losses", (_TRAIN_MODE_SEED, *_TRAIN_MODE, reading)) for reading in READINGS],
)


def called(function: Function, *args: Any) -> Any:
    """``call``, and where a gradient is missing a sentence about why."""
    try:
        return call(function, *args)
    except CheckFailed as failure:
        import torch

        missing = re.search(r"'NoneType' object has no attribute '(\w+)'", failure.message)
        if missing and hasattr(torch.Tensor, missing[1]):
            raise CheckFailed(failure.message, CLEARED, "norm-after-zero-grad") from None
        raise


def trained_curves(train: Function, *args: Any) -> Any:
    """What the student's ``train_with_gradients`` returns, with both of its curves."""
    return entries(called(train, *args), CURVES, "train_with_gradients(…)")


def agrees(have: Array, want: Array) -> bool:
    """True where two curves are equal to the accuracy of float32."""
    return have.shape == want.shape and np.allclose(have, want, FLOAT32["rtol"], FLOAT32["atol"])


def train_with_gradients(function: Function) -> None:
    """Check both curves of two-layer networks, over epochs of twenty steps and of seven, against a closed form."""
    for case in _CASES:
        curves(function, *case)
    passed("train_with_gradients", "both curves and the final weights, two epochs of 20 steps, three epochs of 7")


def curves(function: Function, seed: int, count: int, batch_size: int, rate: float, epochs: int) -> None:
    """Train a two-layer network and compare both curves and the weights at the end with a closed form."""
    given = seed, count, batch_size, rate, epochs
    module = TwoLayerNetwork.random(seed).module()
    loader = student_side.array_loader(*random_batch(count, seed + 1), batch_size)
    got = trained_curves(function, module, loader, epochs, rate)
    for key, quantity in zip(CURVES, (_LOSSES, _NORMS), strict=True):
        what = f'train_with_gradients(…)["{key}"]'
        have, answers = numbers(got[key], what), [quantity.answers(*given, reading) for reading in READINGS]
        accepted = [np.asarray(one.right) for one in answers]
        right = next((curve for curve in accepted if agrees(have, curve)), accepted[0])
        # Those of the first reading are the mistakes in all.
        compare(have, right, what, **FLOAT32, mistakes=recognised(quantity.mistakes, answers[0]))
    weight = student_side.state_arrays(module)[FIRST]
    _WEIGHT.compare(weight, "the model's first weight after training", *given)


def train_mode(function: Function) -> None:
    """Check that a model that has been evaluated is trained in training mode."""
    trains_in_train_mode(function, *_TRAIN_MODE)
    passed("train_with_gradients", "a model with batch normalisation that comes in evaluation mode")


def trains_in_train_mode(function: Function, count: int, batch_size: int, epochs: int) -> None:
    """Hand over a model in evaluation mode and require that its batch normalisation takes part in every step.

    The referee sees that by the weights: they move along the gradients of normalised batches. A loop that leaves them
    as they are has to return the losses in training mode.
    """
    nn = student_side.torch.nn
    seed = _TRAIN_MODE_SEED
    classifier, (images, labels) = LinearClassifier.random(seed), random_images(count, seed + 1)
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(64, affine=False), nn.Linear(64, 10))
    student_side.load_arrays(model, {"2.weight": classifier.weight, "2.bias": classifier.bias})
    model.eval()
    got = called(function, model, student_side.array_loader(images, labels, batch_size), epochs, 0.1)
    state = student_side.state_arrays(model)
    seen, steps = int(state["1.num_batches_tracked"]), count // batch_size * epochs
    require(
        seen == steps,
        f"a batch normalisation in the model has taken part in training for {seen} of {steps} steps.",
        EVAL_MODE,
        "trained-in-eval-mode",
    )
    if not np.allclose(state["2.weight"], classifier.weight, rtol=1e-5, atol=1e-7):
        gradient = np.asarray(_GRADIENT.answers(seed, count, batch_size).right)
        require(
            follows(classifier.weight, state["2.weight"], gradient),
            "the weights have not moved along the gradients that the batches have in training mode.",
            EVAL_MODE,
            "trained-in-eval-mode",
        )
        return
    answers = [_TRAIN_MODE_LOSSES.answers(seed, count, batch_size, epochs, reading) for reading in READINGS]
    have = numbers(entries(got, ("loss_curve",), "train_with_gradients(…)")["loss_curve"], "loss_curve")
    require(
        any(have.shape == np.shape(one.right) and np.allclose(have, one.right, 1e-2, 1e-3) for one in answers),
        "no weight has changed, and the losses are not those of the batches in training mode.",
        "compute the loss of each batch, its gradient, and take a step.",
        "no-update",
    )
