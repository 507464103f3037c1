"""Chapter 03's class ``MLP`` as its checks see it: nothing but its methods and histories is read.

``evaluate`` on one sample under each label gives the sample's whole row of probabilities, since each loss is -ln p.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, call, instance, require, scalar, unpacked
from workbook.chapter03.inputs import Array, Labels

Class = Callable[..., Any]


def new_model(MLP: Class, layer_sizes: Sequence[int], seed: int = 0) -> Any:
    """A model of the student's class."""
    model = call(MLP, list(layer_sizes), np.random.default_rng(seed))
    return instance(model, f"MLP({list(layer_sizes)}, rng)", "a model", "train", "predict", "evaluate")


def evaluated(model: Any, X: Array, y: Labels) -> tuple[float, float]:
    """What ``model.evaluate`` returns, as two numbers.

    Raises:
        CheckFailed: if it is not a pair of numbers, or if the model does not fit inputs without the column of ones.
    """
    got = fitting(model.evaluate, X, y)
    got = got.tolist() if isinstance(got, np.ndarray) else got
    loss, accuracy = unpacked(got, 2, "evaluate(X, y)", "(loss, accuracy)", "return two numbers.", "pair-expected")
    return scalar(loss, "the loss of evaluate(X, y)"), scalar(accuracy, "the accuracy of evaluate(X, y)")


def fitting(method: Callable[..., Any], *args: Any) -> Any:
    """What a method returns; arrays that do not fit are explained by the column of ones."""
    try:
        return call(method, *args)
    except CheckFailed as failure:
        if "matmul" not in failure.message and "not aligned" not in failure.message:
            raise
        raise CheckFailed(failure.message, ONES, "bias-column-missing") from None


def probabilities_of(model: Any, X: Array, num_classes: int) -> Array:
    """The model's probabilities (N, C), from its losses: ``evaluate`` is asked for each sample and each label."""
    pairs = [[evaluated(model, row[None], np.array([label])) for label in range(num_classes)] for row in X]
    both: Array = np.exp(-np.array(pairs))
    p, swapped = both[..., 0], both[..., 1]
    require(
        np.allclose(p.sum(axis=1), 1) or not np.allclose(swapped.sum(axis=1), 1),
        "evaluate(X, y) is (accuracy, loss); expected (loss, accuracy).",
        "both are there, but in the wrong order.",
        "swapped-return",
    )
    worst = float(p.sum(axis=1)[np.argmax(np.abs(p.sum(axis=1) - 1))])
    require(
        abs(worst - 1) < 1e-6,
        f"the probabilities of one sample, exp(-loss) under each label, sum to {worst:.4g}; expected 1.",
        "the loss is the mean of -ln p over the samples, with p from a softmax over the classes.",
        "loss-is-no-cross-entropy",
    )
    return p


def train_on(
    model: Any, X: Array, y: Labels, batch_size: int, epochs: int, rate: float, validation: Any = None
) -> None:
    """Call ``model.train``; without validation data the first two samples are given as such."""
    X_val, y_val = (X[:2], y[:2]) if validation is None else validation
    fitting(model.train, X, y, X_val, y_val, batch_size, epochs, rate)


def learns(model: Any, X: Array, y: Labels, epochs: int, batch_size: int, rate: float, least: float) -> None:
    """Train on these samples and require an accuracy on them."""
    train_on(model, X, y, batch_size=batch_size, epochs=epochs, rate=rate)
    loss, accuracy = evaluated(model, X, y)
    require(
        accuracy >= least,
        f"after {epochs} epochs {100 * accuracy:.0f} % of the training samples are right (loss {loss:.3f}); "
        f"expected at least {100 * least:.0f} %.",
        "watch the loss of your model on a few samples: it has to fall towards 0. Do all layers move, for all batches?",
        "learns-too-little",
    )


ONES = (
    "layer_sizes[0] counts the column of ones, X comes without it. Append the column exactly once, in each method that "
    "takes X."
)
