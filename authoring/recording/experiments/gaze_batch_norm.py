"""Chapter 08 at full scale: the gaze CNN, plain and with batch normalisation."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import torch

from authoring.recording.experiments.cnn_architectures import thinned

CHAPTER = "08_cnn_architectures"
EPOCHS = 10


def data(names: Mapping[str, Any]) -> str:
    """The data set in words."""
    train, val, test = (len(loader.dataset) for loader in names["gaze_loaders"]())
    return f"{names['eyes'].source}: {train} training, {val} validation and {test} test images"


def run(names: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Train both networks from one seed.

    Args:
        names: what the chapter's given and solution cells define.

    Returns:
        one dict for each network: ``name``, ``steps``, the three curves, ``test_acc`` and ``seconds``.
    """
    loaders, runs = names["gaze_loaders"](), []
    for batch_norm, label in names["GAZE_NAMES"].items():
        torch.manual_seed(seed)
        model = names["gaze_cnn"](batch_norm)
        began = time.monotonic()
        record = names["run_gaze"](label, model, seed, loaders, EPOCHS)
        runs.append({**thinned(record, block=1), "seconds": round(time.monotonic() - began, 1)})
    return runs
