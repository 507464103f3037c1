"""Checks of chapter 03's class ``MLP`` before it is trained."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.testing import Mistake, arrays, compare, explained, passed, require, suspect
from workbook.chapter03.inputs import Array, Labels, images, some_labels
from workbook.chapter03.models import ONES, Class, evaluated, fitting, learns, new_model, probabilities_of
from workbook.chapter03.rules import NUMPY_ONLY


@explained
def mlp_untrained(MLP: Class) -> None:
    """Check ``predict`` and ``evaluate`` of a new model."""
    bias_works(new_model(MLP, [5, 3]), 4, 3)
    new_and_consistent(MLP, [5, 6, 3], 8, seed=1)
    new_and_consistent(MLP, [6, 4, 5, 4], 10, seed=11)
    new_and_consistent(MLP, [8, 3], 7, seed=12)
    new_and_consistent(MLP, [5, 4, 4], 1, seed=13)
    low_labels(MLP, [4, 3, 6], seed=14)
    NUMPY_ONLY.check(MLP, "MLP")
    passed("MLP, predict and evaluate", "new models of four sizes; one sample; labels without the highest class")


def new_and_consistent(MLP: Class, layer_sizes: Sequence[int], count: int, seed: int) -> None:
    """Check ``predict`` and ``evaluate`` of a new model of these sizes on ``count`` samples."""
    X, num_classes = images(count, layer_sizes[0] - 1, seed), layer_sizes[-1]
    untrained(new_model(MLP, layer_sizes, seed), X, some_labels(count, num_classes, seed), num_classes)


def low_labels(MLP: Class, layer_sizes: Sequence[int], seed: int) -> None:
    """Check ``evaluate`` for labels that lack the highest classes."""
    model, X = new_model(MLP, layer_sizes, seed), images(5, layer_sizes[0] - 1, seed)
    hint = "the number of classes is layer_sizes[-1], whatever labels a batch holds."
    with suspect("classes-from-labels", hint):
        evaluated(model, X, np.array([0, 1, 0, 1, 2]))


def by_heart(MLP: Class, layer_sizes: Sequence[int], seed: int) -> None:
    """Require that a network learns a few samples by heart, in batches that do not divide their number."""
    X, y = images(14, layer_sizes[0] - 1, seed), some_labels(14, layer_sizes[-1], seed + 1)
    learns(new_model(MLP, layer_sizes, seed + 2), X, y, 200, 4, 1.0, 1.0)


def untrained(model: Any, X: Array, y: Labels, num_classes: int) -> None:
    """Check ``predict`` and ``evaluate`` against each other for a model that is not trained."""
    p = probabilities_of(model, X, num_classes)
    labels = fitting(model.predict, X)
    require(
        arrays([labels], "predict(X)")[0].shape != p.shape,
        f"predict(X) has shape {p.shape}; expected {y.shape}.",
        "predict returns one label for each sample: the class with the largest probability.",
        "probabilities-not-labels",
    )
    best = p.argmax(axis=1)
    compare(
        labels, best, "predict(X)",
        mistakes=[
            Mistake("counts-from-one", "labels start at 0.", best + 1),
            Mistake("least-likely-class", "this is the class with the smallest probability.", p.argmin(axis=1)),
        ],
    )  # fmt: skip
    loss, accuracy = evaluated(model, X, y)
    right = float(np.mean(-np.log(p[np.arange(len(y)), y])))
    compare(
        loss, right, "the loss of evaluate(X, y)", rtol=1e-6,
        mistakes=[Mistake("loss-not-divided", "this is a sum over the samples, not their mean.", right * len(y))],
    )  # fmt: skip
    share = float(np.mean(best == y))
    compare(
        accuracy, share, "the accuracy of evaluate(X, y)", rtol=1e-6,
        mistakes=[
            Mistake("percent", "an accuracy is a fraction between 0 and 1.", 100 * share),
            Mistake("error-not-accuracy", "this is the share of wrong predictions.", 1 - share),
            Mistake("count-not-fraction", "this is a number of samples; divide by how many there are.", share * len(y)),
        ],
    )  # fmt: skip


def bias_works(model: Any, width: int, num_classes: int) -> None:
    """Require that a black image does not leave all classes equally likely in a network without hidden layer."""
    p = probabilities_of(model, np.zeros((1, width)), num_classes)
    require(
        not np.allclose(p, 1 / num_classes),
        "for an input of zeros all classes are equally likely, whatever the weights.",
        ONES,
        "bias-column-missing",
    )
