"""Checks of chapter 11's ``run_study``: the modes in which a model is trained and measured, and the seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Quantity, call, passed, require, student_side
from workbook.chapter11.evaluations import losses_of, wrong_averages
from workbook.chapter11.inputs import Data, State, study_data
from workbook.chapter11.study_checks import curves
from workbook.linear_classifier import Array, LinearClassifier, follows

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter11.reference.studies"
_SEED, _TEST_IMAGES = 140, 50
_DEFAULT_BATCH = 64
# The visible cases: whether the model comes in training mode, images, images in a batch, epochs.
_CASES = ((True, 230, 20, 5), (False, 230, 20, 5), (False, 140, _DEFAULT_BATCH, 2))
_GRADIENT = Quantity(
    f"{_REFERENCE}:gradient",
    {},
    [Case("the gradient", (_SEED, *sizes)) for sizes in dict.fromkeys(case[1:3] for case in _CASES)],
)
_TRAIN_MODE_LOGITS = Quantity(
    f"{_REFERENCE}:train_mode_logits", {}, [Case("logits in training mode", (_SEED, _TEST_IMAGES))]
)


def study_modes(function: Function) -> None:
    """Check in which mode the model is trained, evaluated and given back, and the seconds."""
    for case in _CASES:
        left_as_found(function, *case)
    passed("run_study, modes and seconds", "models that come in training mode and in evaluation mode, default batches")


def left_as_found(
    function: Function, in_training: bool, count: int = 230, batch_size: int = 20, epochs: int = 5
) -> None:
    """Judge a study by the modes of its forward passes and by what these modes do; then mode and seconds at the end."""
    train, test = study_data(count, _SEED + 1), study_data(_TEST_IMAGES, _SEED + 2)
    classifier = LinearClassifier.random(_SEED, normalised=True)
    module = classifier.module()
    new = student_side.state_arrays(module)
    module.train(in_training)
    passes = student_side.ForwardPasses(module)
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=0.02)
    began = time.perf_counter()
    given: dict[str, Any] = {} if batch_size == _DEFAULT_BATCH else {"batch_size": batch_size}
    result = call(function, module, optimizer, train, test, epochs, **given)
    wall = time.perf_counter() - began
    _judge_passes(passes.read(), epochs * -(-count // batch_size))
    history = curves(result, epochs)
    trained = student_side.state_arrays(module)
    _judge_weights(classifier.weight, trained["2.weight"], count, batch_size)
    _judge_loss(float(history["test_loss"][-1]), trained, test, batch_size)
    after = _is_training(module, new, test)
    names = {True: "training", False: "evaluation"}
    require(
        after == in_training,
        f"a model that came in {names[in_training]} mode is in {names[after]} mode after the study.",
        "whoever uses the model next gets another mode than before, and no error says so. Note the mode before you "
        "change it.",
        "mode-not-restored",
    )
    _judge_seconds(history["seconds"], wall)


def _judge_weights(before: Array, after: Array, count: int, batch_size: int) -> None:
    """Require weights that moved in training mode."""
    require(
        follows(before, after, np.asarray(_GRADIENT.answers(_SEED, count, batch_size).right)),
        "the weights have not moved along the gradients that batches have in training mode.",
        "a loop that trains sets the mode that it needs; then loss, gradient, step.",
        "trained-in-eval-mode",
    )


def _judge_loss(loss: float, state: State, test: Data, batch_size: int) -> None:
    """Require a last test loss that is that of the weights at the end, in evaluation mode."""
    values = losses_of(state, test[0].astype(np.float64), test[1])
    # An average of another kind costs points in its own test.
    known = [float(values.mean()), *(value for _, value in wrong_averages(values, batch_size))]
    require(
        any(np.isclose(loss, value, rtol=1e-2) for value in known),
        f"the last test loss is {loss:.4g}; the model as it is after training has {known[0]:.4g} in evaluation mode.",
        "measure after each epoch, in evaluation mode, with the weights of that moment.",
        "evaluated-in-train-mode",
    )


def _is_training(module: Any, new: State, test: Data) -> bool:
    """Whether the module is in training mode: with its first arrays it then normalises images by their own statistics.

    Args:
        new: its arrays from before the training.
    """
    student_side.load_arrays(module, new)
    got = student_side.outputs(module, test[0])
    right = np.asarray(_TRAIN_MODE_LOGITS.answers(_SEED, _TEST_IMAGES).right)
    return got.shape == right.shape and np.allclose(got, right, rtol=1e-2, atol=1e-3)


def _judge_passes(passes: list[dict[str, bool]], batches: int) -> None:
    in_training = sum(entry["training"] for entry in passes)
    learning = sum(entry["tracked"] for entry in passes)
    require(
        in_training > 0,
        "the model was in evaluation mode all the time, while it was trained, too.",
        "no dropout, and frozen statistics. A loop that trains has to set the mode that it needs.",
        "trained-in-eval-mode",
    )
    require(
        in_training < len(passes),
        "the model was in training mode all the time, in the evaluations, too.",
        "with dropout active and statistics taken from each batch the numbers are not those of your network.",
        "evaluated-in-train-mode",
    )
    require(
        not any(entry["tracked"] and not entry["training"] for entry in passes) or learning <= batches,
        "the evaluations track gradients.",
        "PyTorch records every operation for a backward pass that never comes. There is a context manager against it.",
        "gradients-tracked",
    )
    require(
        in_training >= batches,
        f"{in_training} batches were trained in training mode; expected {batches}.",
        "after the first evaluation the model stays in evaluation mode, or batches are left out. Each epoch has to set "
        "the mode that it needs and to use all images.",
        "trained-in-eval-mode",
    )
    require(
        in_training == batches,
        f"there were {in_training} forward passes in training mode; expected {batches} for the batches.",
        "either an evaluation runs in training mode, or batch_size is not used.",
        "evaluated-in-train-mode",
    )


def _judge_seconds(seconds: NDArray[np.float64], wall: float) -> None:
    require(
        bool(np.all(seconds > 0)),
        "the seconds of an epoch are 0 or negative.",
        "take the clock before and after: end minus beginning.",
        "seconds-missing",
    )
    require(
        float(seconds.sum()) <= 1.02 * wall + 0.002,
        "the seconds of all epochs add up to more than the whole study took.",
        "these are seconds since the start of the study, or since another epoch. Take the clock anew in each epoch.",
        "seconds-add-up",
    )
