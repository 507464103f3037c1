"""Chapter 11 at its original scale: four variants of VGG11 at full width, 10 epochs on 6000 digits of MNIST.

Batches of 64. One epoch took five minutes in the sources, and takes a processor's core a few.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from authoring.recording.experiment import Curves, Plan, Run, Scale, Training
from autograder.errors import AutograderError

CHAPTER = "11_vgg11_study"
USES = ("build_vgg11", "run_study", "pad_images", "per_class", "RUNS", "SPEED")


@dataclass(frozen=True)
class Sizes:
    """Width as a factor, images of each class for training and for testing, epochs, images in a batch."""

    width: float
    training: int
    test: int
    epochs: int
    batch: int


SIZES: Mapping[Scale, Sizes] = {"quick": Sizes(1 / 16, 6, 3, 2, 30), "full": Sizes(1.0, 600, 600, 10, 64)}


def plan(names: Mapping[str, Any], scale: Scale, device: torch.device) -> Plan:
    """One run for each variant: ``width``, and for each epoch what the chapter's ``run_study`` measures.

    Raises:
        AutograderError: if full scale is asked for and the digits are not MNIST.
    """
    digits, sizes = names["digits"], SIZES[scale]
    if scale == "full" and not digits.source.startswith("MNIST"):
        raise AutograderError(
            f"full scale needs MNIST; found {digits.source}. Let WORKBOOK_DATA name a folder that holds "
            "mnist/MNIST/raw."
        )
    train, test = (
        _padded(names, names["per_class"](images, labels, count), device)
        for images, labels, count in (
            (digits.x_train, digits.y_train, sizes.training),
            (digits.x_test, digits.y_test, sizes.test),
        )
    )

    def run(name: str) -> Run:
        return Run(name, sizes.epochs, lambda _: _training(names, name, device, train, test, sizes))

    words = (
        f"{digits.source.partition(' from')[0]}: {len(train[1])} training and {len(test[1])} test images, equally many "
        f"of each class, padded to 32×32; VGG11 of width {sizes.width:g}"
    )
    return Plan(words, tuple(run(name) for name in names["RUNS"]))


def _padded(names: Mapping[str, Any], part: tuple[Any, Any], device: torch.device) -> tuple[Any, Any]:
    images, labels = part
    return torch.as_tensor(names["pad_images"](images)).to(device), torch.as_tensor(labels).to(device)


def _training(
    names: Mapping[str, Any], name: str, device: torch.device, train: Any, test: Any, sizes: Sizes
) -> Training:
    make_optimizer, settings = names["RUNS"][name]
    model = names["speed"].accelerated(names["build_vgg11"](width=sizes.width, **settings), names["SPEED"]).to(device)
    optimizer = make_optimizer(model.parameters())

    def epoch(_: int) -> Any:
        return names["run_study"](model, optimizer, train, test, 1, sizes.batch)

    def result(curves: Curves) -> dict[str, Any]:
        # The seconds of each epoch, as the chapter measures them, stay out: the core says what all took.
        return {"width": sizes.width, **{key: values for key, values in curves.items() if key != "seconds"}}

    return Training(model, optimizer, epoch, result)
