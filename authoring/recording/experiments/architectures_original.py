"""Chapter 08 at its original scale: five architectures, 15 epochs on all of CIFAR-10, a tenth held out.

Adam at 0.001, batches of 50; the CNNs have padding and a head of 64 units. The test images are judged once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from authoring.recording.devices import Batches
from authoring.recording.experiment import Curves, Plan, Run, Scale, Training
from authoring.recording.whole_cifar10 import (
    SIZES,
    Sizes,
    block_means,
    chosen,
    in_batches,
    network,
    split,
    spread_out,
    steps_of,
)

CHAPTER = "08_cnn_architectures"
USES = ("LAYERS", "build", "train_and_record", "normalised")
HELD_OUT, BATCH, RATE = 0.1, 50, 0.001


def plan(names: Mapping[str, Any], scale: Scale, device: torch.device) -> Plan:
    """One run for each network.

    Each records ``steps`` (of the curves' entries), ``loss_curve`` and ``train_acc_curve`` (of batches),
    ``val_acc_curve`` (of some of the held-out images), ``val_acc_epochs`` (of all of them, after each epoch) and
    ``test_acc``.

    Raises:
        AutograderError: if full scale is asked for and the images are not all of CIFAR-10.
    """
    images, sizes = chosen(names["things"], scale), SIZES[scale]
    training, held_out = split(images.y_train, HELD_OUT)
    judged = spread_out(held_out, sizes.judged)
    x, y = images.x_train, images.y_train
    train, few, val = (
        in_batches(names["normalised"], x[part], y[part], device, batch)
        for part, batch in ((training, BATCH), (judged, None), (held_out, None))
    )
    test = in_batches(names["normalised"], images.x_test, images.y_test, device)
    words = (
        f"{images.source}: {len(training)} training, {len(held_out)} validation ({len(judged)} of them after every "
        f"tenth step) and {len(images.y_test)} test images"
    )

    def run(name: str) -> Run:
        return Run(name, sizes.epochs, lambda _: _training(names, name, device, (train, few, val, test), sizes))

    return Plan(words, tuple(run(name) for name in names["LAYERS"]))


def _training(
    names: Mapping[str, Any], name: str, device: torch.device, parts: tuple[Batches, ...], sizes: Sizes
) -> Training:
    train, few, val, test = parts
    model = network(names["build"], name, device)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)

    def epoch(_: int) -> Mapping[str, list[float]]:
        # The chapter's function judges its test images at the end; here they are all validation images.
        record = names["train_and_record"](name, model, train, few, val, 1, optimizer)
        curves = {key: record[key] for key in ("loss_curve", "train_acc_curve", "val_acc_curve")}
        return {**curves, "val_acc_epochs": [record["test_acc"]]}

    def result(curves: Curves) -> dict[str, Any]:
        block = sizes.entries
        kept = len(curves["loss_curve"]) // block
        judged = names["train_and_record"](name, model, [], few, test, 0, optimizer)
        return {
            "steps": steps_of(len(curves["loss_curve"]), block),
            **{key: block_means(curves[key], block) for key in ("loss_curve", "train_acc_curve")},
            "val_acc_curve": curves["val_acc_curve"][block - 1 :: block][:kept],
            "val_acc_epochs": curves["val_acc_epochs"],
            "test_acc": float(judged["test_acc"]),
        }

    return Training(model, optimizer, epoch, result)
