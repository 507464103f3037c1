"""Checks of chapter 04's networks: new weights, scores, loss and gradients, and what a trained model gets right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import (
    CheckFailed,
    Mistake,
    call,
    compare,
    explained,
    method,
    passed,
    renamed,
    require,
    returned,
    student_side,
    suspect,
    unpacked,
)
from workbook.chapter04.reference.layer_mistakes import gradient_mistakes, loss_mistakes, scores_mistakes
from workbook.chapter04.reference.layers import Array, net_loss, net_scores

Labels = NDArray[np.int64]


@explained
def two_layer_scores(TwoLayerNet: Callable[..., Any]) -> None:
    """Check a new ``TwoLayerNet``'s parameters, then its scores for inputs that switch hidden units off."""
    new_weights(call(TwoLayerNet, input_dim=60, hidden_dim=50, num_classes=3, weight_scale=1e-2), (60, 50, 3), 1e-2)
    two_layer_defaults(TwoLayerNet)
    for sizes, count in (((5, 7, 3), 6), ((8, 6, 5), 4), ((3, 4, 2), 1)):
        network_scores(_two_layer(TwoLayerNet, sizes), sizes, count)
    image_scores(_two_layer(TwoLayerNet, (12, 5, 3)), (12, 5, 3), (1, 12), seed=21)
    passed("TwoLayerNet, scores", "new parameters and their defaults, then scores of rows and images against PyTorch")


def two_layer_defaults(TwoLayerNet: Callable[..., Any]) -> None:
    """Check the parameters of a ``TwoLayerNet`` that is made without arguments."""
    with suspect("other-defaults", "the sizes and the weight scale are arguments; keep the defaults of the stub."):
        new_weights(call(TwoLayerNet), (4320, 128, 4), 1e-3)


def _two_layer(TwoLayerNet: Callable[..., Any], sizes: Sequence[int], **more: Any) -> Any:
    return call(TwoLayerNet, input_dim=sizes[0], hidden_dim=sizes[1], num_classes=sizes[2], **more)


@explained
def two_layer_loss(TwoLayerNet: Callable[..., Any]) -> None:
    """Check ``TwoLayerNet``'s loss and gradients, without and with regularisation."""
    for reg in (0.0, 0.7):
        network_loss(_two_layer(TwoLayerNet, (5, 7, 3), reg=reg), (5, 7, 3), reg)
    network_loss(_two_layer(TwoLayerNet, (8, 6, 5), reg=2.3), (8, 6, 5), 2.3, count=4)
    network_loss(_two_layer(TwoLayerNet, (3, 4, 2), reg=0.2), (3, 4, 2), 0.2, count=1)
    default_reg(_two_layer(TwoLayerNet, (4, 6, 3)), (4, 6, 3))
    passed("TwoLayerNet, loss and gradients", "several sizes, and reg from 0 to 2.3, against autograd")


def default_reg(model: Any, sizes: Sequence[int]) -> None:
    """Require that a network made without ``reg`` has no penalty, also where all labels are 0."""
    with suspect("other-defaults", "without the argument reg the penalty is 0. Keep the defaults of the stub."):
        network_loss(model, sizes, 0.0, seed=22)
    hint = "0 is a label like the others. Without labels y is None; ask for that."
    with renamed("grads-not-returned", "label-zero", hint), suspect("label-zero", hint):
        network_loss(model, sizes, 0.0, seed=23, labels=0)


@explained
def fully_connected_scores(FullyConnectedNet: Callable[..., Any]) -> None:
    """Check new parameters, the seed and the scores of ``FullyConnectedNet`` with none to three hidden layers."""
    model = call(FullyConnectedNet, [50, 40], input_dim=60, num_classes=3, weight_scale=5e-2, seed=1)
    new_weights(model, (60, 50, 40, 3), 5e-2)
    seeds(FullyConnectedNet, (60, 50, 40, 3), 1)
    fully_connected_defaults(FullyConnectedNet, [50, 40])
    for hidden in ([7, 6], [9], [6, 7, 5], []):
        model = call(FullyConnectedNet, hidden, input_dim=5, num_classes=3)
        network_scores(model, (5, *hidden, 3))
    image_scores(call(FullyConnectedNet, [4], input_dim=12, num_classes=3), (12, 4, 3), (1, 12), seed=24)
    passed("FullyConnectedNet, scores", "new parameters, seeds, defaults; none to three hidden layers; rows and images")


def fully_connected_defaults(FullyConnectedNet: Callable[..., Any], hidden: list[int]) -> None:
    """Check the parameters of a ``FullyConnectedNet`` that is given nothing but its hidden layers."""
    with suspect("other-defaults", "sizes and weight scale are arguments; keep the defaults of the stub."):
        new_weights(call(FullyConnectedNet, hidden), (4320, *hidden, 4), 1e-2)


def seeds(FullyConnectedNet: Callable[..., Any], sizes: Sequence[int], seed: int) -> None:
    """Require that seeds decide the weights, that no seed gives fresh ones, and that layers differ."""

    def drawn(**given: Any) -> dict[str, Array]:
        return _read(
            call(FullyConnectedNet, list(sizes[1:-1]), input_dim=sizes[0], num_classes=sizes[-1], **given), sizes
        )

    first, again, other = drawn(seed=seed), drawn(seed=seed), drawn(seed=seed + 1)
    require(
        not np.allclose(first["W1"].ravel()[: first["W2"].size], first["W2"].ravel()),
        "W2 starts with the same random numbers as W1.",
        "the seed is used anew for every layer. Make one generator and draw all layers from it, one after the other.",
        "seed-in-every-layer",
    )
    require(
        all(np.array_equal(first[name], again[name]) for name in first),
        f"two networks made with seed={seed} have different weights.",
        "make a generator from the seed and draw every weight from it.",
        "seed-ignored",
    )
    require(
        not np.array_equal(first["W1"], other["W1"]),
        f"networks made with seed={seed} and seed={seed + 1} have the same weights.",
        "make the generator from the argument seed.",
        "seed-ignored",
    )
    require(
        not np.array_equal(drawn()["W1"], drawn()["W1"]),
        "two networks made without a seed have the same weights.",
        "seed=None asks for fresh weights each time; np.random.default_rng takes None as it is.",
        "fixed-seed",
    )


