"""Right values of chapter 08's counts: sizes of maps, receptive fields and parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import torch
import torch.nn.functional as F

from autograder.testing.answers import Formulas


def conv_output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    """The size that PyTorch's convolution returns."""
    row = torch.zeros(1, 1, size)
    return int(F.conv1d(row, torch.zeros(1, 1, kernel), stride=stride, padding=padding).shape[-1])


def conv_output_size_mistakes(size: int, kernel: int, stride: int, padding: int) -> Formulas:
    """Sizes that are rounded in another way, or leave an argument out."""
    room = size + 2 * padding - kernel
    right = conv_output_size(size, kernel, stride, padding)
    yield "rounded-up", lambda: math.ceil(room / stride) + 1
    yield "off-by-one", lambda: right - 1
    yield "off-by-one", lambda: right + 1
    yield "not-rounded", lambda: room / stride + 1
    yield "padded-on-one-side", lambda: (room - padding) // stride + 1
    yield "stride-ignored", lambda: room + 1
    yield "padding-ignored", lambda: (size - kernel) // stride + 1
    yield "padding-subtracted", lambda: (size - 2 * padding - kernel) // stride + 1
    yield "size-kept", lambda: math.ceil(size / stride)
    if (stride, padding) == (1, 0):
        yield "another-default", lambda: (size - kernel) // 2 + 1


def receptive_field(layers: Sequence[tuple[int, int]]) -> int:
    """How many pixels of a row change one output, by automatic differentiation.

    Args:
        layers: kernel size and stride of each layer, from the input on.
    """
    size = 1
    for kernel, stride in reversed(layers):
        size = (size - 1) * stride + kernel
    row = torch.zeros(1, 1, size, dtype=torch.float64, requires_grad=True)
    out = row
    for kernel, stride in layers:
        out = F.conv1d(out, torch.ones(1, 1, kernel, dtype=torch.float64), stride=stride)
    (gradient,) = torch.autograd.grad(out.sum(), row)
    return int((gradient != 0).sum())


def receptive_field_mistakes(layers: Sequence[tuple[int, int]]) -> Formulas:
    """Fields with the strides of other layers, or of none."""
    kernels, strides = ([layer[i] for layer in layers] for i in (0, 1))
    yield "strides-ignored", lambda: 1 + sum(k - 1 for k in kernels)
    yield (
        "own-stride-counted",
        lambda: 1 + sum((k - 1) * math.prod(strides[: i + 1]) for i, k in enumerate(kernels)),
    )
    yield "strides-not-multiplied", lambda: 1 + sum((k - 1) * ([1, *strides][i]) for i, k in enumerate(kernels))
    yield (
        "layers-from-the-wrong-end",
        lambda: 1 + sum((k - 1) * math.prod(strides[i + 1 :]) for i, k in enumerate(kernels)),
    )
    yield "off-by-one", lambda: receptive_field(layers) - 1
    yield "kernels-added", lambda: sum(kernels)
    yield "kernels-multiplied", lambda: math.prod(kernels)
    yield "whole-kernel-added", lambda: 1 + sum(k * math.prod(strides[:i]) for i, k in enumerate(kernels))
    yield (
        "kernel-and-stride-exchanged",
        lambda: 1 + sum((s - 1) * math.prod(kernels[:i]) for i, s in enumerate(strides)),
    )
    yield "pools-left-out", lambda: 1 + sum(k - 1 for k, s in layers if s == 1)
    yield (
        "pools-left-out",
        lambda: 1 + sum((k - 1) * math.prod(strides[:i]) for i, (k, s) in enumerate(layers) if s == 1),
    )
    yield "strides-added", lambda: 1 + sum((k - 1) * max(1, sum(strides[:i])) for i, k in enumerate(kernels))
    yield "strides-added", lambda: 1 + sum((k - 1) * (1 + sum(strides[:i])) for i, k in enumerate(kernels))
    yield "area-of-the-field", lambda: receptive_field(layers) ** 2


def count_parameters(channels: tuple[int, int, int], frozen: bool) -> int:
    """Parameters of Conv 3×3, BatchNorm, Linear without bias and Linear; the convolution may be frozen."""
    sizes = _sizes(*channels)
    return sum(sizes.values()) - _fixed(sizes, frozen)


def count_parameters_mistakes(channels: tuple[int, int, int], frozen: bool) -> Formulas:
    """Counts that leave something out or take in what is not trained."""
    sizes, (_, b, c) = _sizes(*channels), channels
    total, weights = sum(sizes.values()), sizes["conv"] + sizes["fc"] + sizes["fc 2"]
    for counted in (total - _fixed(sizes, frozen), total):
        yield "batch-norm-counted-as-zero", partial(int, counted - sizes["norm"])
        # Two running statistics for each channel, and the number of batches.
        yield "buffers-counted", partial(int, counted + sizes["norm"] + 1)
    yield "biases-forgotten", lambda: weights
    yield "biases-forgotten", lambda: weights + channels[1]
    yield "arrays-counted", lambda: 7
    yield "frozen-counted", lambda: total
    trained = total - _fixed(sizes, frozen)
    yield "counted-twice", lambda: 2 * trained
    yield "counted-twice", lambda: 2 * trained + sizes["conv"] + sizes["conv bias"] + sizes["norm"]
    yield "inner-modules-missed", lambda: total - sizes["conv"] - sizes["conv bias"] - sizes["norm"]
    yield "first-axes-counted", lambda: (0 if frozen else 2 * b) + 2 * b + c + 2 + 2


def _sizes(a: int, b: int, c: int) -> dict[str, int]:
    return {"conv": 9 * a * b, "conv bias": b, "norm": 2 * b, "fc": b * c, "fc 2": 2 * c, "fc 2 bias": 2}


def _fixed(sizes: dict[str, int], frozen: bool) -> int:
    return sizes["conv"] + sizes["conv bias"] if frozen else 0
