"""Checks of chapter 11's ``pad_images``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, CheckFailed, Quantity, call, compare, passed, require, returned, student_side
from autograder.testing.quantity import recognised
from workbook.chapter11.inputs import image_step, some_pixels

Function = Callable[..., Any]
Images = NDArray[np.uint8]
_REFERENCE = "workbook.chapter11.reference.padding"
# The visible cases: how many images, and the bounds of their random pixels.
_CASES = ((3, 0, 256), (1, 0, 256), (32, 0, 256), (2, 5, 90))
_TOLERANCES = {"rtol": 1e-4, "atol": 1e-6}


def _random(count: int, lowest: int, highest: int) -> tuple[Images]:
    images = np.random.default_rng([110, count]).integers(lowest, highest, (count, 28, 28))
    return (images.astype(np.uint8),)


_SHAPE = Quantity(
    f"{_REFERENCE}:shape",
    {
        "wrong-amount-of-padding": "count: 28 and a frame on both sides have to make 32.",
        "channel-axis-missing": "a convolution expects images, channels, rows, columns. The channel axis is missing, "
        "or it is not in its place.",
        "every-axis-padded": "all axes were padded, the one that counts images included. Give each axis its own "
        "amount.",
    },
    [Case("the shape", (count,)) for count, _, _ in _CASES],
)
_PIXELS = Quantity(
    f"{_REFERENCE}:pixels",
    {
        "padded-at-one-side": "the zeros are not spread evenly: two rows above and two below, two columns at the left "
        "and two at the right.",
        "padded-with-white": "the frame, or the paper, is not 0. In these images 0 is background and 255 is ink.",
        "pixels-not-in-0-1": "the pixels come as whole numbers from 0 to 255; they should leave as fractions from 0 to "
        "1, divided once.",
        "divided-by-the-maximum": "you divide by the largest pixel that happens to be there. The same image would come "
        "out differently in another batch. What is the largest value that a pixel of this type can have?",
        "edge-repeated": "the frame repeats the border pixels; it should be 0.",
        "rows-and-columns-exchanged": "rows and columns are exchanged.",
    },
    [Case("pixels", partial(_random, *case)) for case in _CASES],
    **_TOLERANCES,
)
_MEANS = Quantity(f"{_REFERENCE}:means", {}, [Case("means", partial(_random, *case)) for case in _CASES], **_TOLERANCES)


def pad_images(function: Function) -> None:
    """Check ``pad_images`` on images of random pixels: three, one, 32, and pale ones."""
    for case in _CASES:
        padded(function, *_random(*case))
    passed("pad_images", "3, 1 and 32 images of random pixels, and two that are neither black nor white anywhere")


def padded(function: Function, images: Images) -> None:
    """Compare shape, some pixels and the mean of each padded image, then look at the dtype."""
    got, what = call(function, images), "pad_images(images)"
    returned(got, what, hasattr(got, "shape"), "an array or a tensor")
    about = student_side.described_item([got], 0)[0]
    _shaped(about["array"], tuple(about["shape"]), len(images))
    array = np.asarray(about["array"])
    step = image_step(array)
    _PIXELS.compare(some_pixels(array), f"{what}[{f'::{step}' if step > 1 else ':'}, :, 1::6, 1::6]", images)
    _MEANS.compare(array.mean(axis=(1, 2, 3)), "the mean of each padded image", images)
    require(
        about["dtype"] == "float32",
        f"{what} has dtype {about['dtype']}; expected float32.",
        "the weights of a network are float32, and PyTorch does not convert for you.",
        "not-float32",
    )


def _shaped(array: Any, shape: tuple[int, ...], count: int) -> None:
    answers = _SHAPE.answers(count)
    expected = tuple(np.asarray(answers.right).tolist())
    if shape == expected:
        return
    for mistake in recognised(_SHAPE.mistakes, answers):
        wrong = mistake.wrong() if callable(mistake.wrong) else mistake.wrong
        if shape == tuple(np.ravel(wrong).tolist()):
            message = f"pad_images(images) has shape {shape}; expected {expected}."
            raise CheckFailed(message, mistake.hint, mistake.name)
    compare(array, np.zeros(expected), "pad_images(images)")
