"""Checks of chapter 02: a step of gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.testing import Mistake, call, compare, explained, method, passed, require
from workbook.chapter02.rules import methods_with_numpy
from workbook.chapter02.situations import NAMES, Array, Model, Sizes, outputs_of, read_weights, situation


@explained
def mlp_update(MLP: Model) -> None:
    """Check steps with gradients that are given, and that the forward pass follows."""
    one = situation()
    update(one.model(MLP), {name: np.cos(array) for name, array in one.weights.items()}, 0.3)
    two_updates(MLP, (3, 4, 2), (0.7, 1.6), seed=31)
    methods_with_numpy(MLP, "update")
    passed("MLP, update", "steps of all four parameters with three rates", 3)


def update(model: Any, gradients: dict[str, Array], learning_rate: float) -> None:
    """Require that ``update`` moves every parameter against its gradient, by as much as the rate says."""
    before = read_weights(model)
    call(method(model, "update"), gradients, learning_rate)
    after = read_weights(model)
    for name in NAMES:
        what = f"{name} after update(gradients, {learning_rate})"
        moved_by(after[name], before[name], -learning_rate * gradients[name], learning_rate, what)


def moved_by(got: Array, before: Array, step: Array, rate: float, what: str, *also: Mistake) -> None:
    """Compare a parameter with what it was before a step, plus the step; other steps are recognised."""
    there, again = np.asarray(got, dtype=np.float64), float(np.vdot(step, step))
    factor = float(np.vdot(there - before, step)) / again if there.shape == before.shape and again else 0.0
    far = "the step goes down the slope, but its length is another one than the learning rate says."
    mistakes = [
        *also,
        Mistake("uphill", "the step goes up the slope: the loss grows.", before - step),
        Mistake("not-updated", "this parameter did not move.", before),
        Mistake("learning-rate-ignored", "the step does not depend on the learning rate.", before + step / rate),
        Mistake("replaced-by-step", "the old value is lost: a step starts from where the parameter was.", step),
        *([Mistake("another-rate", far, before + factor * step)] if factor > 1e-9 else []),
    ]
    compare(got, before + step, what, mistakes=mistakes)


def two_updates(MLP: Model, sizes: Sizes, rates: tuple[float, float], seed: int) -> None:
    """Check two steps in a row, and that the forward pass uses the new parameters."""
    one = situation(sizes, seed=seed)
    model = one.model(MLP)
    before = outputs_of(model, one.X)
    step = {name: np.sin(array + 2.0) for name, array in one.weights.items()}
    for rate in rates:
        update(model, step, rate)
    hint = "forward uses other arrays than those that update changes. There is one set of parameters."
    same = np.allclose(before, outputs_of(model, one.X))
    require(not same, "forward(X) gives the same outputs before and after two updates.", hint, "stale-parameters")
