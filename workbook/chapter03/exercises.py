"""Checks of chapter 03's functions: their visible inputs, and the wrong answers that are recognised."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.testing import Case, CheckFailed, Exercise, arrays, call, explained, passed, require
from autograder.testing.hint_display import Hints
from workbook.chapter03.back_prop_checks import back_prop, gradients
from workbook.chapter03.feed_forward_checks import feed_forward, outputs
from workbook.chapter03.inputs import Array, batch_of, some_targets, some_weights
from workbook.chapter03.model_checks import by_heart, low_labels, mlp_untrained, new_and_consistent
from workbook.chapter03.models import learns, new_model
from workbook.chapter03.rules import NUMPY_ONLY
from workbook.chapter03.training_checks import mlp_training, orders, uneven_batches

# Used by the chapter's test cells.
__all__ = [
    "back_prop", "batch_of", "by_heart", "feed_forward", "gradients", "learns", "low_labels", "mlp_training",
    "mlp_untrained", "new_and_consistent", "new_model", "orders", "outputs", "some_targets", "some_weights",
    "uneven_batches",
]  # fmt: skip

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter03.reference.parts"

# --- labels, the loss and its floor ---------------------------------------------------------------------------------

one_hot = Exercise(
    "one_hot",
    f"{_REFERENCE}:one_hot",
    [
        Case("one_hot([2, 0, 3, 2], 4)", (np.array([2, 0, 3, 2]), 4)),
        Case("one_hot([1, 0, 4, 1, 2, 0], 7)", (np.array([1, 0, 4, 1, 2, 0]), 7)),
        Case("one_hot([2], 3)", (np.array([2]), 3)),
        Case("one_hot(labels, 10)", (np.arange(40, dtype=np.uint8) % 9, 10)),
    ],
    {
        "counts-from-one": "labels start at 0: label 0 belongs to the first column.",
        "zeros-and-ones-exchanged": "the 1 marks the class, the 0 all others.",
        "classes-from-labels": "the number of columns comes from the labels that are given. A batch need not contain "
        "the highest class; use num_classes.",
    },
    forbidden=[NUMPY_ONLY],
    summary="one label to forty, with and without the highest class, as int64 and as uint8",
)

_BINARY = "the terms with 1 - y belong to the loss of a single sigmoid output. Here only the class of the row counts."
_RANDOM = np.random.default_rng(31)
_LOSSES: tuple[tuple[str, Array, Array], ...] = (
    ("cross_entropy(p, y)", np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.2, 0.5]]), np.eye(3)[[0, 1, 0]]),
    ("the loss of one row", np.array([[0.2, 0.1, 0.4, 0.3]]), np.eye(4)[[3]]),
    ("the loss of five rows and two classes", _RANDOM.dirichlet(np.ones(2), 5), some_targets(5, 2, 32)),
    ("the loss of nine rows and six classes", _RANDOM.dirichlet(np.ones(6), 9), some_targets(9, 6, 33)),
    ("the loss with probabilities of 0", np.array([[0.0, 0.4, 0.6], [1.0, 0.0, 0.0]]), np.eye(3)[[2, 0]]),
    ("the loss where a right class has the probability 3e-6", np.array([[0.3, 0.7], [1 - 3e-6, 3e-6]]), np.eye(2)),
    ("the loss of p = 0.1", np.full((4, 10), 0.1), np.eye(10)[[3, 1, 4, 1]]),
)

cross_entropy = Exercise(
    "cross_entropy",
    f"{_REFERENCE}:cross_entropy",
    [Case(what, (p, y)) for what, p, y in _LOSSES],
    {
        "loss-not-divided": "this is the sum over the rows; the loss is their mean.",
        "divided-by-all-entries": "this is divided by the number of all entries. There is one loss for each row: sum "
        "over the classes, mean over the rows.",
        "divided-by-classes": "this is divided by the number of classes; there is one term for each row.",
        "binary-cross-entropy": _BINARY,
        "another-logarithm": "this logarithm has base 2 or 10; the loss uses the natural one.",
        "logarithm-of-the-mean": "take the logarithm of each row's probability first, then the mean.",
        "zero-times-log-zero": "somewhere 0 is multiplied by the logarithm of 0, which is nan. A probability of "
        "exactly 0 for a wrong class is legitimate; take the logarithm only after you have picked or summed.",
        "epsilon-added": "a small number is added to the probability, or the probability is cut off, before the "
        "logarithm. That changes the loss where a probability is small. Only a probability of exactly 0 needs care.",
    },
    forbidden=[NUMPY_ONLY],
    summary="one row to nine, two classes to ten, probabilities of 0 and of 3e-6 among them",
    rtol=1e-6,
)

softmax_floor = Exercise(
    "softmax_floor",
    f"{_REFERENCE}:floor",
    [Case(f"softmax_floor({classes})", (classes,)) for classes in (10, 2, 1, 5, 60)],
    {
        "probability-not-loss": "this is a probability; the loss is its negative logarithm.",
        "one-class-too-many": "besides the right class there are num_classes - 1 others.",
        "numerator-forgotten": "the probability has a numerator, too: e to the score of the right class.",
        "uniform-loss": "this is the loss of a network that knows nothing, not the least loss.",
        "zero-floor": "the probability of the right class cannot reach 1, so the loss cannot reach 0.",
    },
    forbidden=[NUMPY_ONLY],
    summary="one class to sixty",
)

# --- weights --------------------------------------------------------------------------------------------------------


@explained
def init_weights(function: Function) -> None:
    """Check number and shapes of the matrices, then their distribution and where it comes from."""
    fresh_weights(function, [40, 30, 20])
    fresh_weights(function, [70, 50, 30, 60, 40], seed=4)
    fresh_weights(function, [150, 25], seed=5)
    fresh_weights(function, [35, 35, 35], seed=6)
    NUMPY_ONLY.check(function, "init_weights")
    passed("init_weights", "networks with none to three hidden layers: shapes, range, and the generator", 4)


def fresh_weights(function: Function, sizes: Sequence[int], seed: int = 0) -> list[Array]:
    """Require matrices of the right shapes, uniform on (-1, 1), drawn from the generator; return them."""
    weights = call(function, list(sizes), np.random.default_rng(seed))
    shapes = list(itertools.pairwise(sizes))
    weights = arrays(weights, f"init_weights({list(sizes)}, rng)")
    got = [w.shape for w in weights]
    if got != shapes:
        hint, name = "one matrix for each pair of neighbouring sizes, inputs first.", "weight-shapes"
        if got == [shape[::-1] for shape in shapes]:
            hint, name = "rows belong to the inputs of a layer and columns to its outputs: x @ W.", "transposed"
        elif got == [(rows + 1, columns) for rows, columns in shapes]:
            hint, name = (
                "layer_sizes[0] counts the column of ones; no matrix gets a further row.",
                "bias-row-added",
            )
        raise CheckFailed(f"init_weights({list(sizes)}, rng) has shapes {got}; expected {shapes}.", hint, name)
    for weight in weights:
        _require_uniform(weight)
    again = call(function, list(sizes), np.random.default_rng(seed))
    require(
        all(np.array_equal(a, b) for a, b in zip(weights, again, strict=True)),
        "two equally seeded generators give different weights.",
        "draw from the generator rng that is passed in, not from np.random.",
        "rng-ignored",
    )
    other = arrays(call(function, list(sizes), np.random.default_rng(seed + 100)), "init_weights(…)")
    require(
        not any(np.array_equal(a, b) for a, b in zip(weights, other, strict=True)),
        "two differently seeded generators give the same weights.",
        "draw from the generator rng that is passed in, and make no other.",
        "rng-ignored",
    )
    require(
        not any(a.shape == b.shape and np.array_equal(a, b) for a, b in itertools.combinations(weights, 2)),
        "two layers of the same shape have the same weights.",
        "draw each matrix anew; a generator that is made again with the same seed starts again.",
        "equal-layers",
    )
    return weights


def _require_uniform(weight: Array) -> None:
    low, high, spread = float(weight.min()), float(weight.max()), float(weight.std())
    if weight.size < 100 and -1 <= low <= high <= 1 and spread > 0:
        return
    hint, name = "the weights have to fill the interval from -1 to 1 evenly.", "weight-spread"
    if spread == 0:
        hint, name = "all weights of a layer are equal, so its units stay copies of each other.", "constant-weights"
    elif low >= 0:
        hint, name = "no weight is negative: these look uniform on (0, 1).", "uniform-0-1"
    elif high > 1 and low < -1:
        hint, name = "weights outside (-1, 1): these look normal, not uniform.", "normal-weights"
    require(
        -1 <= low < -0.9 and 0.9 < high <= 1 and abs(spread - 1 / np.sqrt(3)) < 0.06,
        f"the {weight.size} entries of a matrix go from {low:.3f} to {high:.3f} with standard deviation {spread:.3f}; "
        "expected about -1, 1 and 0.577.",
        hint,
        name,
    )


hint = Hints("workbook.chapter03")
