"""Chapter 10 at its original scale: constant rates for 20 epochs; 0.1, the schedule by eye and Adam for 30.

Two networks on all of CIFAR-10, a tenth held out; batches of 50; padding and a head of 64 units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from authoring.recording.devices import Batches
from authoring.recording.experiment import Curves, Plan, Run, Scale, Training
from authoring.recording.whole_cifar10 import SIZES, block_means, chosen, in_batches, network, split, steps_of

CHAPTER = "10_optimizers"
USES = ("build", "as_dataset", "train_step", "accuracy", "step_schedule", "next_milestone")
NETWORKS = ("cnn_3", "cnn_5")
HELD_OUT, BATCH, BASE, GAMMA, ADAM = 0.1, 50, 0.1, 0.1, 0.001
EPOCHS: Mapping[Scale, tuple[int, int]] = {"quick": (1, 2), "full": (20, 30)}
# What the chapter calls a plateau at full scale, at either scale here.
PLATEAU = {"PATIENCE": 4, "THRESHOLD": 0.01}

Optimizers = Callable[[nn.Module], torch.optim.Optimizer]
Rate = Callable[[int], float]


def plan(names: dict[str, Any], scale: Scale, device: torch.device) -> Plan:
    """For each network: rates 0.01 and 0.001; then 0.1, one milestone, two milestones, and Adam.

    The first epochs of ``0.1`` are those of the constant rate 0.1, which the other two are compared with. Each run
    records ``loss_curve``, ``steps`` (of its entries), ``val_acc_epochs`` and ``test_acc``, a schedule its
    ``milestones`` as well, in epochs from 0.

    Raises:
        AutograderError: if full scale is asked for and the images are not all of CIFAR-10.
    """
    images = chosen(names["images"], scale)
    training, held_out = split(images.y_train, HELD_OUT)
    names.update(PLATEAU)

    def normalised(pixels: Any) -> Tensor:
        tensor: Tensor = names["as_dataset"](pixels, np.zeros(len(pixels), dtype=np.int64)).tensors[0]
        return tensor

    x, y = images.x_train, images.y_train
    train = in_batches(normalised, x[training], y[training], device, BATCH)
    val = in_batches(normalised, x[held_out], y[held_out], device)
    test = in_batches(normalised, images.x_test, images.y_test, device)
    setup = _Setup(names, device, train, val, test, SIZES[scale].entries)
    words = (
        f"{images.source}: {len(training)} training, {len(held_out)} validation and {len(images.y_test)} test images"
    )
    return Plan(words, tuple(run for name in NETWORKS for run in _runs(setup, name, *EPOCHS[scale])))


@dataclass(frozen=True)
class _Setup:
    """What all runs share; ``entries`` of a loss curve are kept as one."""

    names: Mapping[str, Any]
    device: torch.device
    train: Batches
    val: Batches
    test: Batches
    entries: int


def _runs(setup: _Setup, name: str, short: int, long: int) -> list[Run]:
    def constant(rate: float) -> Run:
        return Run(f"{name}, rate {rate:g}", short, lambda _: _training(setup, name, _sgd(rate), lambda _: rate))

    def scheduled(label: str, before: tuple[str, ...]) -> Run:
        needs = tuple(f"{name}, {other}" for other in before)

        def begin(earlier: Mapping[str, Mapping[str, Any]]) -> Training:
            milestones: list[int] = []
            for other in needs:
                history = earlier[other]["val_acc_epochs"]
                since = milestones[-1] if milestones else 0
                milestones.append(int(setup.names["next_milestone"](history, since)))

            def rate(epoch: int) -> float:
                return float(setup.names["step_schedule"](epoch, BASE, milestones, GAMMA))

            return _training(setup, name, _sgd(BASE), rate, {"milestones": milestones})

        return Run(f"{name}, {label}", long, begin, needs)

    stages = ("0.1", "0.1, 0.01", "0.1, 0.01, 0.001")
    return [
        constant(0.01),
        constant(0.001),
        *(scheduled(label, stages[:place]) for place, label in enumerate(stages)),
        Run(f"{name}, Adam, 0.001", long, lambda _: _training(setup, name, _adam, lambda _: ADAM)),
    ]


def _sgd(rate: float) -> Optimizers:
    return lambda model: torch.optim.SGD(model.parameters(), lr=rate)


def _adam(model: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.Adam(model.parameters(), lr=ADAM)


def _training(
    setup: _Setup, name: str, make_optimizer: Optimizers, rate: Rate, extra: Mapping[str, Any] | None = None
) -> Training:
    names, entries = setup.names, setup.entries
    model = network(names["build"], name, setup.device)
    optimizer = make_optimizer(model)

    def epoch(number: int) -> Mapping[str, list[float]]:
        return one_epoch(names, model, optimizer, setup.train, setup.val, rate(number))

    def result(curves: Curves) -> dict[str, Any]:
        return {
            **(extra or {}),
            "steps": steps_of(len(curves["loss_curve"]), entries),
            "loss_curve": block_means(curves["loss_curve"], entries),
            "val_acc_epochs": curves["val_acc_epochs"],
            "test_acc": float(names["accuracy"](model, setup.test)),
        }

    return Training(model, optimizer, epoch, result)


def one_epoch(
    names: Mapping[str, Any], model: nn.Module, optimizer: torch.optim.Optimizer, train: Any, val: Any, rate: float
) -> dict[str, list[float]]:
    """One epoch at a rate, by the chapter's ``train_step`` and ``accuracy``, as its ``scheduled_run`` does it.

    Returns:
        ``loss_curve``, means of ten losses each, and ``val_acc_epochs`` with one entry.
    """
    optimizer.param_groups[0]["lr"] = rate
    losses = [names["train_step"](model, images, labels, optimizer) for images, labels in train]
    return {"loss_curve": block_means(losses, 10), "val_acc_epochs": [names["accuracy"](model, val)]}
