"""What chapter 11's checks give to students' functions: parameters by name and shape, and data for a study.

Parameters are found by the last part of their name and their shape, never by the order or the names of the layers.
Where several layers share a shape they are given the same numbers, so that it does not matter which of them is which.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbook.linear_classifier import Labels, random_images

State = dict[str, NDArray[Any]]
Kind = tuple[str, tuple[int, ...]]
Data = tuple[NDArray[np.float32], Labels]
CLASSES = 10
_AXES = 4


def features(width: float) -> int:
    """Numbers that the last block of a network of this width hands on."""
    return round(width * 512)


def hidden_units(width: float) -> int:
    """Units of each hidden layer of a network of this width."""
    return round(width * 4096)


def kind_of(name: str, array: NDArray[Any]) -> Kind:
    """The last part of an entry's name, and its shape."""
    return name.rpartition(".")[2], tuple(array.shape)


def kinds_of(state: State) -> Counter[Kind]:
    """How often each kind occurs among the parameters in a state dict; running statistics are left out."""
    return Counter(kind for name, array in state.items() if (kind := kind_of(name, array))[0] in ("weight", "bias"))


def kind_table(kinds: Mapping[Kind, int]) -> NDArray[np.int64]:
    """Kinds as whole numbers (K, 6): how often, 1 for a weight and 0 for a bias, the shape with zeros behind it."""
    rows = [
        (count, int(name == "weight"), *shape, *[0] * (_AXES - len(shape))) for (name, shape), count in kinds.items()
    ]
    return np.array(sorted(rows), dtype=np.int64)


def kinds_in(table: NDArray[np.int64]) -> Counter[Kind]:
    """What :func:`kind_table` has written."""
    return Counter(
        {
            ("weight" if weight else "bias", tuple(axis for axis in shape if axis)): count
            for count, weight, *shape in table.tolist()
        }
    )


def filling(state: State, seed: int) -> State:
    """Random numbers for every entry of a state dict; entries of one kind get the same ones."""
    return {
        name: random_numbers(seed, *kind_of(name, array)) for name, array in state.items() if array.dtype.kind == "f"
    }


def random_numbers(seed: int, kind: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Numbers for the parameters or statistics of a kind, on the scale of a layer of that shape."""
    rng = np.random.default_rng([seed, *shape, len(kind)])
    if kind == "running_var":
        return rng.uniform(0.5, 2.0, shape)
    if kind == "weight" and len(shape) == 1:
        return rng.uniform(0.7, 1.4, shape)
    if kind == "weight":
        return rng.standard_normal(shape) * math.sqrt(2 / math.prod(shape[1:]))
    return 0.2 * rng.standard_normal(shape)


def dropout_probe(state: State, width: float, place: str) -> State:
    """Numbers that make every activation 1, so that the logits show what dropout did to it.

    Args:
        place: ``"logits"`` gives logits of 1 straight from the last bias; ``"second"`` gives each logit the value of a
            unit of the second hidden layer; ``"chain"`` sends the first feature through both hidden layers.
    """
    hidden, last = hidden_units(width), features(width)
    filled: State = {}
    for name, array in state.items():
        kind, shape = kind_of(name, array)
        if array.dtype.kind != "f":
            continue
        filled[name] = np.zeros(shape) if kind in ("weight", "running_mean") else np.ones(shape)
        if (kind, shape) == ("weight", (CLASSES, hidden)) and place != "logits":
            filled[name] = np.eye(CLASSES, hidden)
        if (kind, shape) == ("bias", (CLASSES,)) and place != "logits":
            filled[name] = np.zeros(shape)
        if place == "chain":
            if (kind, shape) == ("weight", (hidden, hidden)):
                filled[name] = np.eye(hidden)
            elif (kind, shape) == ("weight", (hidden, last)):
                filled[name] = np.eye(1, last).repeat(hidden, axis=0)
            elif (kind, shape) == ("bias", (hidden,)):
                filled[name] = np.zeros(shape)
    return filled


def study_data(count: int, seed: int) -> Data:
    """Random images (count, 1, 8, 8), float32, and their labels."""
    images, labels = random_images(count, seed)
    return images.astype(np.float32), labels


def some_pixels(images: NDArray[Any]) -> NDArray[Any]:
    """The pixels of padded images that are compared one by one: every sixth row and column of two images or three.

    They meet the frame at all four sides.
    """
    return images[:: image_step(images), :, 1::6, 1::6]


def image_step(images: NDArray[Any]) -> int:
    """Between the images whose pixels are compared."""
    return max(1, len(images) // 2)
