"""Checks of chapter 03: a softmax network of any depth in NumPy, its loss, its gradients and its training."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.testing import (
    CheckFailed,
    Mistake,
    arrays,
    call,
    compare,
    explained,
    passed,
    renamed,
    require,
    returned,
    unpacked,
)
from autograder.testing.hint_display import Hints
from workbook.chapter03.floor_checks import floor, softmax_floor
from workbook.chapter03.model_checks import by_heart, low_labels, mlp_training, mlp_untrained, new_and_consistent
from workbook.chapter03.reference.digits_mistakes import (
    cross_entropy_mistakes,
    gradient_mistakes,
    one_hot_mistakes,
    probability_mistakes,
)
from workbook.chapter03.reference.digits_mlp import (
    Labels,
    Twin,
    batch_of,
    indicator,
    mean_loss,
    some_labels,
    some_weights,
)
from workbook.chapter03.reference.digits_model import hidden_step, learns, new_model, uneven_batches
from workbook.chapter03.reference.digits_orders import orders
from workbook.gradcheck import numerical_gradient

# Used by the chapter's test cells.
__all__ = [
    "batch_of", "by_heart", "floor", "hidden_step", "learns", "low_labels", "mlp_training", "mlp_untrained",
    "new_and_consistent", "new_model", "orders", "softmax_floor", "some_labels", "some_weights", "uneven_batches",
]  # fmt: skip

Array = NDArray[np.float64]
Function = Callable[..., Any]
_FORWARD = "gradients can only be as right as your feed_forward. Its own check says what is wrong there: fix it first."


# --- the parts ------------------------------------------------------------------------------------------------------


@explained
def one_hot(function: Function) -> None:
    """Check ``one_hot(labels, num_classes)`` on few labels and on many, of the types that data come in."""
    rows(function, np.array([2, 0, 3, 2]), 4)
    rows(function, np.array([1, 0, 4, 1, 2, 0]), 7)
    rows(function, np.array([2]), 3)
    rows(function, np.arange(40, dtype=np.uint8) % 9, 10)
    passed("one_hot", "one label to forty, with and without the highest class, as int64 and as uint8")


def rows(function: Function, labels: NDArray[np.integer[Any]], num_classes: int) -> None:
    """Compare ``one_hot`` with PyTorch's."""
    compare(
        call(function, labels, num_classes),
        indicator(labels.astype(np.int64), num_classes),
        f"one_hot({labels.tolist() if len(labels) < 8 else 'labels'}, {num_classes})",
        mistakes=one_hot_mistakes(labels.astype(np.int64), num_classes),
    )


@explained
def init_weights(function: Function) -> None:
    """Check number and shapes of the matrices, then their distribution and where it comes from."""
    fresh_weights(function, [40, 30, 20])
    fresh_weights(function, [70, 50, 30, 60, 40], seed=4)
    fresh_weights(function, [150, 25], seed=5)
    fresh_weights(function, [35, 35, 35], seed=6)
    passed("init_weights", "networks with none to three hidden layers: shapes, range, and the generator")


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


@explained
def feed_forward(function: Function) -> None:
    """Check probabilities and hidden layers for networks and batches of several sizes, and for large scores."""
    outputs(function, batch_of(6, 4), some_weights([4, 5, 3]))
    outputs(function, batch_of(4, 5, 21), some_weights([5, 3, 6, 4, 3], 22))
    outputs(function, batch_of(5, 3, 23), some_weights([3, 4], 24))
    outputs(function, batch_of(1, 4, 25), some_weights([4, 6, 5], 26))
    outputs(function, batch_of(4, 3, 27), some_weights([3, 5, 4], 28))
    outputs(function, batch_of(7, 3, 29), some_weights([3, 4, 5], 30, 3e3))
    passed("feed_forward", "no hidden layer, one and three; one sample to seven; scores of thousands")


def outputs(function: Function, batch: Array, weights: Sequence[Array]) -> None:
    """Compare ``feed_forward(batch, weights)`` with the PyTorch twin."""
    twin = Twin.of(batch, weights)
    probabilities, layers = forward(function, batch, weights)
    with renamed("constant-factor", "wrong-probabilities", "a factor too many or too few."):
        compare(probabilities, twin.probabilities(), "probabilities", mistakes=probability_mistakes(twin, batch))
    if len(layers) != len(weights):
        hint = "the list starts with the batch and goes on with each hidden layer's activations; nothing else is in it."
        name = "logits-included" if len(layers) == len(weights) + 1 else "batch-left-out"
        raise CheckFailed(f"hidden_layers has {len(layers)} entries; expected {len(weights)}.", hint, name)
    for i, (layer, right) in enumerate(zip(layers, twin.hidden_layers(), strict=True)):
        logit = torch.logit(torch.from_numpy(right)).numpy() if i else right
        hint = "these are the scores before the sigmoid. Back-propagation needs the activations after it."
        wrong = [Mistake("pre-activations-kept", hint, logit)]
        compare(layer, right, f"hidden_layers[{i}]", mistakes=wrong)