@explained
def fully_connected_loss(FullyConnectedNet: Callable[..., Any]) -> None:
    """Check loss and gradients of ``FullyConnectedNet`` with none to three hidden layers."""
    for hidden, reg in (([7, 6], 0.0), ([7, 6], 0.7), ([9], 1.8), ([6, 7, 5], 0.3), ([], 0.9)):
        network_loss(call(FullyConnectedNet, hidden, input_dim=5, num_classes=3, reg=reg), (5, *hidden, 3), reg)
    default_reg(call(FullyConnectedNet, [6], input_dim=4, num_classes=3), (4, 6, 3))
    passed("FullyConnectedNet, loss and gradients", "none to three hidden layers, reg from 0 to 1.8, against autograd")


def parameter_names(depth: int) -> list[str]:
    """W1, b1, … up to this depth."""
    return [f"{kind}{layer}" for layer in range(1, depth + 1) for kind in "Wb"]


def _read(model: Any, sizes: Sequence[int]) -> dict[str, Array]:
    """Copies of the parameters, after a look at names and shapes."""
    names = parameter_names(len(sizes) - 1)
    try:
        found = {name: np.array(model.params[name]) for name in names}
        extra = sorted(set(model.params) - set(names))
    except (AttributeError, TypeError, IndexError):
        raise CheckFailed(
            "the model has no dict called params.", "self.params is a dict from names to arrays.", "no-params"
        ) from None
    except KeyError as missing:
        raise CheckFailed(
            f"params has no entry {missing}; expected {', '.join(names)}.",
            "the docstring says how the parameters are called.",
            "parameter-name",
        ) from None
    params = {name: np.asarray(values, dtype=np.float64) for name, values in found.items()}
    require(
        not extra,
        f"params has entries that the network does not need: {', '.join(map(str, extra))}.",
        "the solver moves every entry of params. Keep other things in attributes of their own.",
        "extra-parameters",
    )
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
    before = call(method(model, "loss"), X)
    params = _with_parameters(model, sizes, seed)
    stale = Mistake("params-not-used", _STALE, lambda: np.asarray(before, dtype=np.float64))
    got = call(method(model, "loss"), X)
    require(
        not isinstance(got, tuple),
        "loss(X) returns a tuple; without labels it returns the scores alone.",
        "look at what is to be returned when y is None.",
        "scores-not-returned",
    )
    compare(got, net_scores(params, X), "loss(X)", mistakes=[*scores_mistakes(params, X), stale])


def image_scores(model: Any, sizes: Sequence[int], shape: tuple[int, ...], seed: int) -> None:
    """Require that ``model.loss`` takes samples with several axes, in an order that no way of flattening changes."""
    params = _with_parameters(model, sizes, seed)
    X, _ = _batch(1, sizes, seed)
    with suspect(
        "rows-only", "X is (N, d_1, ..., d_k): your fc_forward makes rows of the samples, if it gets them whole."
    ):
        compare(
            call(method(model, "loss"), X.reshape(1, *shape)),
            net_scores(params, X),
            f"loss(X), X of shape {(1, *shape)}",
        )


def network_loss(
    model: Any, sizes: Sequence[int], reg: float, count: int = 6, seed: int = 11, labels: int | None = None
) -> None:
    """Compare ``model.loss(X, y)`` with PyTorch: the loss, then every gradient, last layer first.

    Args:
        labels: the label of all samples; None for random ones.
    """
    params = _with_parameters(model, sizes, seed)
    X, y = _batch(count, sizes, seed)
    y = y if labels is None else np.full_like(y, labels)
    expected = "the loss and a dict of gradients"
    got = call(method(model, "loss"), X, y)
    moved = [name for name, values in _read(model, sizes).items() if not np.array_equal(values, params[name])]
    hint = "loss only computes; the solver moves the parameters."
    require(not moved, f"loss(X, y) has changed {', '.join(moved)}.", hint, "updates-in-loss")
    loss, slopes = unpacked(got, 2, "loss(X, y)", expected, "with labels, return loss, grads.", "grads-not-returned")
    returned(slopes, "grads of loss(X, y)", hasattr(slopes, "keys"), "a dict")
    right, gradients = net_loss(params, X, y, reg)
    compare(loss, right, f"the loss with reg={reg:g}", mistakes=loss_mistakes(params, X, y, reg))
    for name in reversed(parameter_names(len(sizes) - 1)):
        require(
            name in slopes,
            f"the dict of gradients has no entry {name!r}.",
            "every entry of params has a gradient of the same name.",
            "missing-gradient",
        )
        mistakes = gradient_mistakes(name, params, X, y, reg)
        what = f"grads[{name!r}] with reg={reg:g}"
        compare(slopes[name], gradients[name], what, rtol=1e-6, mistakes=mistakes)


_STALE = (
    "the scores do not change when params changes. Read W1, b1, … from self.params in every call: the solver replaces "
    "them."
)
