"""Chapter 09 at its original scale: ReLU against sigmoid, five networks, 15 epochs on all of CIFAR-10.

Plain SGD at 0.01, batches of 50; the CNNs have padding and a head of 64 units.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from authoring.recording.devices import Batches
from authoring.recording.experiment import Curves, Plan, Run, Scale, Training
from authoring.recording.whole_cifar10 import SIZES, Sizes, block_means, chosen, in_batches, network, steps_of

CHAPTER = "09_gradient_flow"
USES = ("LAYERS", "build", "train_with_gradients", "mean", "std")
BATCH, RATE = 50, 0.01
ACTIVATIONS = ("relu", "sigmoid")


def plan(names: Mapping[str, Any], scale: Scale, device: torch.device) -> Plan:
    """One run for each network: both activations, from the same weights.

    Each records ``steps`` and, as ``compare_activations`` does, ``relu_loss_curve``, ``sigmoid_loss_curve``,
    ``relu_grad_curve`` and ``sigmoid_grad_curve``.

    Raises:
        AutograderError: if full scale is asked for and the images are not all of CIFAR-10.
    """
    images, sizes = chosen(names["images"], scale), SIZES[scale]

    def normalised(pixels: Any) -> Tensor:
        channels_first = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()
        scaled: Tensor = (channels_first / 255 - names["mean"]) / names["std"]
        return scaled

    train = in_batches(normalised, images.x_train, images.y_train, device, BATCH)

    def run(name: str) -> Run:
        return Run(name, sizes.epochs, lambda _: _training(names, name, device, train, sizes))

    words = f"{images.source}: {len(images.y_train)} training images"
    return Plan(words, tuple(run(name) for name in names["LAYERS"]))


def _training(names: Mapping[str, Any], name: str, device: torch.device, train: Batches, sizes: Sizes) -> Training:
    models = {f: network(names["build"], name, device, activation=f) for f in ACTIVATIONS}
    models["sigmoid"].load_state_dict(models["relu"].state_dict())

    def epoch(_: int) -> Mapping[str, list[float]]:
        # Plain SGD remembers nothing, so a new optimizer in each epoch is the same as one.
        return {
            f"{activation}_{key}": curve
            for activation, model in models.items()
            for key, curve in names["train_with_gradients"](model, train, 1, RATE).items()
        }

    def result(curves: Curves) -> dict[str, Any]:
        return {
            "steps": steps_of(len(curves["relu_loss_curve"]), sizes.entries),
            **{key: block_means(values, sizes.entries) for key, values in curves.items()},
        }

    return Training(nn.ModuleDict(models), None, epoch, result)
