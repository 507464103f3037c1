"""Visible inputs of chapter 05's exercises: always the same, whole numbers unless said otherwise."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case

Array = NDArray[np.float64]
Shape = tuple[int, ...]


def small() -> tuple[Array, Array]:
    """One image of one channel, 4×4, and one kernel that differs from its transpose and from its flip."""
    image = np.array([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 1.0], [2.0, 0.0, 1.0, 2.0], [1.0, 1.0, 0.0, 0.0]])
    return image[None, None], np.array([[1.0, 2.0], [0.0, -1.0]])[None, None]


def integers(*shapes: Shape) -> list[Array]:
    """Arrays of these shapes, of whole numbers from -3 to 3."""
    rng = np.random.default_rng(5)
    return [rng.integers(-3, 4, shape).astype(np.float64) for shape in shapes]


def case(name: str, image_shape: Shape, kernel_shape: Shape, **options: int) -> Case:
    """A call with an image and a kernel of these shapes."""
    given = "".join(f", {option}={value}" for option, value in options.items())
    what = f"{name}(input, kernel{given}), input {image_shape}, kernel {kernel_shape}"
    return Case(what, partial(integers, image_shape, kernel_shape), options)


def fractions() -> list[Any]:
    """An image of whole numbers, by dtype, and a kernel of fractions."""
    image, kernel = integers((1, 2, 4, 4), (2, 2, 2, 2))
    return [image.astype(np.int64), kernel / 4]


def pooled(kind: str, shape: Shape, size: int, stride: int, shift: float = 0.0) -> Case:
    """A case of max-pooling; ``shift`` is added to all values."""
    (image,) = integers(shape)
    return Case(f"max_pool2d(input, {size}, {stride}), input {shape}, {kind}", (image + shift, size, stride))


def backward(image_shape: Shape, kernel_shape: Shape) -> Case:
    """A case of the backward pass, with a dout that differs from place to place."""
    return Case(f"input {image_shape}, kernel {kernel_shape}", partial(_backward_inputs, image_shape, kernel_shape))


def _backward_inputs(image_shape: Shape, kernel_shape: Shape) -> tuple[Array, Array, Array]:
    image, kernel = integers(image_shape, kernel_shape)
    places = [size - taps + 1 for size, taps in zip(image_shape[2:], kernel_shape[2:], strict=True)]
    dout = np.random.default_rng(6).integers(-3, 4, (image_shape[0], kernel_shape[0], *places))
    return dout.astype(np.float64), image, kernel
