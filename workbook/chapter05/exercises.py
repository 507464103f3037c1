"""Checks of chapter 05, against PyTorch and SciPy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.testing import CheckFailed, arrays, call, compare, passed, require, student_side, unpacked
from workbook.chapter05.reference.convolution import (
    Array,
    Shape,
    autograd_gradients,
    scipy_convolution,
    torch_conv2d,
    torch_max_pool2d,
    torch_output_shape,
)
from workbook.chapter05.reference.convolution_mistakes import (
    conv2d_mistakes,
    input_gradient_mistakes,
    kernel_gradient_mistakes,
    pool_mistakes,
    shape_mistakes,
    true_convolution_mistakes,
)

__all__ = [
    "conv2d",
    "conv2d_loops",
    "conv2d_mistakes",
    "conv2d_output_shape",
    "conv2d_stride_and_padding",
    "conv2d_without_loops",
    "input_gradient",
    "kernel_gradient",
    "max_pool2d",
    "pool_mistakes",
    "refuses_channels",
    "same_work",
    "scipy_convolution",
    "shape_mistakes",
    "torch_conv2d",
    "torch_max_pool2d",
    "torch_output_shape",
    "true_convolution",
    "true_convolution_mistakes",
]

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


def _small_case() -> tuple[Array, Array]:
    """One image of one channel, 4×4, and one kernel that differs from its transpose and from its flip."""
    image = np.array([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 1.0], [2.0, 0.0, 1.0, 2.0], [1.0, 1.0, 0.0, 0.0]])
    return image[None, None], np.array([[1.0, 2.0], [0.0, -1.0]])[None, None]


def _integer_case(image_shape: Shape, kernel_shape: Shape) -> tuple[Array, Array]:
    rng = np.random.default_rng(5)
    return rng.integers(-3, 4, image_shape).astype(np.float64), rng.integers(-3, 4, kernel_shape).astype(np.float64)


def conv2d_output_shape(function: Function) -> None:
    """Check ``conv2d_output_shape``: three cases against PyTorch, then the channel mismatch."""
    cases: list[tuple[Shape, Shape, int, int]] = [
        ((5, 3, 24, 24), (16, 3, 5, 5), 1, 0),
        ((1, 1, 7, 7), (2, 1, 3, 3), 2, 0),
        ((2, 3, 8, 8), (4, 3, 5, 5), 1, 2),
    ]
    for case in cases:
        got = call(function, *case)
        what = f"conv2d_output_shape({', '.join(map(str, case))})"
        compare(got, torch_output_shape(*case), what, mistakes=shape_mistakes(*case))
        require(
            all(isinstance(size, (int, np.integer)) for size in got),
            f"{what} holds numbers of type {', '.join(sorted({type(size).__name__ for size in got}))}; expected int.",
            "sizes are whole numbers: NumPy refuses an array shape that holds a float. A single / always gives one.",
            "sizes-not-integer",
        )
    refuses_channels(function, "conv2d_output_shape", (1, 7, 6, 6), (4, 5, 3, 3), shapes_only=True)
    passed("conv2d_output_shape", "the first case of the text, stride 2, padding 2, channels that differ")


def conv2d_loops(function: Function) -> None:
    """Check ``conv2d_loops``: one channel, then two samples, three channels and four kernels, then the mismatch."""
    image, kernel = _small_case()
    what = "conv2d_loops(image, kernel), 4×4 image, 2×2 kernel"
    compare(
        call(function, image, kernel),
        torch_conv2d(image, kernel),
        what,
        mistakes=conv2d_mistakes(image, kernel),
    )
    image, kernel = _integer_case((2, 3, 5, 5), (4, 3, 3, 3))
    what = "conv2d_loops(input, kernel), input (2, 3, 5, 5), kernel (4, 3, 3, 3)"
    compare(
        call(function, image, kernel),
        torch_conv2d(image, kernel),
        what,
        mistakes=conv2d_mistakes(image, kernel),
    )
    refuses_channels(function, "conv2d_loops", (1, 7, 4, 4), (2, 5, 3, 3))
    passed("conv2d_loops", "one channel, then several samples, channels and kernels, then channels that differ")


def conv2d(function: Function) -> None:
    """Check the values of ``conv2d`` at stride 1 without padding: small, then at the size of the text."""
    image, kernel = _small_case()
    what = "conv2d(image, kernel), 4×4 image, 2×2 kernel"
    compare(
        call(function, image, kernel),
        torch_conv2d(image, kernel),
        what,
        mistakes=conv2d_mistakes(image, kernel),
    )
    rng = np.random.default_rng(24)
    image, kernel = rng.standard_normal((5, 3, 24, 24)), rng.standard_normal((16, 3, 5, 5))
    what = "conv2d(input, kernel), input (5, 3, 24, 24), kernel (16, 3, 5, 5)"
    compare(
        call(function, image, kernel),
        torch_conv2d(image, kernel),
        what,
        mistakes=conv2d_mistakes(image, kernel),
    )
    refuses_channels(function, "conv2d", (1, 7, 4, 4), (2, 5, 3, 3))
    passed("conv2d", "4×4, then (5, 3, 24, 24) with (16, 3, 5, 5), then channels that differ")


def conv2d_stride_and_padding(function: Function) -> None:
    """Check ``conv2d`` with stride 2, with padding 1, and with both."""
    image, kernel = _integer_case((1, 2, 7, 7), (3, 2, 3, 3))
    for stride, padding in ((2, 0), (1, 1), (2, 1)):
        compare(
            call(function, image, kernel, stride=stride, padding=padding),
            torch_conv2d(image, kernel, stride, padding),
            f"conv2d(input, kernel, stride={stride}, padding={padding}), input (1, 2, 7, 7), kernel (3, 2, 3, 3)",
            mistakes=conv2d_mistakes(image, kernel, stride, padding),
        )
    passed("conv2d", "stride 2, padding 1, both")


def same_work(
    function: Function, small: Shape, large: Shape, kernel_shape: Shape, stride: int = 1, padding: int = 0
) -> None:
    """Require that ``conv2d`` executes as many lines of Python for a large input as for a small one."""
    rng = np.random.default_rng(0)
    kernel, lines = rng.standard_normal(kernel_shape), []
    for shape in (small, large):
        image = rng.standard_normal(shape)
        call(function, image, kernel, stride, padding)
        lines.append(student_side.count_lines(function, image, kernel, stride, padding))
    over = "samples" if small[0] != large[0] else "pixels"
    require(
        lines[0] == lines[1],
        f"conv2d runs {lines[0]} lines of Python for an input of shape {small} and {lines[1]} for {large}; "
        "expected equally many.",
        f"a loop or a comprehension of yours runs over {over}. Only the kernel's taps may be looped over: let one "
        f"NumPy call do all {over} at once.",
        f"loop-over-{over}",
    )


def conv2d_without_loops(function: Function) -> None:
    """Check that ``conv2d`` loops neither over pixels nor over samples."""
    same_work(function, (1, 2, 6, 6), (1, 2, 12, 12), (3, 2, 3, 3))
    same_work(function, (1, 2, 6, 6), (4, 2, 6, 6), (3, 2, 3, 3))
    passed("conv2d", "as many lines of Python for two image sizes and for two batch sizes")


def true_convolution(function: Function) -> None:
    """Check ``true_convolution``: one channel, then several samples, channels and kernels."""
    image, kernel = _small_case()
    cases = {"4×4 image, 2×2 kernel": (image, kernel)}
    cases["input (2, 3, 5, 5), kernel (4, 3, 3, 3)"] = _integer_case((2, 3, 5, 5), (4, 3, 3, 3))
    for case, (image, kernel) in cases.items():
        compare(
            call(function, image, kernel),
            scipy_convolution(image, kernel),
            f"true_convolution(input, kernel), {case}",
            mistakes=true_convolution_mistakes(image, kernel),
        )
    passed("true_convolution", "one channel, then several samples, channels and kernels")


def max_pool2d(function: Function) -> None:
    """Check ``max_pool2d``: windows side by side, then windows that overlap."""
    image, _ = _integer_case((1, 2, 4, 4), (1, 1, 1, 1))
    for size, stride in ((2, 2), (3, 1)):
        compare(
            call(function, image, size, stride),
            torch_max_pool2d(image, size, stride),
            f"max_pool2d(input, {size}, {stride}), input (1, 2, 4, 4)",
            mistakes=pool_mistakes(image, size, stride),
        )
    passed("max_pool2d", "windows side by side, windows that overlap")


def _gradients(function: Function, dout: Array, image: Array, kernel: Array) -> tuple[Any, Any]:
    """The student's pair; a pair the wrong way round is named."""
    got = call(function, dout, image, kernel)
    what = "conv2d_backward(dout, input, kernel)"
    shapes = [part.shape for part in arrays(unpacked(got, 2, what, "the pair (d_input, d_kernel)"), what)]
    require(
        image.shape == kernel.shape or shapes != [kernel.shape, image.shape],
        f"{what} returns shapes {shapes[0]} and {shapes[1]}; expected {image.shape} and {kernel.shape}.",
        "the two gradients come in the wrong order: d_input first, then d_kernel.",
        "gradients-exchanged",
    )
    return got[0], got[1]


