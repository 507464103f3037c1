"""Checks of chapter 04's new networks: names, shapes and spread of the parameters, and what a seed decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, call, require
from workbook.chapter04.inputs import Array, parameter_shapes


def parameter_names(depth: int) -> list[str]:
    """W1, b1, … up to this depth."""
    return [f"{kind}{layer}" for layer in range(1, depth + 1) for kind in "Wb"]


def read_parameters(model: Any, sizes: Sequence[int]) -> dict[str, Array]:
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
    for name, shape in parameter_shapes(sizes).items():
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
    for name, values in read_parameters(model, sizes).items():
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


def seeds(FullyConnectedNet: Callable[..., Any], sizes: Sequence[int], seed: int) -> None:
    """Require that seeds decide the weights, that no seed gives fresh ones, and that layers differ."""

    def drawn(**given: Any) -> dict[str, Array]:
        return read_parameters(
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
