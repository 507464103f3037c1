"""Checks of chapter 08's ``train_and_record``: the curves and the other entries of its record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Mistake, Quantity, call, compare, entries, passed, require, student_side
from workbook.chapter08.inputs import Task
from workbook.linear_classifier import LinearClassifier

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter08.reference.recorded_training"
_FLOAT32 = {"rtol": 1e-4, "atol": 1e-5}
_KEYS = ("name", "loss_curve", "train_acc_curve", "val_acc_curve", "test_acc", "weights")
# The visible cases: the task, and the seed of the classifier.
_TASKS = (
    (Task(170, batches=12, epochs=2, missing=3), 171),
    (Task(130), 131),
    (Task(160, batches=4, epochs=2), 161),
)
_CASES = [Case("train_and_record(…)", (*task.key, seed)) for task, seed in _TASKS]
_SUMMED = "this is a sum over ten batches; divide."
_PERCENT = "an accuracy is a fraction between 0 and 1; only figures show percent."

_LOSSES = Quantity(
    f"{_REFERENCE}:loss_curve",
    {
        "zero-grad-forgotten": "backward() adds to the gradients that are there. From the second batch on you step "
        "along the sum of all gradients so far. When do the old ones have to go?",
        "no-update": "the weights do not change. Clearing the gradients between backward() and step() leaves nothing "
        "to step along.",
        "loss-summed": "this is the sum over the images of a batch, and each step is longer by their number. "
        "cross_entropy takes the mean unless you tell it not to.",
        "softmax-before-loss": "a softmax was taken before cross_entropy, which takes one itself. Hand it the logits.",
        "one-epoch-only": "the training ends after one epoch. The argument epochs says how many there are.",
        "last-loss-of-ten": "this is the loss of every tenth batch; the curve wants the mean of ten.",
        "summed-not-averaged": _SUMMED,
        "running-sum-not-reset": "losses of earlier tens are still in the sum. Start anew after each entry.",
        "steps-counted-per-epoch": "the count of steps starts anew in each epoch, so steps at the end of an epoch "
        "are lost. Count through.",
        "one-entry-per-epoch": "there is one entry for each epoch; the curve wants one for every ten steps.",
        "one-entry-per-step": "there is one entry for each step; the curve wants the mean of each ten.",
        "loss-after-update": "the loss of a batch is that of its forward pass, before the update.",
        "rest-not-dropped": "the last few steps, fewer than ten, get no entry.",
    },
    _CASES,
    **_FLOAT32,
)
_TRAIN_ACCURACIES = Quantity(
    f"{_REFERENCE}:train_accuracy_curve",
    {
        "mean-of-batch-means": "this is the mean of the ten batches' accuracies. A smaller batch's images count more "
        "than the others' in it. Count the right images of all ten, and divide by how many there were.",
        "accuracy-after-update": "these accuracies are of the network after each update. Use the logits that the "
        "loss was computed from.",
        "last-batch-only": "this is the accuracy of every tenth batch alone; the curve wants the ten batches together.",
        "whole-training-set": "this is the accuracy on the whole training set; the curve wants the ten batches of "
        "its step, which cost nothing.",
        "percent": _PERCENT,
        "count-not-fraction": "this is a number of images; divide by how many there were.",
        "summed-not-averaged": _SUMMED,
    },
    _CASES,
    **_FLOAT32,
)
_VAL_ACCURACIES = Quantity(
    f"{_REFERENCE}:val_accuracy_curve",
    {
        "mean-of-batch-means": "this is the mean of the batches' accuracies. The last batch is smaller, so its "
        "images count more than the others'. Count over all batches, divide once.",
        "divided-by-batches": "right images were counted, then divided by the number of batches. Divide by the "
        "number of images.",
        "first-batch-only": "only the first batch of the loader is used.",
        "percent": _PERCENT,
        "loaders-exchanged": "these are the accuracies on the images of another loader. Which belongs where?",
        "validated-before-the-update": "these accuracies were taken before the tenth update; take them after it.",
    },
    _CASES,
    **_FLOAT32,
)
_TEST_ACCURACY = Quantity(
    f"{_REFERENCE}:test_accuracy",
    {
        "mean-of-batch-means": "this is the mean of the batches' accuracies, and the last batch is smaller. Count "
        "over all batches, divide once.",
        "loaders-exchanged": "this is the accuracy on the validation images.",
        "percent": _PERCENT,
        "divided-by-batches": "divide by the number of images, not by the number of batches.",
    },
    _CASES,
    **_FLOAT32,
)


def train_and_record(function: Function) -> None:
    """Check the record of a linear classifier: batches of several sizes, three epochs, and fewer steps than ten."""
    for case in _TASKS:
        record(function, *case)
    passed(
        "train_and_record",
        "a linear classifier, two epochs of 12 steps with a smaller last batch, three of 7, and fewer steps than ten",
    )


def record(function: Function, task: Task, seed: int) -> None:
    """Compare every entry of the record with the closed form for a linear classifier."""
    classifier, given = LinearClassifier.random(seed), (*task.key, seed)
    module = classifier.module()
    got = trained(function, task, module)
    _LOSSES.compare(got["loss_curve"], "loss_curve", *given, also=_below_zero(got["loss_curve"]))
    _TRAIN_ACCURACIES.compare(got["train_acc_curve"], "train_acc_curve", *given)
    _VAL_ACCURACIES.compare(got["val_acc_curve"], "val_acc_curve", *given)
    _TEST_ACCURACY.compare(got["test_acc"], "test_acc", *given)
    require(
        got["name"] == "a name", "the record holds another name than the one given.", "copy the argument.", "name-lost"
    )
    weights(got["weights"], student_side.state_arrays(module), "1.weight", classifier.weight)


def _below_zero(losses: Any) -> list[Mistake]:
    """The losses themselves as a mistake where one is negative, which no cross-entropy is."""
    values = np.asarray(losses) if isinstance(losses, (list, tuple, np.ndarray)) else np.zeros(0)
    if values.dtype.kind != "f" or not np.any(values < 0):
        return []
    hint = "a cross-entropy is never below 0. nll_loss wants logarithms of probabilities; cross_entropy takes logits."
    return [Mistake("loss-below-zero", hint, values)]


def trained(function: Function, task: Task, module: Any, noise: float | None = None) -> dict[str, Any]:
    """Run the student's loop on a task; return the record after a look at its keys."""
    loaders = [student_side.array_loader(*task.train, task.batch_size)]
    loaders += [student_side.array_loader(*part, task.held_out_batch) for part in (task.val, task.test)]
    optimizer = student_side.torch.optim.SGD(module.parameters(), lr=task.rate)
    extra = () if noise is None else (noise,)
    result = call(function, "a name", module, *loaders, task.epochs, optimizer, *extra)
    hint = "collect everything in one dict and return it after the last epoch."
    record: dict[str, Any] = entries(result, _KEYS, "train_and_record(…)", hint, "not-a-dict")
    return record


def weights(got: Any, state: dict[str, NDArray[Any]], name: str, before: NDArray[Any] | None = None) -> None:
    """Require that ``got`` is an array with the weight called ``name``, as it is after training.

    Args:
        before: the same weight before training.
    """
    require(
        not hasattr(got, "detach"),
        "weights is a tensor; expected a NumPy array.",
        "a record is plain data that can be saved. Turn the tensor into an array.",
        "weights-are-a-tensor",
    )
    mistakes = [
        Mistake("weights-of-another-layer", _OTHER, array) for key, array in state.items() if key != name and array.size
    ]
    if before is not None:
        mistakes.append(Mistake("weights-before-training", _BEFORE, before))
    compare(got, state[name], "weights", rtol=1e-5, atol=1e-6, mistakes=mistakes)


_BEFORE = "these are the weights before training. The record wants them as they are at the end."
_OTHER = "these are the numbers of another parameter. The record wants the weight of the first Linear or Conv2d."
