"""Right values of chapter 05's exercises, by PyTorch and SciPy, and the wrong ones that its checks recognise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from scipy import signal

Array = NDArray[np.float64]
Shape = tuple[int, ...]
Formulas = list[tuple[str, Callable[[], ArrayLike]]]


def _tensor(array: ArrayLike) -> torch.Tensor:
    return torch.from_numpy(np.array(array, dtype=np.float64, order="C"))


def output_shape(input_shape: Shape, kernel_shape: Shape, stride: int = 1, padding: int = 0) -> Shape:
    """The shape that PyTorch gives, found on tensors without data."""
    image, kernel = torch.empty(input_shape, device="meta"), torch.empty(kernel_shape, device="meta")
    return tuple(F.conv2d(image, kernel, stride=stride, padding=padding).shape)


def output_shape_mistakes(x: Shape, k: Shape, stride: int = 1, padding: int = 0) -> Formulas:
    """Wrong output shapes for an input of shape ``x`` and a kernel of shape ``k``."""
    right = output_shape(x, k, stride, padding)

    def larger(shape: Shape, rows: int) -> Shape:
        return (*shape[:2], shape[2] + rows, shape[3] + rows)

    return [
        ("plus-one-forgotten", lambda: larger(right, -1)),
        ("padding-once", lambda: output_shape(larger(x, padding), k, stride)),
        ("padding-ignored", lambda: output_shape(x, k, stride)),
        ("stride-ignored", lambda: output_shape(x, k, 1, padding)),
        ("rounded-up", lambda: output_shape(larger(x, stride - 1), k, stride, padding)),
        ("input-channels-kept", lambda: (*x[:2], *right[2:])),
        ("height-and-width-exchanged", lambda: output_shape(x, (*k[:2], k[3], k[2]), stride, padding)),
    ]


def conv2d(image: ArrayLike, kernel: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """PyTorch's cross-correlation in float64, (B, C, H, W) with (O, C, kh, kw) to (B, O, H', W')."""
    return np.asarray(F.conv2d(_tensor(image), _tensor(kernel), stride=stride, padding=padding).numpy())


def conv2d_mistakes(x: Array, k: Array, stride: int = 1, padding: int = 0) -> Formulas:
    """Wrong cross-correlations, each by PyTorch on changed arguments."""

    def padded(before: int, after: int, mode: Any = "constant") -> Array:
        return np.pad(x, ((0, 0), (0, 0), (before, after), (before, after)), mode=mode)

    return [
        ("kernel-flipped", lambda: conv2d(x, k[..., ::-1, ::-1], stride, padding)),
        ("kernel-transposed", lambda: conv2d(x, k.swapaxes(2, 3), stride, padding)),
        ("one-channel-only", lambda: conv2d(x[:, :1], k[:, :1], stride, padding)),
        ("one-channel-only", lambda: conv2d(x[:, -1:], k[:, -1:], stride, padding)),
        ("channels-averaged", lambda: conv2d(x, k, stride, padding) / x.shape[1]),
        ("stride-ignored", lambda: conv2d(x, k, 1, padding)),
        ("stride-before-window", lambda: conv2d(padded(padding, padding)[..., ::stride, ::stride], k)),
        ("padding-ignored", lambda: conv2d(x, k, stride)),
        ("padding-not-zero", lambda: conv2d(padded(padding, padding, mode="edge"), k, stride)),
        ("padding-one-side", lambda: conv2d(padded(2 * padding, 0), k, stride)),
        ("padding-one-side", lambda: conv2d(padded(0, 2 * padding), k, stride)),
        ("padding-once", lambda: conv2d(padded(padding, 0), k, stride)),
    ]


def true_convolution(image: ArrayLike, kernel: ArrayLike) -> Array:
    """SciPy's convolution of every channel with its kernel slice, added up over channels; "valid"."""
    image, kernel = np.asarray(image, dtype=np.float64), np.asarray(kernel, dtype=np.float64)
    maps = [
        [sum(signal.convolve2d(x, k, mode="valid") for x, k in zip(sample, taps, strict=True)) for taps in kernel]
        for sample in image
    ]
    return np.array(maps, dtype=np.float64)


