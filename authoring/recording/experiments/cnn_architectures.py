"""Chapter 08 at full scale: five architectures, Adam, batches of 50, and two of them with Kaiming weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

CHAPTER = "08_cnn_architectures"
EPOCHS = 15
ABLATED = ("mlp_1", "cnn_3")
# Entries of a curve that are kept as one: each stands for fifty steps then.
_BLOCK = 5


def data(names: Mapping[str, Any]) -> str:
    """The data set in words."""
    train, val, test = (len(loader.dataset) for loader in names["make_loaders"]())
    return f"{names['things'].source}: {train} training, {val} validation and {test} test images"


def run(names: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Train the five networks, then two of them with Kaiming weights, from one seed.

    Args:
        names: what the chapter's given and solution cells define.

    Returns:
        one dict for each network: ``name``, ``steps`` (of the curves' entries), ``loss_curve``, ``train_acc_curve``,
        ``val_acc_curve``, ``test_acc`` and ``seconds``.
    """
    loaders = names["make_loaders"]()
    plain = [_run(names, name, seed, loaders, name, None) for name in names["LAYERS"]]
    return plain + [_run(names, name, seed, loaders, f"{name}, Kaiming", kaiming) for name in ABLATED]


def _run(
    names: Mapping[str, Any], name: str, seed: int, loaders: Any, label: str, prepare: Callable[..., None] | None
) -> dict[str, Any]:
    began = time.monotonic()
    record, _ = names["run"](name, seed, loaders, label, prepare, EPOCHS)
    return {**thinned(record), "seconds": round(time.monotonic() - began, 1)}


def thinned(record: Mapping[str, Any], block: int = _BLOCK) -> dict[str, Any]:
    """A record with one entry for ``block`` of its entries: means, and the last one for the validation accuracy."""
    kept = len(record["loss_curve"]) // block
    means = {
        key: np.reshape(record[key][: kept * block], (kept, block)).mean(axis=1).tolist()
        for key in ("loss_curve", "train_acc_curve")
    }
    return {
        "name": record["name"],
        "steps": [10 * block * (i + 1) for i in range(kept)],
        **means,
        "val_acc_curve": [float(value) for value in record["val_acc_curve"][block - 1 :: block][:kept]],
        "test_acc": float(record["test_acc"]),
    }


def kaiming(model: torch.nn.Module) -> None:
    """Draw all weights anew, Kaiming-uniform for ReLU, and set all biases to zero."""
    for layer in model.modules():
        if isinstance(layer, torch.nn.Linear | torch.nn.Conv2d):
            torch.nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                torch.nn.init.zeros_(layer.bias)
