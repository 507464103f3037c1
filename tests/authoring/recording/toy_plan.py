"""A plan that trains in milliseconds and draws from every generator; run as a module, it can be killed."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from authoring.recording.devices import Batches
from authoring.recording.experiment import Plan, Run, Training
from authoring.recording.seed_folder import SeedFolder
from authoring.recording.train_seed import train_plan

CPU = torch.device("cpu")
STEPS, EPOCHS = 6, 4
Each = Callable[[str, int, int], None]


def plan(each_step: Each = lambda *_: None) -> Plan:
    """Two runs with dropout, batch normalisation and Adam; the second begins from what the first one recorded.

    ``each_step`` gets the run's name, the epoch and the step, and may end everything.
    """
    first = Run("first", EPOCHS, begin_of("first", each_step))
    return Plan("noise", (first, Run("second, wide", EPOCHS, begin_of("second, wide", each_step), ("first",))))


def begin_of(name: str, each_step: Each) -> Callable[[Mapping[str, Mapping[str, Any]]], Training]:
    def begin(earlier: Mapping[str, Mapping[str, Any]]) -> Training:
        hidden = 5 if name == "first" else 6 + earlier["first"]["kept"]
        model = nn.Sequential(
            nn.Conv2d(1, hidden, 3), nn.BatchNorm2d(hidden), nn.ReLU(), nn.Dropout(0.3), nn.Flatten(), nn.LazyLinear(3)
        )
        model(torch.zeros(2, 1, 6, 6))
        model = model.to(memory_format=torch.channels_last)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=True)
        images = torch.randn(5 * STEPS, 1, 6, 6)
        train = Batches(images, torch.arange(len(images)) % 3, 5, CPU, shuffle=True)

        def epoch(number: int) -> Mapping[str, list[float]]:
            losses = []
            for step, (x, y) in enumerate(train):
                each_step(name, number, step)
                noise = random.gauss(0, 0.1) + np.random.normal(0, 0.1)  # noqa: NPY002
                optimizer.zero_grad()
                loss = F.cross_entropy(model(x + noise), y)
                loss.backward()
                optimizer.step()
                losses.append(loss.item())
            return {"loss_curve": losses}

        def result(curves: Mapping[str, list[float]]) -> dict[str, Any]:
            checksum = float(sum(p.detach().double().sum() for p in model.parameters()))
            return {"loss_curve": curves["loss_curve"], "kept": 1, "checksum": checksum}

        return Training(model, optimizer, epoch, result)

    return begin


def kill_at(run: str, epoch: int, step: int) -> Each:
    """Ends the process the hard way at one step."""

    def each_step(*now: Any) -> None:
        if now == (run, epoch, step):
            os.kill(os.getpid(), signal.SIGKILL)

    return each_step


if __name__ == "__main__":
    path, run, epoch, step = sys.argv[1:]
    torch.set_num_threads(1)
    folder = SeedFolder(Path(path), "toy")
    train_plan(plan(kill_at(run, int(epoch), int(step))), 7, folder, CPU, lambda: False)
