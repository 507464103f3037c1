"""Checks of chapter 03's gradients, against differences of the loss of the student's own forward pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Case, CheckFailed, Mistake, Quantity, arrays, call, compare, explained, passed, require
from autograder.testing.quantity import recognised
from workbook.chapter03.feed_forward_checks import HIDDEN_LAYER, PROBABILITIES, forward
from workbook.chapter03.inputs import BACKWARD, Array, backward_inputs, gradient_inputs
from workbook.chapter03.rules import NUMPY_ONLY
from workbook.gradcheck import numerical_gradient

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter03.reference.twin"

_FORWARD = "gradients can only be as right as your feed_forward. Its own check says what is wrong there: fix it first."
_GRADIENT = Quantity(
    f"{_REFERENCE}:gradient",
    {
        "hidden-derivative-missing": "the derivative of the sigmoid is missing from the delta of a hidden layer.",
        "derivative-of-the-activated": "the sigmoid is applied a second time: hidden_layers holds h = sigmoid(z) "
        "already. Write the derivative in terms of h.",
        "softmax-derivative-twice": "the delta of the output layer has a factor p(1 - p) too many. Softmax and "
        "cross-entropy together have a simpler derivative, which holds that factor already.",
        "loss-not-divided": "this is the gradient of a sum over the batch; the loss is a mean. The factor 1/N is "
        "missing.",
        "averaged-twice": "the mean over the batch is taken twice: divide by the number of rows once.",
    },
    [
        Case(f"gradient {at}", partial(gradient_inputs, at, *given))
        for given in BACKWARD
        for at in range(len(given[1]) - 1)
    ],
)
_LATE = Quantity(
    f"{_REFERENCE}:late_direction",
    cases=[Case("late", partial(backward_inputs, *given)) for given in BACKWARD if len(given[1]) > 2],
)


@explained
def back_prop(function: Function, feed: Function) -> None:
    """Check the gradients of networks and batches of several sizes against differences of their own loss."""
    for given in BACKWARD:
        gradients(function, feed, *backward_inputs(*given))
    NUMPY_ONLY.check(function, "back_prop")
    passed("back_prop", "one layer to three, one sample to six, against a numerical derivative", len(BACKWARD))


def gradients(function: Function, feed: Function, batch: Array, y: Array, weights: Sequence[Array]) -> None:
    """Compare ``back_prop`` with central differences of the loss of the student's own ``feed_forward``."""
    probabilities, layers = forward(feed, batch, weights)
    sums = np.sum(np.asarray(probabilities, dtype=np.float64), axis=-1)
    require(
        np.shape(probabilities) == y.shape and np.allclose(sums, 1) and len(layers) == len(weights),
        "feed_forward does not return probabilities and one layer for each weight matrix.",
        _FORWARD,
        "forward-pass-wrong",
    )
    found = call(function, probabilities, y, layers, list(weights))
    shapes = [w.shape for w in weights]
    got = [g.shape for g in arrays(found, "back_prop(…)")]
    if got != shapes:
        hint = "one gradient for each weight matrix, in the order and the shapes of weights."
        name = "gradients-reversed" if got == shapes[::-1] else "gradient-shapes"
        raise CheckFailed(f"back_prop(…) has shapes {got}; expected {shapes}.", hint, name)
    # How the loss changes with each probability. So the loss itself, which is an exercise, need not be here.
    slopes = np.divide(-y, len(y) * np.asarray(probabilities), out=np.zeros_like(y), where=y > 0)
    for at in reversed(range(len(weights))):

        def change(matrix: Array, at: int = at) -> float:
            moved = [*weights[:at], matrix, *weights[at + 1 :]]
            return float(np.vdot(slopes, forward(feed, batch, moved)[0]))

        expected = numerical_gradient(change, weights[at])
        mistakes = _wrong_gradients(at, batch, y, weights, found[at])
        if not _right_forward(probabilities, layers, batch, weights):
            mistakes.append(Mistake("forward-pass-wrong", _FORWARD, found[at]))
        compare(found[at], expected, f"gradient {at}", rtol=1e-5, atol=1e-8, mistakes=mistakes)


def _right_forward(probabilities: Any, layers: Sequence[Any], batch: Array, weights: Sequence[Array]) -> bool:
    right = [HIDDEN_LAYER.answers(at, batch, list(weights)).right for at in range(len(layers))]
    pairs = [(probabilities, PROBABILITIES.answers(batch, list(weights)).right), *zip(layers, right, strict=True)]
    return all(np.allclose(ours, wanted) for ours, wanted in pairs)


def _wrong_gradients(at: int, batch: Array, y: Array, weights: Sequence[Array], got: Any) -> list[Mistake]:
    """The recognised wrong gradients for one weight matrix, most specific first."""
    answers = _GRADIENT.answers(at, batch, y, list(weights))
    mistakes = recognised(_GRADIENT.mistakes, answers)
    mistakes.append(Mistake("stepped-weights", _STEPPED, partial(_along, weights[at], answers.right, got)))
    if at == len(weights) - 2:
        late = _LATE.answers(batch, y, list(weights)).right
        mistakes.append(Mistake("updated-too-early", _EARLY, partial(_along, answers.right, late, got)))
    return mistakes


def _along(start: ArrayLike, direction: ArrayLike, got: Any) -> Array:
    """The point ``start - eta * direction`` nearest to ``got``, eta > 0; NaN where there is none."""
    first, way, have = (np.asarray(values, dtype=np.float64) for values in (start, direction, got))
    if have.shape != first.shape or not np.any(way):
        return np.full_like(first, np.nan)
    eta = float(np.vdot(first - have, way) / np.vdot(way, way))
    return first - eta * way if eta > 1e-6 else np.full_like(first, np.nan)


_STEPPED = "these look like the weights after a step. Return the gradient; the update belongs in the training loop."
_EARLY = (
    "the delta went back through weights that had been updated already. All deltas belong to the weights of the "
    "forward pass: compute every gradient first and change the weights afterwards."
)
