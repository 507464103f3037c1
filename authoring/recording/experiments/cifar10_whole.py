"""Chapter 08's networks on as much of CIFAR-10 as the loader finds: padding and a head for the CNNs, five epochs.

Meant for all 60 000 images; :mod:`authoring.recording.cifar_jpeg` makes a file of them that the loader reads.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from authoring.recording.experiments.cnn_architectures import thinned

CHAPTER = "08_cnn_architectures"
EPOCHS = 5
# The curves need few validation images, and each of them is judged after every tenth step.
_HELD_OUT = 0.01
_BLOCK = 10
_CHUNK = 5000  # images that are normalised at a time: the chapter's function needs several copies in float64


def data(names: Mapping[str, Any]) -> str:
    """The data set in words."""
    train, held_out = _split(names)
    return (
        f"{names['things'].source}: {len(train)} training, {len(held_out)} validation and "
        f"{len(names['x_test'])} test images"
    )


def run(names: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Train the two MLPs, and the three CNNs with padding and a head of 64 units, from one seed.

    Args:
        names: what the chapter's given and solution cells define.

    Returns:
        one dict for each network: ``name``, ``steps`` (of the curves' entries), ``loss_curve``, ``train_acc_curve``,
        ``val_acc_curve``, ``test_acc`` and ``seconds``.
    """
    train, held_out = _split(names)
    x, y = names["x_train"], names["y_train"]
    loaders = [
        _loader(names, x[train], y[train], 50, shuffle=True),
        _loader(names, x[held_out], y[held_out], 250),
        _loader(names, names["x_test"], names["y_test"], 250),
    ]
    return [_run(names, name, seed, loaders) for name in names["LAYERS"]]


def _split(names: Mapping[str, Any]) -> Any:
    return names["stratified_split"](names["y_train"], _HELD_OUT, np.random.default_rng(8))


def _loader(names: Mapping[str, Any], images: Any, labels: Any, batch: int, shuffle: bool = False) -> Any:
    pixels = torch.cat([names["normalised"](images[i : i + _CHUNK]) for i in range(0, len(images), _CHUNK)])
    pairs = torch.utils.data.TensorDataset(pixels, torch.as_tensor(labels))
    return torch.utils.data.DataLoader(pairs, batch_size=batch, shuffle=shuffle)


def _run(names: Mapping[str, Any], name: str, seed: int, loaders: Any) -> dict[str, Any]:
    began = time.monotonic()
    torch.manual_seed(seed)
    options = {"padding": "same", "head": 64} if name.startswith("cnn") else {}
    # Channels last: the same function, and nearly twice the speed on a processor.
    model = names["build"](name, **options).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters())
    record = names["train_and_record"](name, model, *loaders, EPOCHS, optimizer)
    return {**thinned(record, _BLOCK), "seconds": round(time.monotonic() - began, 1)}
