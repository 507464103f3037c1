"""The four runs of chapter 11 on MNIST, 600 images of each class for training and for testing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

CHAPTER = "11_vgg11_study"
# The full network needs hours for this on one core; an eighth of the width fits into ten minutes.
WIDTH = 0.125
EPOCHS = 10

Data = tuple[NDArray[np.float32], NDArray[np.int64]]


def prepared(names: Mapping[str, Any], factor: float = 1.0) -> tuple[Data, Data]:
    """Training and test images, padded by the chapter's function and multiplied by ``factor``, with their labels."""

    def padded(images: Any) -> NDArray[np.float32]:
        return np.asarray(names["pad_images"](images), dtype=np.float32) * np.float32(factor)

    return (padded(names["x_train"]), names["y_train"]), (padded(names["x_test"]), names["y_test"])


def data(names: Mapping[str, Any]) -> str:
    """The data set in words, with its sizes."""
    source = names["digits"].source.partition(" from")[0]
    sizes = f"{len(names['x_train'])} training and {len(names['x_test'])} test images"
    return f"{source}: {sizes}, equally many of each class, padded to 32×32; VGG11 of width {WIDTH:g}"


def run(names: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """Curves of the four runs from one seed; accuracies are fractions, seconds are those of training in each epoch."""
    train, test = prepared(names)
    runs = []
    for name, (optimizer, settings) in names["RUNS"].items():
        history = names["one_run"](seed, optimizer, train, test, EPOCHS, WIDTH, **settings)
        runs.append({"name": name, "width": WIDTH, **history})
    return runs