def true_convolution_mistakes(x: Array, k: Array) -> Formulas:
    """Wrong true convolutions, each by SciPy on a changed kernel."""
    return [
        ("not-flipped", lambda: true_convolution(x, k[..., ::-1, ::-1])),
        ("one-axis-flipped", lambda: true_convolution(x, k[..., ::-1, :])),
        ("one-axis-flipped", lambda: true_convolution(x, k[..., ::-1])),
        ("transposed-not-flipped", lambda: true_convolution(x, k[..., ::-1, ::-1].swapaxes(2, 3))),
        ("channels-flipped", lambda: true_convolution(x, k[:, ::-1])),
        ("everything-flipped", lambda: true_convolution(x, k[::-1, ::-1])),
    ]


def max_pool2d(image: ArrayLike, size: int, stride: int, incomplete: bool = False) -> Array:
    """PyTorch's max-pooling in float64; ``incomplete`` pools windows that reach over the edge, too."""
    return np.asarray(F.max_pool2d(_tensor(image), size, stride, ceil_mode=incomplete).numpy())


def max_pool2d_mistakes(x: Array, size: int, stride: int) -> Formulas:
    """Wrong poolings, each by PyTorch."""
    return [
        ("mean-instead-of-max", lambda: F.avg_pool2d(_tensor(x), size, stride).numpy()),
        ("min-instead-of-max", lambda: -max_pool2d(-x, size, stride)),
        ("starts-at-zero", lambda: np.maximum(max_pool2d(x, size, stride), 0)),
        ("stride-ignored", lambda: max_pool2d(x, size, size)),
        ("stride-ignored", lambda: max_pool2d(x, size, 1)),
        ("incomplete-windows", lambda: max_pool2d(x, size, stride, incomplete=True)),
        ("channels-mixed", lambda: max_pool2d(x.max(axis=1, keepdims=True), size, stride)),
    ]


def gradients(dout: ArrayLike, image: ArrayLike, kernel: ArrayLike) -> tuple[Array, Array]:
    """Gradients of sum(dout * conv2d(image, kernel)) for the image and for the kernel, by PyTorch's autograd."""
    x, k = _tensor(image).requires_grad_(), _tensor(kernel).requires_grad_()
    F.conv2d(x, k).backward(_tensor(dout))
    assert x.grad is not None and k.grad is not None
    return np.asarray(x.grad.numpy()), np.asarray(k.grad.numpy())


def input_gradient(dout: Array, x: Array, k: Array) -> Array:
    """The first of the two :func:`gradients`."""
    return gradients(dout, x, k)[0]


def input_gradient_mistakes(dout: Array, x: Array, k: Array) -> Formulas:
    """Wrong gradients for the input."""

    def overwritten(first: bool) -> Array:
        """Of several windows over a pixel only the first, or only the last, leaves its share."""
        result = np.zeros(x.shape)
        height, width = k.shape[2:]
        for r, c in sorted(np.ndindex(dout.shape[2:]), reverse=first):
            window = (..., slice(r, r + height), slice(c, c + width))
            single = np.zeros_like(dout)
            single[:, :, r, c] = dout[:, :, r, c]
            result[window] = input_gradient(single, x, k)[window]
        return result

    return [
        ("backward-kernel-not-rotated", lambda: input_gradient(dout, x, k[..., ::-1, ::-1])),
        ("dout-ignored", lambda: input_gradient(np.ones_like(dout), x, k)),
        ("shares-overwritten", lambda: overwritten(first=True)),
        ("shares-overwritten", lambda: overwritten(first=False)),
        ("averaged-over-batch", lambda: input_gradient(dout, x, k) / len(x)),
    ]


def kernel_gradient(dout: Array, x: Array, k: Array) -> Array:
    """The second of the two :func:`gradients`."""
    return gradients(dout, x, k)[1]


def kernel_gradient_mistakes(dout: Array, x: Array, k: Array) -> Formulas:
    """Wrong gradients for the kernel."""
    return [
        ("kernel-gradient-flipped", lambda: kernel_gradient(dout, x, k)[..., ::-1, ::-1]),
        ("dout-ignored", lambda: kernel_gradient(np.ones_like(dout), x, k)),
        ("one-sample-only", lambda: kernel_gradient(dout[:1], x[:1], k)),
        ("one-sample-only", lambda: kernel_gradient(dout[-1:], x[-1:], k)),
        ("averaged-over-batch", lambda: kernel_gradient(dout, x, k) / len(x)),
        ("averaged-over-positions", lambda: kernel_gradient(dout, x, k) / (dout.shape[2] * dout.shape[3])),
    ]
