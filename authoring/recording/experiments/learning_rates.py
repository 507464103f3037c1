"""Chapter 10: three constant rates of SGD, the schedule by eye, and Adam, on one CNN."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import torch
from torch.utils.data import DataLoader

CHAPTER = "10_optimizers"
NETWORK = "cnn_3"
EPOCHS, LONG = 20, 30
PATIENCE, THRESHOLD = 4, 0.01
_RATES = {"_1": 0.1, "_01": 0.01, "_001": 0.001}


def data(names: Mapping[str, Any]) -> str:
    """The data set in words."""
    return (
        f"{names['images'].source}: {len(names['train_set'])} training, {len(names['val_set'])} validation, "
        f"{len(names['images'].y_test)} test images"
    )


def run(names: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Constant rates for 20 epochs; then 0.1, one milestone, two milestones and Adam for 30."""
    began = time.monotonic()
    torch.manual_seed(seed)
    compared = names["compare_rates"](NETWORK, names["train_loader"], names["val_loader"], EPOCHS)
    seconds = round((time.monotonic() - began) / 3, 1)
    steps = len(names["train_loader"])
    runs = []
    for end, rate in _RATES.items():
        scores = compared[f"val_acc_curve{end}"]
        ends = [scores[max(steps * epoch // 10 - 1, 0)] for epoch in range(1, EPOCHS + 1)]
        runs.append(
            {
                "name": f"rate {rate:g}",
                "loss_curve": compared[f"loss_curve{end}"],
                "val_acc_curve": scores,
                "val_acc_epochs": ends,
                "seconds": seconds,
            }
        )
    milestones: list[int] = []
    for label in ("0.1", "0.1, 0.01", "0.1, 0.01, 0.001"):
        runs.append(_scheduled(names, seed, label, milestones))
        since = milestones[-1] if milestones else 0
        milestones = [*milestones, _next_milestone(names, runs[-1]["val_acc_epochs"], since)]
    began = time.monotonic()
    torch.manual_seed(seed)
    model, scores = names["adam_run"](NETWORK, names["train_loader"], names["val_loader"], LONG)
    adam = {"name": "Adam, 0.001", "val_acc_epochs": scores, "test_acc": _test_accuracy(names, model)}
    return [*runs, {**adam, "seconds": round(time.monotonic() - began, 1)}]


def _scheduled(names: Mapping[str, Any], seed: int, label: str, milestones: list[int]) -> dict[str, Any]:
    """The run of ``scheduled_run``; it returns no network, so its last forward passes are listened to for one."""
    began = time.monotonic()
    networks: list[torch.nn.Module] = []

    def note(module: torch.nn.Module, *_: Any) -> None:
        networks[:] = [module]

    torch.manual_seed(seed)
    hook = torch.nn.modules.module.register_module_forward_hook(note)  # a network's own hook runs after its layers'
    try:
        scores = names["scheduled_run"](NETWORK, names["train_loader"], names["val_loader"], milestones, LONG)
    finally:
        hook.remove()
    return {
        "name": label,
        "milestones": milestones,
        "val_acc_epochs": scores,
        "test_acc": _test_accuracy(names, networks[0]),
        "seconds": round(time.monotonic() - began, 1),
    }


def _next_milestone(names: Mapping[str, Any], history: list[float], since: int) -> int:
    return int(names["next_milestone"](history, since))


def _test_accuracy(names: Mapping[str, Any], model: Any) -> float:
    images = names["images"]
    loader = DataLoader(names["as_dataset"](images.x_test, images.y_test), batch_size=500)
    return float(names["accuracy"](model, loader))