def forward(function: Function, batch: Array, weights: Sequence[Array]) -> tuple[Any, list[Any]]:
    """Call ``feed_forward`` without a numerical warning and require that it returns a pair."""
    hint = "an exponential overflowed in the softmax. Subtract the largest score of each row first."
    with renamed("numerical-warning", "softmax-without-shift", hint):
        try:
            got = call(function, batch, list(weights), quiet=True)
        except CheckFailed:
            # With scores of 0 only a hidden layer can overflow.
            hidden = "an exponential overflowed in a hidden layer. The sigmoid that is given cannot overflow."
            with renamed("numerical-warning", "sigmoid-overflows", hidden):
                call(function, batch, [*weights[:-1], np.zeros_like(weights[-1])], quiet=True)
            raise
    what, expected = "feed_forward(batch, weights)", "(probabilities, hidden_layers)"
    both = "return both: the array of probabilities and the list of layers."
    probabilities, layers = unpacked(got, 2, what, expected, both, "pair-expected")
    require(
        not isinstance(probabilities, (tuple, list)) or isinstance(layers, (tuple, list)),
        f"{what} is (hidden_layers, probabilities); expected {expected}.",
        "both are there, but in the wrong order.",
        "swapped-return",
    )
    returned(layers, "hidden_layers", isinstance(layers, (tuple, list)), "a list", both, "pair-expected")
    return probabilities, list(layers)


@explained
def cross_entropy(function: Function) -> None:
    """Check batches of several sizes, small and vanishing probabilities, and a network that knows nothing."""
    p = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.3, 0.2, 0.5]])
    loss(function, p, np.array([0, 1, 0]))
    loss(function, np.array([[0.2, 0.1, 0.4, 0.3]]), np.array([3]), "the loss of one row")
    generator = np.random.default_rng(31)
    loss(function, generator.dirichlet(np.ones(2), 5), some_labels(5, 2, 32), "the loss of five rows and two classes")
    loss(function, generator.dirichlet(np.ones(6), 9), some_labels(9, 6, 33), "the loss of nine rows and six classes")
    loss(function, np.array([[0.0, 0.4, 0.6], [1.0, 0.0, 0.0]]), np.array([2, 0]), "the loss with probabilities of 0")
    small = np.array([[0.3, 0.7], [1 - 3e-6, 3e-6]])
    loss(function, small, np.array([0, 1]), "the loss where a right class has the probability 3e-6")
    compare(
        call(function, np.full((4, 10), 0.1), indicator(np.array([3, 1, 4, 1]), 10)), np.log(10.0), "loss of p = 0.1"
    )
    passed("cross_entropy", "one row to nine, two classes to ten, probabilities of 0 and of 3e-6 among them")


def loss(function: Function, p: Array, labels: Labels, what: str = "cross_entropy(p, y)") -> None:
    """Compare ``cross_entropy(p, y)`` with PyTorch's negative log likelihood."""
    got = call(function, p, indicator(labels, p.shape[1]))
    compare(got, mean_loss(p, labels), what, rtol=1e-6, mistakes=cross_entropy_mistakes(p, labels))


@explained
def back_prop(function: Function, feed: Function) -> None:
    """Check the gradients of networks and batches of several sizes against differences of their own loss."""
    gradients(function, feed, batch_of(6, 4), some_labels(6, 3), some_weights([4, 5, 3]))
    gradients(function, feed, batch_of(5, 3, 41), some_labels(5, 3, 42), some_weights([3, 4, 5, 3], 43))
    gradients(function, feed, batch_of(4, 4, 44), some_labels(4, 3, 45), some_weights([4, 3], 46))
    gradients(function, feed, batch_of(1, 3, 47), np.array([2]), some_weights([3, 4, 3], 48))
    gradients(function, feed, batch_of(4, 4, 49), some_labels(4, 4, 50), some_weights([4, 4, 4], 51))
    passed("back_prop", "one layer to three, one sample to six, against a numerical derivative")


def gradients(function: Function, feed: Function, batch: Array, labels: Labels, weights: Sequence[Array]) -> None:
    """Compare ``back_prop`` with central differences of the loss of the student's own ``feed_forward``."""
    probabilities, layers = forward(feed, batch, weights)
    y = indicator(labels, weights[-1].shape[1])
    twin = Twin.of(batch, weights)
    sums = np.sum(np.asarray(probabilities, dtype=np.float64), axis=-1)
    require(
        np.shape(probabilities) == y.shape and np.allclose(sums, 1) and len(layers) == len(weights),
        "feed_forward does not return probabilities and one layer for each weight matrix.",
        _FORWARD,
        "forward-pass-wrong",
    )  # fmt: skip
    found = call(function, probabilities, y, layers, list(weights))
    shapes = [w.shape for w in weights]
    got = [g.shape for g in arrays(found, "back_prop(…)")]
    if got != shapes:
        hint = "one gradient for each weight matrix, in the order and the shapes of weights."
        name = "gradients-reversed" if got == shapes[::-1] else "gradient-shapes"
        raise CheckFailed(f"back_prop(…) has shapes {got}; expected {shapes}.", hint, name)
    for layer in reversed(range(len(weights))):

        def value(matrix: Array, layer: int = layer) -> float:
            moved = [*weights[:layer], matrix, *weights[layer + 1 :]]
            return mean_loss(forward(feed, batch, moved)[0], labels)

        mistakes = gradient_mistakes(twin, labels, layer, found[layer])
        if not (
            np.allclose(probabilities, twin.probabilities())
            and all(np.allclose(a, b) for a, b in zip(layers, twin.hidden_layers(), strict=True))
        ):
            mistakes.append(Mistake("forward-pass-wrong", _FORWARD, found[layer]))
        expected = numerical_gradient(value, weights[layer])
        compare(found[layer], expected, f"gradient {layer}", rtol=1e-5, atol=1e-8, mistakes=mistakes)


hint = Hints("workbook.chapter03")
