"""What the checks of chapter 05 compare with: PyTorch's convolution, pooling and autograd, and SciPy's convolve2d."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike, NDArray
from scipy import signal

Array = NDArray[np.float64]
Shape = tuple[int, ...]


def _tensor(array: ArrayLike) -> torch.Tensor:
    return torch.from_numpy(np.array(array, dtype=np.float64, order="C"))


def torch_output_shape(input_shape: Shape, kernel_shape: Shape, stride: int = 1, padding: int = 0) -> Shape:
    """The shape that PyTorch gives, found on tensors without data."""
    image, kernel = torch.empty(input_shape, device="meta"), torch.empty(kernel_shape, device="meta")
    return tuple(F.conv2d(image, kernel, stride=stride, padding=padding).shape)


def torch_conv2d(image: ArrayLike, kernel: ArrayLike, stride: int = 1, padding: int = 0) -> Array:
    """PyTorch's cross-correlation in float64."""
    return np.asarray(F.conv2d(_tensor(image), _tensor(kernel), stride=stride, padding=padding).numpy())


def scipy_convolution(image: ArrayLike, kernel: ArrayLike) -> Array:
    """SciPy's convolution of every channel with its kernel slice, added up over channels; "valid"."""
    image, kernel = np.asarray(image, dtype=np.float64), np.asarray(kernel, dtype=np.float64)
    maps = [
        [sum(signal.convolve2d(x, k, mode="valid") for x, k in zip(sample, taps, strict=True)) for taps in kernel]
        for sample in image
    ]
    return np.array(maps, dtype=np.float64)


def torch_max_pool2d(image: ArrayLike, size: int, stride: int, incomplete: bool = False) -> Array:
    """PyTorch's max-pooling in float64; ``incomplete`` pools windows that reach over the edge, too."""
    return np.asarray(F.max_pool2d(_tensor(image), size, stride, ceil_mode=incomplete).numpy())


def torch_mean_pool2d(image: ArrayLike, size: int, stride: int) -> Array:
    """PyTorch's average-pooling in float64."""
    return np.asarray(F.avg_pool2d(_tensor(image), size, stride).numpy())


def autograd_gradients(dout: ArrayLike, image: ArrayLike, kernel: ArrayLike) -> tuple[Array, Array]:
    """Gradients of sum(dout * conv2d(image, kernel)) for the image and for the kernel, by PyTorch's autograd."""
    x, k = _tensor(image).requires_grad_(), _tensor(kernel).requires_grad_()
    F.conv2d(x, k).backward(_tensor(dout))
    assert x.grad is not None and k.grad is not None
    return np.asarray(x.grad.numpy()), np.asarray(k.grad.numpy())
