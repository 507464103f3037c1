"""What chapter 12's data set makes of the pixels of a picture, rightly and wrongly."""

from __future__ import annotations

import numpy as np

from autograder.testing.answers import Formulas
from workbook.chapter12.inputs import Array, Pixels

_IMAGENET_MEAN = np.array([0.485, 0.456, 0.406])[:, None, None]
_IMAGENET_STD = np.array([0.229, 0.224, 0.225])[:, None, None]


def rgb(pixels: Pixels) -> Array:
    """The same pixels as float64, (3, H, W): grey three times, without an opaque fourth channel."""
    colour = np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels[:, :, :3]
    return colour.transpose(2, 0, 1).astype(np.float64)


def item(pixels: Pixels, scale: float, shift: float) -> Array:
    """The item (3, H, W) of a picture where the preprocessing gives ``scale * pixel / 255 + shift``."""
    return _short(scale * rgb(pixels) / 255 + shift)


def item_mistakes(pixels: Pixels, scale: float, shift: float) -> Formulas:
    """Items that went through another preprocessing, or through one too many; arguments of :func:`item`."""
    colour = rgb(pixels)
    unit, right = colour / 255, scale * colour / 255 + shift
    yield "channels-reversed", lambda: _short(right[::-1])
    yield "normalisation-missing", lambda: _short(unit)
    yield "normalisation-missing", lambda: colour
    yield "another-networks-normalisation", lambda: _short((unit - _IMAGENET_MEAN) / _IMAGENET_STD)
    yield "preprocessed-twice", lambda: _short(right / 255)
    yield "preprocessed-twice", lambda: _short((right - _IMAGENET_MEAN) / _IMAGENET_STD)
    yield "channel-axis-last", lambda: _short(right.transpose(1, 2, 0))
    yield "rows-and-columns-exchanged", lambda: _short(right.transpose(0, 2, 1))
    yield "batch-axis-in-item", lambda: _short(right[None])


def _short(values: Array) -> Array:
    """Seven decimals: checks compare single precision."""
    return np.asarray(np.round(values, 7))
