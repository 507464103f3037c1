"""What chapter 11's padded images should be, and what wrong frames and ranges give."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing.answers import Formulas
from workbook.chapter11.inputs import some_pixels

Array = NDArray[Any]
Images = NDArray[np.uint8]


def shape(count: int) -> list[int]:
    """The shape of so many padded images."""
    return [count, 1, 32, 32]


def shape_mistakes(count: int) -> Formulas:
    """Shapes after another amount of padding, or without the channel axis in its place."""
    for side in (30, 34, 36):
        yield "wrong-amount-of-padding", partial(list, (count, 1, side, side))
    yield "channel-axis-missing", lambda: [count, 32, 32]
    yield "channel-axis-missing", lambda: [count, 32, 32, 1]
    yield "every-axis-padded", lambda: [count + 4, 32, 32]
    yield "every-axis-padded", lambda: [count + 4, 1, 32, 32]
    yield "every-axis-padded", lambda: [count + 4, 5, 32, 32]


def _padded(images: Any, rows: tuple[int, int] = (2, 2), columns: tuple[int, int] = (2, 2), value: float = 0) -> Array:
    return np.pad(images, ((0, 0), rows, columns), constant_values=value)[:, None]


def _short(images: Array) -> Array:
    """The pixels that are compared, to six decimals."""
    return np.asarray(np.round(some_pixels(images), 6))


def _one_sided(images: Array, sides: tuple[int, int]) -> Array:
    return _short(_padded(images, sides, sides))


def pixels(images: Images) -> Array:
    """Some pixels of the padded images."""
    return _short(_padded(images / 255))


def pixels_mistakes(images: Images) -> Formulas:
    """Pixels of images with zeros in the wrong place, other fillings and other ranges."""
    unit = images / 255
    right, largest = _padded(unit), max(int(images.max()), 1)
    for sides in ((0, 4), (4, 0), (1, 3)):
        yield "padded-at-one-side", partial(_one_sided, unit, sides)
    yield "padded-with-white", lambda: _short(_padded(images, value=255) / 255)
    yield "padded-with-white", lambda: _short(_padded(unit, value=255))
    yield "padded-with-white", lambda: _short(_padded(1 - unit))
    yield "pixels-not-in-0-1", lambda: _short(255 * right)
    yield "pixels-not-in-0-1", lambda: _short(2 * right - 1)
    yield "pixels-not-in-0-1", lambda: _short(right / 255)
    yield "pixels-not-in-0-1", lambda: _short(right * 255 / 256)
    yield "divided-by-the-maximum", lambda: _short(right * 255 / largest)
    yield "edge-repeated", lambda: _short(np.pad(unit, ((0, 0), (2, 2), (2, 2)), mode="edge")[:, None])
    yield "rows-and-columns-exchanged", lambda: _short(right.transpose(0, 1, 3, 2))


def means(images: Images) -> Array:
    """The mean of all pixels of each padded image, (N,)."""
    return np.asarray(np.round(_padded(images / 255).mean(axis=(1, 2, 3)), 7))
