"""Checks of chapter 05: numbers of channels that differ are refused, in words that name both."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, call, require, student_side

Shape = tuple[int, ...]
Function = Callable[..., Any]


def refuses_channels(
    function: Function, name: str, image_shape: Shape, kernel_shape: Shape, *, shapes_only: bool = False
) -> None:
    """Require a ValueError that says "channels" and both numbers, for channels that differ.

    Args:
        name: the function's name, for the message.
        shapes_only: True where the function takes the two shapes, not two arrays.
    """
    first, second = (image_shape, kernel_shape) if shapes_only else (np.ones(image_shape), np.ones(kernel_shape))
    channels = (image_shape[1], kernel_shape[1])
    case = f"an input with {channels[0]} channels and a kernel with {channels[1]}"
    try:
        student_side.recorded_call(function, first, second)
    except NotImplementedError:
        call(function, first, second)
    except ValueError as error:
        text = str(error)
        require(
            "channel" in text.lower(),
            f'{name} stopped with "{text}" for {case}.',
            "this error comes from NumPy, which met arrays that happen not to fit. Compare the two channel numbers "
            "before you compute, and say in your own ValueError what is wrong.",
            "channels-not-checked",
        )
        require(
            {str(number) for number in channels} <= set(re.findall(r"\d+", text)),
            f'{name} raises ValueError("{text}") for {case}.',
            "the error is there, but the reader has to guess the numbers. Put both channel numbers into the message.",
            "unclear-channel-error",
        )
        return
    except Exception as error:
        raise CheckFailed(
            f"{name} stopped with {type(error).__name__}: {error}, for {case}; expected a ValueError.",
            "compare the two channel numbers before you compute anything.",
            "channels-not-checked",
        ) from None
    raise CheckFailed(
        f"{name} accepts {case} and returns a result; expected a ValueError.",
        "with numbers of channels that differ there is no sum over channels to take. Where one of them is 1, NumPy "
        "broadcasts and hides the mistake, so compare the two numbers yourself.",
        "channels-not-checked",
    )


def refuses_any_channels(function: Function, name: str, shapes_only: bool = False) -> None:
    """Require the error where the image has more channels than the kernel, fewer, and where one of them has one."""
    for channels in ((7, 5), (3, 8), (6, 1), (1, 4)):
        refuses_channels(function, name, (2, channels[0], 4, 4), (2, channels[1], 3, 3), shapes_only=shapes_only)
