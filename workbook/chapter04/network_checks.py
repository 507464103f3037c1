"""Checks of chapter 04's networks: new weights, scores, loss and gradients, and what a trained model gets right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import CheckFailed, Mistake, call, compare, passed, require, returned, student_side, unpacked
from workbook.chapter04.reference.layer_mistakes import gradient_mistakes, loss_mistakes, scores_mistakes
from workbook.chapter04.reference.layers import Array, net_loss, net_scores

Labels = NDArray[np.int64]


def two_layer_scores(TwoLayerNet: Callable[..., Any]) -> None:
    """Check a new ``TwoLayerNet``'s parameters, then its scores for inputs that switch hidden units off."""
    new_weights(call(TwoLayerNet, input_dim=60, hidden_dim=50, num_classes=3, weight_scale=1e-2), (60, 50, 3), 1e-2)
    model = call(TwoLayerNet, input_dim=5, hidden_dim=7, num_classes=3)
    network_scores(model, (5, 7, 3))
    passed("TwoLayerNet, scores", "new parameters, then scores against PyTorch")


def two_layer_loss(TwoLayerNet: Callable[..., Any]) -> None:
    """Check ``TwoLayerNet``'s loss and gradients, without and with regularisation."""
    for reg in (0.0, 0.7):
        network_loss(call(TwoLayerNet, input_dim=5, hidden_dim=7, num_classes=3, reg=reg), (5, 7, 3), reg)
    passed("TwoLayerNet, loss and gradients", "reg = 0 and reg = 0.7, against autograd")


def fully_connected_scores(FullyConnectedNet: Callable[..., Any]) -> None:
    """Check new parameters and scores of ``FullyConnectedNet`` with two hidden layers."""
    model = call(FullyConnectedNet, [50, 40], input_dim=60, num_classes=3, weight_scale=5e-2, seed=1)
    new_weights(model, (60, 50, 40, 3), 5e-2)
    first = np.array(model.params["W1"])
    again = np.array(
        call(FullyConnectedNet, [50, 40], input_dim=60, num_classes=3, weight_scale=5e-2, seed=1).params["W1"]
    )
    other = np.array(model.params["W2"])
    require(
        not np.allclose(first.ravel()[: other.size], other.ravel()),
        "W2 starts with the same random numbers as W1.",
        "the seed is used anew for every layer. Make one generator and draw all layers from it, one after the other.",
        "seed-in-every-layer",
    )
    require(
        np.array_equal(first, again),
        "two networks made with seed=1 have different weights.",
        "make a generator from the seed and draw every weight from it.",
        "seed-ignored",
    )
    network_scores(call(FullyConnectedNet, [7, 6], input_dim=5, num_classes=3), (5, 7, 6, 3))
    passed("FullyConnectedNet, scores", "new parameters, the seed, then scores against PyTorch")


def fully_connected_loss(FullyConnectedNet: Callable[..., Any]) -> None:
    """Check loss and gradients of ``FullyConnectedNet`` with two hidden layers."""
    for reg in (0.0, 0.7):
        network_loss(call(FullyConnectedNet, [7, 6], input_dim=5, num_classes=3, reg=reg), (5, 7, 6, 3), reg)
    passed("FullyConnectedNet, loss and gradients", "reg = 0 and reg = 0.7, against autograd")


def _names(depth: int) -> list[str]:
    return [f"{kind}{layer}" for layer in range(1, depth + 1) for kind in "Wb"]


def _read(model: Any, sizes: Sequence[int]) -> dict[str, Array]:
    """Copies of the parameters, after a look at names and shapes."""
    names = _names(len(sizes) - 1)
    try:
        found = {name: np.array(model.params[name]) for name in names}
        extra = sorted(set(model.params) - set(names))
    except AttributeError:
        raise CheckFailed(
            "the model has no attribute params.", "self.params is a dict from names to arrays.", "no-params"
        ) from None
    except KeyError as missing:
        raise CheckFailed(
            f"params has no entry {missing}; expected {', '.join(names)}.",
            "the docstring says how the parameters are called.",
            "parameter-name",
        ) from None
    params = {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}
    require(not extra, f"params has entries that the network does not need: {', '.join(map(str, extra))}.")
    for name in names:
        layer = int(name[1:])
        shape = (sizes[layer - 1], sizes[layer]) if name[0] == "W" else (sizes[layer],)
        require(
            params[name].shape == shape,
            f"{name} has shape {params[name].shape} in a {'-'.join(map(str, sizes))} network; expected {shape}.",
            "weights have one row for each input and one column for each output; biases are flat.",
            "parameter-shape",
        )
        require(
            found[name].dtype == np.float64,
            f"{name} has dtype {found[name].dtype}; expected float64.",
            "the docstring says float64: a gradient check in single precision measures rounding.",
            "single-precision",
        )
    return params