def _backward_case() -> tuple[Array, Array, Array]:
    image, kernel = _integer_case((2, 2, 5, 5), (3, 2, 3, 3))
    dout = np.random.default_rng(6).integers(-3, 4, (2, 3, 3, 3)).astype(np.float64)
    return dout, image, kernel


def kernel_gradient(function: Function, case: tuple[Array, Array, Array] | None = None) -> None:
    """Check the second value of ``conv2d_backward`` against autograd."""
    dout, image, kernel = case or _backward_case()
    _, d_kernel = _gradients(function, dout, image, kernel)
    expected = autograd_gradients(dout, image, kernel)[1]
    mistakes = kernel_gradient_mistakes(dout, image, kernel)
    compare(d_kernel, expected, f"d_kernel, input {image.shape}, kernel {kernel.shape}", mistakes=mistakes)
    if case is None:
        passed("conv2d_backward", "d_kernel against PyTorch's autograd")


def input_gradient(function: Function, case: tuple[Array, Array, Array] | None = None) -> None:
    """Check the first value of ``conv2d_backward`` against autograd."""
    dout, image, kernel = case or _backward_case()
    d_input, _ = _gradients(function, dout, image, kernel)
    expected = autograd_gradients(dout, image, kernel)[0]
    mistakes = input_gradient_mistakes(dout, image, kernel)
    compare(d_input, expected, f"d_input, input {image.shape}, kernel {kernel.shape}", mistakes=mistakes)
    if case is None:
        passed("conv2d_backward", "d_input against PyTorch's autograd")
