"""What a training step of chapter 11's network costs on this machine, and that the faster ways do not cost accuracy.

``python -m benchmarks.vgg11`` builds the network of the chapter at two widths, times one training step with every
combination of channels-last and bfloat16, then evaluation by the number of images at once, then trains each variant
from three seeds at the quick width. In each part the variants take turns, and the median counts, so that other work
on the machine hits all of them alike. It rewrites ``vgg11.md``.
"""

from __future__ import annotations

import functools
import os
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from authoring.recording.chapter_code import definitions
from authoring.recording.experiments import vgg11
from autograder.course import Course
from benchmarks.table import keep, machine
from workbook.chapter11.speed import Speed, accelerated, native_bfloat16, step_seconds

SPEEDS = {
    "plain": Speed(),
    "channels-last": Speed(channels_last=True),
    "bfloat16": Speed(bfloat16=True),
    "both": Speed(channels_last=True, bfloat16=True),
}
# Width of the network, and steps measured for each variant.
STEPS = {1 / 16: 60, 1.0: 8}
SEEDS = (0, 1, 2)
BATCHES = (1, 64, 128, 256)
EVALUATIONS = 9
PER_CLASS = 100


def step_rows(build: Callable[..., nn.Module], images: torch.Tensor, labels: torch.Tensor) -> list[str]:
    """For each width, the seconds of a step with each variant, and how they compare with the plain loop."""
    rows = []
    for width, steps in STEPS.items():
        seconds = step_seconds(functools.partial(build, width=width), list(SPEEDS.values()), images, labels, steps)
        cells = (f"{took:.4f} ({took / seconds[0]:.2f})" for took in seconds)
        rows.append(f"| {width:g} | {' | '.join(cells)} |")
    return rows


def evaluation_row(build: Callable[..., nn.Module], images: torch.Tensor) -> str:
    """Milliseconds for each image of an evaluation, by the number of images at once."""
    model = accelerated(build(width=1 / 16), Speed(channels_last=True)).eval()
    taken: dict[int, list[float]] = {batch: [] for batch in BATCHES}
    for _ in range(EVALUATIONS):
        for batch in BATCHES:
            chosen = images[:64] if batch == 1 else images[:256]
            began = time.perf_counter()
            with torch.no_grad():
                for part in chosen.split(batch):
                    model(part)
            taken[batch].append((time.perf_counter() - began) / len(chosen))
    cells = [f"{1000 * statistics.median(seconds):.3f}" for seconds in taken.values()]
    return f"| channels-last | {' | '.join(cells)} |"


def larger_data(names: Mapping[str, Any]) -> tuple[vgg11.Data, vgg11.Data]:
    """More images than the chapter takes at quick scale, so that ten epochs bring every seed to its level."""
    digits = names["digits"]
    x_train, y_train = names["per_class"](digits.x_train, digits.y_train, PER_CLASS)
    return vgg11.prepared(
        {**names, "x_train": x_train, "y_train": y_train, "x_test": digits.x_test, "y_test": digits.y_test}
    )


def accuracy_rows(names: Mapping[str, Any]) -> list[str]:
    """Test accuracies of each variant after the chapter's ten epochs with Adam, one for each seed."""
    train, test = larger_data(names)
    scores: dict[str, list[float]] = {name: [] for name in SPEEDS}
    seconds: dict[str, list[float]] = {name: [] for name in SPEEDS}
    for seed in SEEDS:
        for name, speed in SPEEDS.items():
            torch.manual_seed(seed)
            model = accelerated(names["build_vgg11"](width=1 / 16), speed)
            optimizer = names["adam"](model.parameters())
            history = names["run_study"](model, optimizer, train, test, names["EPOCHS"])
            scores[name].append(100 * history["test_acc"][-1])
            seconds[name] += history["seconds"]
    return [
        f"| {name} | {', '.join(f'{score:.1f}' for score in scores[name])} | {np.mean(scores[name]):.1f} | "
        f"{statistics.median(seconds[name]):.2f} |"
        for name in SPEEDS
    ]


def main() -> None:
    """Measure and write the tables."""
    where = machine()
    os.environ["WORKBOOK_EMBEDDED"] = "1"
    torch.set_num_threads(1)
    names = definitions(Course.find(Path(__file__).parent), vgg11.CHAPTER)
    torch.set_num_threads(1)
    train, _ = vgg11.prepared(names)
    images, labels = torch.as_tensor(train[0]), torch.as_tensor(train[1])
    lines = [
        "# Chapter 11: seconds of a training step",
        "",
        f"Made by `python -m benchmarks.vgg11` on {where}, one thread, PyTorch {torch.__version__}, "
        f"bfloat16 instructions: {'yes' if native_bfloat16() else 'no'}.",
        "",
        "Seconds of one step with Adam, 64 images; in brackets, times the plain loop. The variants took turns, "
        "step by step; the median of each counts.",
        "",
        f"| width | {' | '.join(SPEEDS)} |",
        "|--:" * (1 + len(SPEEDS)) + "|",
        *step_rows(names["build_vgg11"], images[:64], labels[:64]),
        "",
        "Milliseconds for an image in evaluation, by the number of images at once, width 0.0625.",
        "",
        f"| | {' | '.join(map(str, BATCHES))} |",
        "|---|" + "--:|" * len(BATCHES),
        evaluation_row(names["build_vgg11"], images),
        "",
        f"Test accuracy (%) after {names['EPOCHS']} epochs with Adam, width 0.0625, {10 * PER_CLASS} training images, "
        f"seeds {', '.join(map(str, SEEDS))}.",
        "",
        "| variant | of each seed | mean | seconds of an epoch |",
        "|---|--:|--:|--:|",
        *accuracy_rows(names),
    ]
    keep(__file__, lines)


if __name__ == "__main__":
    main()
