"""Chapter 05's exercises: the inputs that students see, and the wrong answers that are recognised."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Exercise, ForbiddenLoop, arrays, require, unpacked
from autograder.testing.forbidden_calls import ForbiddenCalls
from autograder.testing.hint_display import Hints
from workbook.chapter05.channel_checks import refuses_any_channels
from workbook.chapter05.channel_checks import refuses_channels as refuses_channels  # for the test cells
from workbook.chapter05.inputs import backward, case, fractions, integers, pooled, small

Array = NDArray[np.float64]
Shape = tuple[int, ...]

_REFERENCE = "workbook.chapter05.reference"
_EXERCISES = (
    "conv2d_output_shape", "conv2d_loops", "conv2d", "true_convolution", "max_pool2d", "conv2d_backward",
)  # fmt: skip


def _numpy_only(name: str, *also: str) -> ForbiddenCalls:
    """The rule of this chapter: NumPy alone. ``also`` names functions of NumPy that this exercise does without."""
    hint = "the exercises of this chapter are written with NumPy alone; PyTorch and SciPy are there to compare with."
    if also:
        hint += " This one is written with loops over windows."
    elsewhere = [exercise for exercise in _EXERCISES if exercise != name]
    return ForbiddenCalls(("torch", "scipy", *also), hint, elsewhere, mistake="library-does-the-work")


def _whole_numbers(got: Any, what: str, *_: Any) -> Any:
    kinds = {type(size).__name__ for size in got if isinstance(size, (float, np.floating))} if np.iterable(got) else ()
    require(
        not kinds,
        f"{what} holds numbers of type {', '.join(sorted(kinds))}; expected int.",
        "sizes are whole numbers: NumPy refuses an array shape that holds a float. A single / always gives one.",
        "sizes-not-integer",
    )
    return got


conv2d_output_shape = Exercise(
    "conv2d_output_shape",
    f"{_REFERENCE}:output_shape",
    [
        Case(f"conv2d_output_shape({', '.join(map(str, args))})", args)
        for args in (
            ((5, 3, 24, 24), (16, 3, 5, 5), 1, 0),
            ((1, 1, 7, 7), (2, 1, 3, 3), 2, 0),
            ((2, 3, 8, 8), (4, 3, 5, 5), 1, 2),
            ((3, 2, 12, 9), (5, 2, 2, 5)),
            ((2, 4, 11, 8), (6, 4, 3, 4), 3, 1),
        )
    ],
    {
        "plus-one-forgotten": "count the positions of a window of 2 in a row of 3: there are two, not one. The first "
        "one counts, too.",
        "padding-once": "padding adds rows at the top and at the bottom, and columns at the left and at the right.",
        "padding-ignored": "the padding does not enter your sizes yet.",
        "stride-ignored": "the stride does not enter your sizes yet.",
        "rounded-up": "a window that would reach beyond the edge is not taken, so a broken number of steps is rounded "
        "down.",
        "input-channels-kept": "the second axis of the output holds one map for each kernel, not one for each input "
        "channel.",
        "height-and-width-exchanged": "the kernel's height goes with the image's height (axis 2), its width with the "
        "width (axis 3).",
    },
    form=_whole_numbers,
    also=[partial(refuses_any_channels, name="conv2d_output_shape", shapes_only=True)],
    summary="the first case of the text, stride 2, padding 2, nothing square, too many channels and too few",
)

_CONV2D_MISTAKES = {
    "kernel-flipped": "this is the true convolution: it turns the kernel round. Deep learning's convolution lays the "
    "kernel on the image as it is.",
    "kernel-transposed": "rows and columns of the kernel are exchanged. The first tap index belongs to the rows.",
    "one-channel-only": "only one channel reaches the result. The output is a sum over all input channels.",
    "channels-averaged": "the channels are averaged; the definition adds them up.",
    "stride-ignored": "the window still moves by one pixel.",
    "stride-before-window": "the image was thinned out before the windows were taken, so the kernel meets pixels that "
    "are not neighbours. The stride says which windows to keep, not which pixels.",
    "padding-ignored": "the padding is not used: the output has the size of the case without it.",
    "padding-not-zero": "the size is right, but the frame is not made of zeros.",
    "padding-one-side": "all the zeros are on one side of the image. Half of them belong on the other.",
    "padding-once": "zeros were added on one side only. Padding adds rows at the top and at the bottom, and columns at "
    "the left and at the right.",
}

conv2d_loops = Exercise(
    "conv2d_loops",
    f"{_REFERENCE}:conv2d",
    [
        Case("conv2d_loops(image, kernel), 4×4 image, 2×2 kernel", small),
        case("conv2d_loops", (2, 3, 5, 5), (4, 3, 3, 3)),
        case("conv2d_loops", (3, 2, 4, 7), (2, 2, 3, 2)),
        case("conv2d_loops", (1, 2, 3, 5), (1, 2, 3, 5)),
        Case("conv2d_loops(image, kernel), an image of dtype int64 and a kernel of fractions", fractions),
    ],
    _CONV2D_MISTAKES,
    also=[partial(refuses_any_channels, name="conv2d_loops")],
    forbidden=[_numpy_only("conv2d_loops", "numpy.lib.stride_tricks")],
    summary="one channel, then several samples, channels and kernels, nothing square, then channels that differ",
)

conv2d = Exercise(
    "conv2d",
    f"{_REFERENCE}:conv2d",
    [
        Case("conv2d(image, kernel), 4×4 image, 2×2 kernel", small),
        case("conv2d", (2, 3, 8, 8), (4, 3, 5, 5)),
        case("conv2d", (3, 2, 4, 7), (2, 2, 3, 2)),
        case("conv2d", (1, 2, 3, 5), (1, 2, 3, 5)),
    ],
    _CONV2D_MISTAKES,
    also=[partial(refuses_any_channels, name="conv2d")],
    forbidden=[_numpy_only("conv2d")],
    summary="4×4, then (2, 3, 8, 8) with (4, 3, 5, 5), nothing square, then channels that differ",
)

conv2d_stride_and_padding = Exercise(
    "conv2d",
    f"{_REFERENCE}:conv2d",
    [
        case("conv2d", (1, 2, 7, 7), (3, 2, 3, 3), stride=stride, padding=padding)
        for stride, padding in ((2, 0), (1, 1), (2, 1))
    ]
    + [
        case("conv2d", (2, 3, 6, 9), (4, 3, 2, 4), stride=3, padding=2),
        case("conv2d", (2, 2, 4, 6), (3, 2, 4, 3), stride=1, padding=3),
    ],
    _CONV2D_MISTAKES,
    summary="stride 2, padding 1, both, then others, and nothing square",
)


def same_work(small: Shape, large: Shape, kernel_shape: Shape, **options: int) -> ForbiddenLoop:
    """The rule that ``conv2d`` executes as many lines of Python for a large input as for a small one."""
    over = "samples" if small[0] != large[0] else "pixels"
    few, many = (
        Case(f"an input of shape {shape}", partial(integers, shape, kernel_shape), options) for shape in (small, large)
    )
    hint = f"Only the kernel's taps may be looped over: let one NumPy call do all {over} at once."
    return ForbiddenLoop(over, few, many, hint)


conv2d_without_loops = Exercise(
    "conv2d",
    forbidden=[
        same_work((1, 2, 6, 6), (1, 2, 12, 12), (3, 2, 3, 3)),
        same_work((1, 2, 6, 6), (4, 2, 6, 6), (3, 2, 3, 3)),
        same_work((1, 2, 7, 6), (1, 2, 7, 21), (3, 2, 2, 3), stride=2, padding=1),
    ],
    summary="as many lines of Python for two image sizes and for two batch sizes, with stride and padding, too",
)

true_convolution = Exercise(
    "true_convolution",
    f"{_REFERENCE}:true_convolution",
    [
        Case("true_convolution(input, kernel), 4×4 image, 2×2 kernel", small),
        case("true_convolution", (2, 3, 5, 5), (4, 3, 3, 3)),
        case("true_convolution", (3, 2, 4, 7), (2, 2, 3, 2)),
        case("true_convolution", (1, 4, 4, 3), (1, 4, 2, 1)),
    ],
    {
        "not-flipped": "this is the cross-correlation: the kernel still lies on the image as it is.",
        "one-axis-flipped": "the kernel is turned round along one spatial axis only. Both p and q carry a minus sign "
        "in the definition.",
        "transposed-not-flipped": "exchanging rows and columns is not the same as turning the kernel round.",
        "channels-flipped": "the order of the channels is reversed, too. Only the two spatial axes are turned round.",
        "everything-flipped": "axes that are not spatial are reversed, too: name the two axes you want to turn round.",
    },
    forbidden=[_numpy_only("true_convolution")],
    summary="one channel, then several samples, channels and kernels, nothing square",
)

max_pool2d = Exercise(
    "max_pool2d",
    f"{_REFERENCE}:max_pool2d",
    [
        Case(f"max_pool2d(input, {size}, {stride}), input (1, 2, 4, 4)", (*integers((1, 2, 4, 4)), size, stride))
        for size, stride in ((2, 2), (3, 1))
    ]
    + [
        pooled("all negative", (2, 3, 4, 6), 2, 2, shift=-5.0),
        pooled("rows and columns left over", (1, 3, 5, 8), 3, 3),
        pooled("windows that overlap", (2, 2, 8, 7), 3, 2),
        pooled("pixels between the windows", (2, 1, 7, 9), 2, 3),
    ],
    {
        "mean-instead-of-max": "this is the mean of each window.",
        "min-instead-of-max": "this is the least value of each window.",
        "starts-at-zero": "a window whose values are all negative gives 0. The largest of some negative numbers is "
        "negative; look at the value that your maximum starts from.",
        "stride-ignored": "the window moves by its own size, or by one pixel; it should move by `stride`.",
        "incomplete-windows": "windows that reach beyond the edge were pooled, too; only complete ones count.",
        "channels-mixed": "the maximum was taken over the channels, too; each channel is pooled by itself.",
    },
    forbidden=[_numpy_only("max_pool2d")],
    summary="windows side by side, apart and overlapping, pixels left over at the edge, negative values",
)


def _pair(got: Any, _: str, __: Array, image: Array, kernel: Array) -> Any:
    """The student's pair; a pair the wrong way round is named."""
    what = "conv2d_backward(dout, input, kernel)"
    shapes = [part.shape for part in arrays(unpacked(got, 2, what, "the pair (d_input, d_kernel)"), what)]
    require(
        image.shape == kernel.shape or shapes != [kernel.shape, image.shape],
        f"{what} returns shapes {shapes[0]} and {shapes[1]}; expected {image.shape} and {kernel.shape}.",
        "the two gradients come in the wrong order: d_input first, then d_kernel.",
        "gradients-exchanged",
    )
    return got


