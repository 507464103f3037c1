"""Wrong convolutions that students write, each computed by an oracle on changed arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.testing import Mistake
from workbook.chapter05.reference.convolution import (
    Array,
    Shape,
    autograd_gradients,
    scipy_convolution,
    torch_conv2d,
    torch_max_pool2d,
    torch_mean_pool2d,
    torch_output_shape,
)


def _named(name: str, hint: str, wrong: Callable[[], ArrayLike]) -> Mistake:
    """A mistake whose wrong value may not exist for the case at hand (a kernel larger than the image, say)."""

    def value() -> ArrayLike:
        try:
            return wrong()
        except (RuntimeError, ValueError, IndexError):
            return np.nan

    return Mistake(name, hint, value)


def shape_mistakes(input_shape: Shape, kernel_shape: Shape, stride: int = 1, padding: int = 0) -> list[Mistake]:
    """Wrong output shapes that students give."""
    b, c, h, w = input_shape
    o, _, kh, kw = kernel_shape

    def shape(
        b: int = b, h: int = h, w: int = w, kernel: Shape = kernel_shape, s: int = stride, p: int = padding
    ) -> Shape:
        return torch_output_shape((b, c, h, w), kernel, s, p)

    right = shape()
    return [
        _named(
            "plus-one-forgotten",
            "count the positions of a window of 2 in a row of 3: there are two, not one. The first one counts, too.",
            lambda: (*right[:2], right[2] - 1, right[3] - 1),
        ),
        _named(
            "padding-once",
            "padding adds rows at the top and at the bottom, and columns at the left and at the right.",
            lambda: shape(h=h + padding, w=w + padding, p=0),
        ),
        _named("padding-ignored", "the padding does not enter your sizes yet.", lambda: shape(p=0)),
        _named("stride-ignored", "the stride does not enter your sizes yet.", lambda: shape(s=1)),
        _named(
            "rounded-up",
            "a window that would reach beyond the edge is not taken, so a broken number of steps is rounded down.",
            lambda: shape(h=h + stride - 1, w=w + stride - 1),
        ),
        _named(
            "input-channels-kept",
            "the second axis of the output holds one map for each kernel, not one for each input channel.",
            lambda: (b, c, *right[2:]),
        ),
        _named(
            "height-and-width-exchanged",
            "the kernel's height goes with the image's height (axis 2), its width with the width (axis 3).",
            lambda: shape(kernel=(o, c, kw, kh)),
        ),
    ]


def conv2d_mistakes(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> list[Mistake]:
    """Wrong cross-correlations that students compute, each by PyTorch on changed arguments."""
    image, kernel = np.asarray(image, dtype=np.float64), np.asarray(kernel, dtype=np.float64)

    def torch_with(x: Array = image, k: Array = kernel, s: int = stride, p: int = padding) -> Array:
        return torch_conv2d(x, k, s, p)

    def padded(mode: Any, *widths: tuple[int, int]) -> Array:
        return np.pad(image, ((0, 0), (0, 0), *widths), mode=mode)

    both = (padding, padding)
    return [
        _named(
            "kernel-flipped",
            "this is the true convolution: it turns the kernel round. Deep learning's convolution lays the kernel on "
            "the image as it is.",
            lambda: torch_with(k=kernel[..., ::-1, ::-1]),
        ),
        _named(
            "kernel-transposed",
            "rows and columns of the kernel are exchanged. The first tap index belongs to the rows.",
            lambda: torch_with(k=kernel.swapaxes(2, 3)),
        ),
        *[
            _named(
                "one-channel-only",
                "only one channel reaches the result. The output is a sum over all input channels.",
                partial(torch_with, x=image[:, c : c + 1], k=kernel[:, c : c + 1]),
            )
            for c in sorted({0, image.shape[1] - 1})
        ],
        _named(
            "channels-averaged",
            "the channels are averaged; the definition adds them up.",
            lambda: torch_with() / image.shape[1],
        ),
        _named("stride-ignored", "the window still moves by one pixel.", lambda: torch_with(s=1)),
        _named(
            "stride-before-window",
            "the image was thinned out before the windows were taken, so the kernel meets pixels that are not "
            "neighbours. The stride says which windows to keep, not which pixels.",
            lambda: torch_with(x=padded("constant", both, both)[..., ::stride, ::stride], s=1, p=0),
        ),
        _named(
            "padding-ignored",
            "the padding is not used: the output has the size of the case without it.",
            lambda: torch_with(p=0),
        ),
        _named(
            "padding-not-zero",
            "the size is right, but the frame is not made of zeros.",
            lambda: torch_with(x=padded("edge", both, both), p=0),
        ),
        *[
            _named(
                "padding-one-side",
                "all the zeros stand on one side of the image. Half of them belong on the other.",
                partial(lambda side: torch_with(x=padded("constant", side, side), p=0), side),
            )
            for side in ((2 * padding, 0), (0, 2 * padding))
        ],
        _named(
            "padding-once",
            "zeros were added on one side only. Padding adds rows at the top and at the bottom, and columns at the "
            "left and at the right.",
            lambda: torch_with(x=padded("constant", (padding, 0), (padding, 0)), p=0),
        ),
    ]


def true_convolution_mistakes(image: Array, kernel: Array) -> list[Mistake]:
    """Wrong true convolutions that students compute, each by SciPy on a changed kernel."""
    hint = "the kernel is turned round along one spatial axis only. Both p and q carry a minus sign in the definition."
    return [
        _named(
            "not-flipped",
            "this is the cross-correlation: the kernel still lies on the image as it is.",
            lambda: scipy_convolution(image, kernel[..., ::-1, ::-1]),
        ),
        _named("one-axis-flipped", hint, lambda: scipy_convolution(image, kernel[..., ::-1, :])),
        _named("one-axis-flipped", hint, lambda: scipy_convolution(image, kernel[..., ::-1])),
        _named(
            "transposed-not-flipped",
            "exchanging rows and columns is not the same as turning the kernel round.",
            lambda: scipy_convolution(image, kernel[..., ::-1, ::-1].swapaxes(2, 3)),
        ),
        _named(
            "channels-flipped",
            "the order of the channels is reversed, too. Only the two spatial axes are turned round.",
            lambda: scipy_convolution(image, kernel[:, ::-1]),
        ),
        _named(
            "everything-flipped",
            "axes that are not spatial are reversed, too: name the two axes you want to turn round.",
            lambda: scipy_convolution(image, kernel[::-1, ::-1]),
        ),
    ]


def pool_mistakes(image: Array, size: int, stride: int) -> list[Mistake]:
    """Wrong poolings that students compute, each by PyTorch."""
    return [
        _named(
            "mean-instead-of-max",
            "this is the mean of each window.",
            lambda: torch_mean_pool2d(image, size, stride),
        ),
        _named(
            "min-instead-of-max",
            "this is the least value of each window.",
            lambda: -torch_max_pool2d(-image, size, stride),
        ),
        _named(
            "starts-at-zero",
            "a window whose values are all negative gives 0. The largest of some negative numbers is negative; "
            "look at the value that your maximum starts from.",
            lambda: np.maximum(torch_max_pool2d(image, size, stride), 0),
        ),
        _named(
            "stride-ignored",
            "the window moves by its own size; it should move by `stride`.",
            lambda: torch_max_pool2d(image, size, size),
        ),
        _named("stride-ignored", "the window moves by one pixel only.", lambda: torch_max_pool2d(image, size, 1)),
        _named(
            "incomplete-windows",
            "windows that reach beyond the edge were pooled, too; only complete ones count.",
            lambda: torch_max_pool2d(image, size, stride, incomplete=True),
        ),
        _named(
            "channels-mixed",
            "the maximum was taken over the channels, too; each channel is pooled by itself.",
            lambda: torch_max_pool2d(image.max(axis=1, keepdims=True), size, stride),
        ),
    ]


def input_gradient_mistakes(dout: Array, image: Array, kernel: Array) -> list[Mistake]:
    """Wrong gradients for the input."""

    def gradient(dout: Array = dout, kernel: Array = kernel) -> Array:
        return autograd_gradients(dout, image, kernel)[0]

    return [
        _named(
            "backward-kernel-not-rotated",
            "every tap goes back to the wrong place. Forward, output row r reads input row r + p through tap p; "
            "in the backward pass that same tap must write to that same row.",
            lambda: gradient(kernel=kernel[..., ::-1, ::-1]),
        ),
        _named(
            "dout-ignored",
            "this is the gradient of the plain sum of the output. Each output's share must be weighted with its dout.",
            lambda: gradient(dout=np.ones_like(dout)),
        ),
        *[
            _named(
                "shares-overwritten",
                "pixels that lie in several windows keep one share only. All their shares must be added up.",
                partial(_overwritten, dout, image, kernel, first),
            )
            for first in (True, False)
        ],
        _named(
            "averaged-over-batch",
            "the gradient is divided by the number of samples. Take no mean: dout already says what the loss is.",
            lambda: gradient() / len(image),
        ),
    ]


def _overwritten(dout: Array, image: Array, kernel: Array, first: bool) -> Array:
    """The input gradient in which of several windows only the first, or only the last, leaves its share."""
    result = np.zeros(image.shape)
    height, width = kernel.shape[2:]
    for r, c in sorted(np.ndindex(dout.shape[2:]), reverse=first):
        window = (..., slice(r, r + height), slice(c, c + width))
        single = np.zeros_like(dout)
        single[:, :, r, c] = dout[:, :, r, c]
        result[window] = autograd_gradients(single, image, kernel)[0][window]
    return result


def kernel_gradient_mistakes(dout: Array, image: Array, kernel: Array) -> list[Mistake]:
    """Wrong gradients for the kernel."""

    def gradient(dout: Array = dout, image: Array = image) -> Array:
        return autograd_gradients(dout, image, kernel)[1]

    return [
        _named(
            "kernel-gradient-flipped",
            "the gradient is turned round. Tap (p, q) met the pixels that begin at row p and column q.",
            lambda: gradient()[..., ::-1, ::-1],
        ),
        _named(
            "dout-ignored",
            "this is the gradient of the plain sum of the output. Each output's share must be weighted with its dout.",
            lambda: gradient(dout=np.ones_like(dout)),
        ),
        *[
            _named(
                "one-sample-only",
                "only one sample reaches the gradient. The kernel is shared by all of them, so their shares add up.",
                partial(gradient, dout=dout[n : n + 1], image=image[n : n + 1]),
            )
            for n in sorted({0, len(image) - 1})
        ],
        _named(
            "averaged-over-batch",
            "the gradient is divided by the number of samples. Take no mean: dout already says what the loss is.",
            lambda: gradient() / len(image),
        ),
        _named(
            "averaged-over-positions",
            "the gradient is a mean over positions. The kernel is used at each of them, and the shares add up.",
            lambda: gradient() / (dout.shape[2] * dout.shape[3]),
        ),
    ]
