"""Checks of chapter 04: what a trained network gets right."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, ReferenceMissing, call, method, passed, require
from autograder.testing.answers import live_answers
from autograder.testing.connection import current
from workbook.chapter04.inputs import Array, Labels
from workbook.chapter04.new_networks import parameter_names


def trained(model: Any, X: Array, y: Labels, least: float, name: str, layers: int | None = None) -> None:
    """Check that a trained model's accuracy on X, y is at least ``least``.

    Args:
        name: the model's, for messages.
        layers: how many layers with weights it has to have; any number if None.
    """
    require(
        model is not None,
        f"{name} is still None.",
        "fill the cell above: make a network, train it with a Solver, and give it this name.",
        "not-written",
    )
    params = _parameters_of(model, X.reshape(len(X), -1).shape[1], name)
    require(
        layers in (None, len(params) // 2),
        f"{name} has {len(params) // 2} layers with weights; expected {layers}.",
        "the target is a TwoLayerNet.",
        "number-of-layers",
    )
    scores = _scores(model, params, X, name)
    share = float(np.mean(np.argmax(scores, axis=1) == y))
    hint, known = "train longer, or change one setting at a time and look at both accuracy curves.", "below-the-target"
    if not np.isfinite(scores).all():
        hint, known = "scores are not finite: the training has diverged. Lower the learning rate.", "diverged"
    elif share < 0.32:
        hint, known = (
            "this is what guessing gives. Does the loss fall at all? Look at the learning rate and the weight scale.",
            "not-trained",
        )
    require(
        share >= least,
        f"{name} is right for {share:.1%} of {len(X)} images; expected {least:.0%} or more.",
        hint,
        known,
    )
    passed(name, f"{share:.1%} of {len(X)} images")


def _scores(model: Any, params: dict[str, Array], X: Array, name: str) -> Array:
    """The scores of a model that no visible case can fix.

    A grader computes them from the parameters: what ``model.loss`` returns could come from a table. A notebook has no
    reference for that and asks the model.
    """
    found = live_answers("workbook.chapter04.reference.networks:scores", (params, X), {})
    if found is not None:
        return np.asarray(found.right)
    if current() is not None:
        raise ReferenceMissing(f"{name} cannot be judged: workbook.chapter04.reference is not installed.")
    got = call(method(model, "loss"), X)
    what = f"{name}.loss(X)"
    require(np.shape(got) == (len(X), 4), f"{what} has shape {np.shape(got)}; expected {(len(X), 4)}.", _SCORES)
    return np.asarray(got, dtype=np.float64)


def _parameters_of(model: Any, inputs: int, name: str) -> dict[str, Array]:
    """The arrays W1, b1, … of a network with this many inputs and four outputs."""
    hint = "put the model here, not the solver, its history or its scores."
    params: Any = getattr(model, "params", None)
    require(
        hasattr(params, "keys"), f"{name} has no dict called params; expected a TwoLayerNet or FullyConnectedNet.", hint
    )
    depth = sum(str(key).startswith("W") for key in params)
    wanted = parameter_names(depth)
    require(
        depth > 0 and all(key in params for key in wanted), f"{name}.params lacks W1, b1 or one that follows.", hint
    )
    try:
        found = {key: np.asarray(params[key], dtype=np.float64) for key in wanted}
    except (TypeError, ValueError):
        raise CheckFailed(f"{name}.params holds something else than arrays of numbers.", hint) from None
    sizes = [inputs, *(found[f"W{layer}"].shape[-1] if found[f"W{layer}"].ndim else 0 for layer in range(1, depth + 1))]
    fits = all(
        found[f"W{n}"].shape == (a, b) and found[f"b{n}"].size == b for n, (a, b) in enumerate(pairwise(sizes), 1)
    )
    require(
        fits and sizes[-1] == 4, f"{name}.params has arrays for layers of {sizes} units; expected {inputs} to 4.", hint
    )
    return found


_SCORES = "without labels, loss returns the scores. The checks of the class say what is wrong there."
