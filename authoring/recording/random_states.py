"""The states of all random number generators that a training may draw from, as plain data."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch


def seed_all(seed: int) -> None:
    """Begin the global generators of Python, NumPy and PyTorch, accelerators included, from one seed."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 (the global generator is what a chapter may draw from)
    torch.manual_seed(seed)


def random_states(device: torch.device) -> dict[str, Any]:
    """The states of the global generators of Python, NumPy, PyTorch's processor and ``device``.

    Numbers, lists, strings and tensors only, so that ``torch.load(..., weights_only=True)`` reads them.
    """
    version, words, spare = random.getstate()
    numpy_state: Any = np.random.get_state(legacy=False)  # noqa: NPY002
    states: dict[str, Any] = {
        "python": {"version": version, "words": list(words), "spare": spare},
        "numpy": {
            "words": numpy_state["state"]["key"].tolist(),
            "place": int(numpy_state["state"]["pos"]),
            "has_spare": int(numpy_state["has_gauss"]),
            "spare": float(numpy_state["gauss"]),
        },
        "torch": torch.get_rng_state(),
    }
    if device.type != "cpu":
        states[device.type] = torch.get_device_module(device).get_rng_state()
    return states


def restore(states: dict[str, Any], device: torch.device) -> None:
    """Put the generators into states that :func:`random_states` returned.

    An accelerator's state is restored where the run continues on one of its kind; another kind goes on as it is.
    """
    python, kept = states["python"], states["numpy"]
    random.setstate((python["version"], tuple(python["words"]), python["spare"]))
    np.random.set_state(  # noqa: NPY002
        {
            "bit_generator": "MT19937",
            "state": {"key": np.array(kept["words"], dtype=np.uint32), "pos": kept["place"]},
            "has_gauss": kept["has_spare"],
            "gauss": kept["spare"],
        }
    )
    torch.set_rng_state(states["torch"])
    if device.type != "cpu" and device.type in states:
        torch.get_device_module(device).set_rng_state(states[device.type])
