"""Chapter 03's network with 16 hidden units on the whole of MNIST, and the same with a sigmoid before the softmax."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHAPTER = "03_digits_mlp"
SIZES, EPOCHS = [785, 16, 10], 25

Array = NDArray[np.float64]


def data(names: Mapping[str, Any]) -> str:
    """The data set in words."""
    source = names["images"].source.partition(" from")[0]
    return f"{source}: {len(names['X_train'])} training and {len(names['X_val'])} validation images"


def run(names: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Train both networks from the same first weights, with batches of 8 and rate 1.

    Args:
        names: what the chapter's given and solution cells define; the training set is added as ``descend`` wants it.

    Returns:
        one dict for each network: ``name``, ``loss_curve`` (training loss before the first epoch and after each),
        ``val_acc_curve`` (after each epoch) and ``seconds``.
    """
    names["with_ones"] = np.column_stack([names["X_train"], np.ones(len(names["X_train"]))])
    names["Y_train"] = names["one_hot"](names["y_train"], SIZES[-1])
    forward, backward = squashed(names)
    return [
        _run(names, seed, "softmax", names["feed_forward"], names["back_prop"]),
        _run(names, seed, "sigmoid before the softmax", forward, backward),
    ]


def squashed(names: Mapping[str, Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The forward and the backward pass of a network whose scores go through a sigmoid before the softmax."""
    sigmoid, softmax = names["sigmoid"], names["softmax"]

    def forward(batch: Array, weights: list[Array]) -> tuple[Array, list[Array]]:
        hidden = names["feed_forward"](batch, weights)[1]
        return softmax(sigmoid(hidden[-1] @ weights[-1])), hidden

    def backward(p: Array, y: Array, hidden: list[Array], weights: list[Array]) -> Any:
        s = sigmoid(hidden[-1] @ weights[-1])
        # back_prop starts from p - y, so hand it what makes that difference (p - y) s (1 - s).
        return names["back_prop"](y + (p - y) * s * (1 - s), y, hidden, weights)

    return forward, backward


def _run(
    names: Mapping[str, Any], seed: int, name: str, forward: Callable[..., Any], backward: Callable[..., Any]
) -> dict[str, Any]:
    began = time.monotonic()
    rng = np.random.default_rng(seed)
    weights = names["init_weights"](SIZES, rng)
    inputs = np.column_stack([names["X_val"], np.ones(len(names["X_val"]))])
    losses: list[float] = []
    scores: list[float] = []
    for _ in range(EPOCHS):
        before, after = names["descend"](weights, 1, rng, forward, backward)
        losses += [after] if losses else [before, after]
        scores.append(np.mean(forward(inputs, weights)[0].argmax(axis=1) == names["y_val"]))
    return {
        "name": name,
        "loss_curve": [float(loss) for loss in losses],
        "val_acc_curve": [float(score) for score in scores],
        "seconds": round(time.monotonic() - began, 1),
    }
