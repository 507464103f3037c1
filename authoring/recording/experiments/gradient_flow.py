"""Chapter 09 at full scale: five architectures with ReLU and with sigmoids, plain SGD at rate 0.01, batches of 50."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import torch

CHAPTER = "09_gradient_flow"
RATE, EPOCHS = 0.01, 20


def data(names: Mapping[str, Any]) -> str:
    """The data set in words."""
    shape = tuple(names["X"].shape)
    return f"{names['images'].source}, {shape[0]} training images of shape {shape[1:]}"


def run(names: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Compare the two activations in each architecture, from one seed.

    Args:
        names: what the chapter's given and solution cells define.

    Returns:
        one dict for each architecture: the result of ``compare_activations`` and ``seconds`` for both networks.
    """
    runs = []
    for name in names["LAYERS"]:
        torch.manual_seed(seed)
        began = time.monotonic()
        result = names["compare_activations"](name, names["batches"](names["X"]), EPOCHS, RATE)
        runs.append({**result, "seconds": round(time.monotonic() - began, 1)})
    return runs