_BACKWARD = [
    backward((2, 2, 5, 5), (3, 2, 3, 3)),
    backward((3, 2, 4, 7), (2, 2, 3, 2)),
    backward((1, 3, 5, 4), (1, 3, 4, 3)),
]


_DOUT_IGNORED = (
    "this is the gradient of the plain sum of the output. Each output's share must be weighted with its dout."
)
_AVERAGED = "the gradient is divided by the number of samples. Take no mean: dout already says what the loss is."

kernel_gradient = Exercise(
    "conv2d_backward",
    f"{_REFERENCE}:kernel_gradient",
    [Case(f"d_kernel, {one.what}", one.inputs) for one in _BACKWARD],
    {
        "kernel-gradient-flipped": "the gradient is turned round. Tap (p, q) met the pixels that begin at row p and "
        "column q.",
        "dout-ignored": _DOUT_IGNORED,
        "one-sample-only": "only one sample reaches the gradient. The kernel is shared by all of them, so their shares "
        "add up.",
        "averaged-over-batch": _AVERAGED,
        "averaged-over-positions": "the gradient is a mean over positions. The kernel is used at each of them, and the "
        "shares add up.",
    },
    form=_pair,
    part=1,
    forbidden=[_numpy_only("conv2d_backward")],
    summary="d_kernel against PyTorch's autograd, for images and kernels that are square and not",
)

input_gradient = Exercise(
    "conv2d_backward",
    f"{_REFERENCE}:input_gradient",
    [Case(f"d_input, {one.what}", one.inputs) for one in _BACKWARD],
    {
        "backward-kernel-not-rotated": "every tap goes back to the wrong place. Forward, output row r reads input row "
        "r + p through tap p; in the backward pass that same tap must write to that same row.",
        "dout-ignored": _DOUT_IGNORED,
        "shares-overwritten": "pixels that lie in several windows keep one share only. All their shares must be added "
        "up.",
        "averaged-over-batch": _AVERAGED,
    },
    form=_pair,
    part=0,
    forbidden=[_numpy_only("conv2d_backward")],
    summary="d_input against PyTorch's autograd, for images and kernels that are square and not",
)


hint = Hints("workbook.chapter05")