def new_weights(model: Any, sizes: Sequence[int], scale: float) -> None:
    """Check that new weights are normal with standard deviation ``scale`` and new biases zero."""
    for name, values in _read(model, sizes).items():
        if name[0] == "b":
            require(not values.any(), f"{name} is not zero in a new network.", "biases start at 0.", "nonzero-bias")
            continue
        spread, centre = float(values.std()), float(values.mean())
        slack = 4 * scale / np.sqrt(values.size)
        hint, known = "draw from a normal distribution of mean 0 and standard deviation weight_scale.", "weight-spread"
        if spread == 0:
            hint, known = "all weights are equal, so all hidden units stay equal for ever.", "constant-weights"
        elif abs(spread - 1) < 0.1:
            hint, known = "these have a standard deviation of 1: weight_scale is not used.", "weight-scale-ignored"
        require(
            abs(spread - scale) < slack and abs(centre) < slack,
            f"{name} has mean {centre:.2g} and standard deviation {spread:.2g} for weight_scale={scale:g}.",
            hint,
            known,
        )


def _with_parameters(model: Any, sizes: Sequence[int], seed: int) -> dict[str, Array]:
    """Give the model random parameters, biases included, so that about half of all hidden units are negative."""
    rng = np.random.default_rng(seed)
    # Half a standard normal keeps the scores near 1: no class is so improbable that its logarithm is mostly rounding.
    params = {name: 0.5 * rng.standard_normal(values.shape) for name, values in _read(model, sizes).items()}
    student_side.set_parameters(model, params)
    return params


def _batch(count: int, sizes: Sequence[int], seed: int) -> tuple[Array, Labels]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal((count, sizes[0])), rng.integers(0, sizes[-1], count)


def network_scores(model: Any, sizes: Sequence[int], count: int = 6, seed: int = 10) -> None:
    """Compare ``model.loss(X)`` with PyTorch, for random parameters."""
    X, _ = _batch(count, sizes, seed)
    before = call(model.loss, X)
    params = _with_parameters(model, sizes, seed)
    stale = Mistake("params-not-used", _STALE, lambda: np.asarray(before, dtype=np.float64))
    got = call(model.loss, X)
    require(
        not isinstance(got, tuple),
        "loss(X) returns a tuple; without labels it returns the scores alone.",
        "look at what is to be returned when y is None.",
        "scores-not-returned",
    )
    compare(got, net_scores(params, X), "loss(X)", mistakes=[*scores_mistakes(params, X), stale])


def network_loss(model: Any, sizes: Sequence[int], reg: float, count: int = 6, seed: int = 11) -> None:
    """Compare ``model.loss(X, y)`` with PyTorch: the loss, then every gradient, last layer first."""
    params = _with_parameters(model, sizes, seed)
    X, y = _batch(count, sizes, seed)
    expected = "the loss and a dict of gradients"
    got = call(model.loss, X, y)
    loss, slopes = unpacked(got, 2, "loss(X, y)", expected, "with labels, return loss, grads.", "grads-not-returned")
    returned(slopes, "grads of loss(X, y)", hasattr(slopes, "keys"), "a dict")
    right, gradients = net_loss(params, X, y, reg)
    compare(loss, right, f"the loss with reg={reg:g}", mistakes=loss_mistakes(params, X, y, reg))
    for name in reversed(_names(len(sizes) - 1)):
        require(
            name in slopes,
            f"the dict of gradients has no entry {name!r}.",
            "every entry of params has a gradient of the same name.",
            "missing-gradient",
        )
        mistakes = gradient_mistakes(name, params, X, y, reg)
        what = f"grads[{name!r}] with reg={reg:g}"
        compare(slopes[name], gradients[name], what, rtol=1e-6, mistakes=mistakes)


def trained(model: Any, X: Array, y: Labels, least: float, name: str) -> None:
    """Check that a trained model's accuracy on X, y is at least ``least``.

    The scores are computed here, from the model's parameters: what ``model.loss`` returns could come from a table.
    """
    require(
        model is not None,
        f"{name} is still None.",
        "fill the cell above: make a network, train it with a Solver, and give it this name.",
        "not-written",
    )
    scores = net_scores(_parameters_of(model, X.reshape(len(X), -1).shape[1], name), X)
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


def _parameters_of(model: Any, inputs: int, name: str) -> dict[str, Array]:
    """The arrays W1, b1, … of a network with this many inputs and four outputs."""
    hint = "put the model here, not the solver, its history or its scores."
    params: Any = getattr(model, "params", None)
    require(
        hasattr(params, "keys"), f"{name} has no dict called params; expected a TwoLayerNet or FullyConnectedNet.", hint
    )
    depth = sum(str(key).startswith("W") for key in params)
    wanted = _names(depth)
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


_STALE = (
    "the scores do not change when params changes. Read W1, b1, … from self.params in every call: the solver replaces "
    "them."
)
