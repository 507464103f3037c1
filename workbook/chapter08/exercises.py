"""Checks of chapter 08: sizes, counts and splits; the other checks are in modules of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.testing import Case, Quantity, call, passed, require, student_side
from autograder.testing.article import class_with_article
from autograder.testing.hint_display import Hints
from workbook.chapter08.architecture_checks import (
    build_forward,
    build_options,
    build_parameters,
    independent,
    network,
    parameters,
)
from workbook.chapter08.gaze_checks import gaze_cnn, gaze_cnn_normalised, gaze_network
from workbook.chapter08.inputs import Request, Task
from workbook.chapter08.merge_checks import merge_linear, merged
from workbook.chapter08.record_checks import record, train_and_record
from workbook.chapter08.run_checks import input_noise, modes, noise, train_and_record_modes

# Used by the chapter's test cells.
__all__ = [
    "Request", "Task", "build_forward", "build_options", "build_parameters", "gaze_cnn", "gaze_cnn_normalised",
    "gaze_network", "independent", "input_noise", "merge_linear", "merged", "modes", "network", "noise", "parameters",
    "record", "train_and_record", "train_and_record_modes",
]  # fmt: skip

Function = Callable[..., Any]
_REFERENCE = "workbook.chapter08.reference.sizes"


# --- sizes ----------------------------------------------------------------------------------------------------------

# The visible cases: size, kernel, stride, padding; kernel and stride of each layer.
_SIZES = (
    (32, 3, 1, 0), (32, 5, 1, 2), (32, 2, 2, 0), (32, 5, 2, 0), (19, 2, 2, 0), (23, 4, 3, 0), (29, 7, 2, 1),
    (6, 6, 1, 0),
)  # fmt: skip
_FIELDS: tuple[tuple[tuple[int, int], ...], ...] = (
    ((5, 1),), ((3, 1), (3, 1)), ((3, 1), (2, 2), (3, 1)), ((5, 1), (2, 2), (3, 1), (2, 2), (5, 1)),
    ((4, 2), (5, 3), (3, 2), (2, 2)), (),
)  # fmt: skip
_OUTPUT_SIZE = Quantity(
    f"{_REFERENCE}:conv_output_size",
    {
        "rounded-up": "a window that would reach over the edge is not taken.",
        "off-by-one": "the first window counts, too, and there is no window that starts behind the last place.",
        "not-rounded": "count whole windows: round down.",
        "padded-on-one-side": "padding adds pixels at both ends.",
        "stride-ignored": "the stride divides the number of steps.",
        "padding-ignored": "the padding is not in the result.",
        "padding-subtracted": "the padding is taken away. It adds rows: there is more room for the kernel.",
        "another-default": "the stride is 1 and the padding 0 where they are not given. Keep the defaults of the stub.",
        "size-kept": "this is right where the padding makes up for the kernel. Here the padding is what the argument "
        "says.",
    },
    [Case("conv_output_size", args) for args in _SIZES],
)
_FIELD = Quantity(
    f"{_REFERENCE}:receptive_field",
    {
        "strides-ignored": "the strides play no part in it. Behind a layer of stride 2, neighbouring values lie two "
        "pixels apart in the image, so a kernel reaches twice as far.",
        "own-stride-counted": "a layer's own stride moves its windows, it does not widen them. Only the strides of the "
        "layers before count.",
        "strides-not-multiplied": "only the stride of the layer just before is used. Behind two pools, neighbours are "
        "four pixels apart.",
        "layers-from-the-wrong-end": "the strides of the layers behind are used in place of those before.",
        "kernels-added": "two 3×3 kernels do not see 6 pixels: neighbouring windows overlap.",
        "kernels-multiplied": "the kernels are multiplied. Two 3×3 kernels see 5 pixels: each adds what it reaches "
        "beyond the field before it.",
        "strides-added": "the strides are added up. Behind two layers of stride 2 neighbours are four pixels apart: "
        "strides multiply.",
        "pools-left-out": "pools are left out. They are layers with a kernel, too, and widen the field.",
        "whole-kernel-added": "the first tap of a kernel sees what is seen already, so a kernel of k taps adds k − 1 "
        "steps.",
        "kernel-and-stride-exchanged": "each pair is (kernel, stride), in this order.",
        "area-of-the-field": "this counts the pixels of the whole square; asked is how many there are along one axis.",
        "off-by-one": "a layer with one tap sees one pixel.",
    },
    [Case("receptive_field", (layers,)) for layers in _FIELDS],
)


def conv_output_size(function: Function) -> None:
    """Check valid, padded and strided convolutions and pools, against PyTorch."""
    for args in _SIZES:
        output_size(function, *args)
    passed("conv_output_size", "kernels of 2 to 7, with stride and padding, also where the stride leaves pixels over")


def output_size(function: Function, size: int, kernel: int, stride: int = 1, padding: int = 0) -> None:
    """Compare with the size that PyTorch's convolution returns."""
    args = (size, kernel) if (stride, padding) == (1, 0) else (size, kernel, stride, padding)
    _OUTPUT_SIZE.compare(call(function, *args), f"conv_output_size{args}", size, kernel, stride, padding)


def receptive_field(function: Function) -> None:
    """Check one layer, several, behind one pool and behind two, strides of several sizes, and no layer at all."""
    for layers in _FIELDS:
        field(function, layers)
    passed("receptive_field", "one layer, two convolutions, behind one pool and behind two, other strides, no layer")


def field(function: Function, layers: Sequence[tuple[int, int]]) -> None:
    """Compare with the number of inputs that reach one output, found by differentiating."""
    _FIELD.compare(call(function, list(layers)), f"receptive_field({list(layers)})", tuple(layers))


# --- parameters -----------------------------------------------------------------------------------------------------

# The visible cases: channels, whether the convolution is frozen, whether two layers are in a module of their own.
_COUNTS = (((3, 5, 4), False, False), ((2, 3, 2), True, False), ((1, 4, 3), False, True))
_NORM_ZERO = (
    "batch normalisation is counted as zero. Each has a learned scale and a learned shift for every channel. Ask the "
    "model for its parameters, not its layers for their kind."
)
_COUNT = Quantity(
    f"{_REFERENCE}:count_parameters",
    {
        "batch-norm-counted-as-zero": _NORM_ZERO,
        "buffers-counted": "running means, variances and counters are in the state dict, but no optimizer trains them: "
        "they are buffers.",
        "biases-forgotten": "the biases are missing.",
        "arrays-counted": "this is the number of arrays; add up how many numbers each holds.",
        "counted-twice": "some parameters are counted more than once. A module's parameters() has those of the modules "
        "inside it already.",
        "inner-modules-missed": "layers inside a module of the model are missed. parameters() finds them at any depth.",
        "first-axes-counted": "len() of an array is the length of its first axis. numel() counts all its numbers.",
        "frozen-counted": "a parameter with requires_grad=False is not trained. Leave it out.",
    },
    [Case("count_parameters(model)", (channels, frozen)) for channels, frozen, _ in _COUNTS],
)


def count_parameters(function: Function) -> None:
    """Check a small CNN with batch normalisation, one of whose layers is frozen."""
    for case in _COUNTS:
        counted(function, *case)
    passed("count_parameters", "a network with batch normalisation, one with a frozen layer, one inside another")


def counted(function: Function, channels: tuple[int, int, int], frozen: bool, nested: bool = False) -> None:
    """Compare with a count by hand for Conv 3×3, BatchNorm, Linear without bias and Linear, sizes from ``channels``.

    Args:
        nested: True to put the first two layers into a module of their own.
    """
    a, b, c = channels
    nn = student_side.torch.nn
    parts = nn.Conv2d(a, b, 3), nn.BatchNorm2d(b), nn.Flatten(), nn.Linear(b, c, bias=False), nn.Linear(c, 2)
    model = nn.Sequential(nn.Sequential(*parts[:2]), *parts[2:]) if nested else nn.Sequential(*parts)
    if frozen:
        parts[0].requires_grad_(False)
    _COUNT.compare(call(function, model), "count_parameters(model)", channels, frozen)


# --- the split ------------------------------------------------------------------------------------------------------


def stratified_split(function: Function) -> None:
    """Check splits of labels in random order: classes of equal size and not, several fractions."""
    split(function, counts=[20] * 10, fraction=0.1, seed=120)
    split(function, counts=[40, 10, 25], fraction=0.3, seed=122)
    split(function, counts=[16, 48, 8, 32], fraction=0.625, seed=123)
    passed(
        "stratified_split",
        "10, 30 and 62.5 % of classes of equal size and not: no index twice, equal shares, drawn at random",
    )


def split(function: Function, counts: Sequence[int], fraction: float, seed: int) -> None:
    """Check that the two parts are a random partition with the same share of each class."""
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    parts = _indices(function, labels, fraction, seed)
    train, held_out = parts
    both = np.concatenate(parts)
    require(
        len(np.intersect1d(train, held_out)) == 0,
        f"{len(np.intersect1d(train, held_out))} indices are in both parts.",
        "an image that is trained on cannot validate. The parts must not overlap.",
        "parts-overlap",
    )
    require(
        len(both) == len(np.unique(both)) == len(labels),
        f"the parts hold {len(np.unique(both))} different indices of {len(labels)} labels, {len(both)} entries in all.",
        "each index belongs to one of the parts, once.",
        "not-a-partition",
    )
    found = np.bincount(labels[held_out], minlength=len(counts))
    wanted = fraction * np.array(counts)
    require(
        abs(len(held_out) - wanted.sum()) < len(counts) or abs(len(train) - wanted.sum()) >= len(counts),
        f"{len(held_out)} of {len(labels)} indices are held out; expected a share of {fraction:g}.",
        "the second part is the one that is held out, and fraction is its share.",
        "parts-exchanged",
    )
    worst = int(np.abs(found - wanted).argmax())
    require(
        bool(np.all(np.abs(found - wanted) < 1)),
        f"{found[worst]} of {counts[worst]} images of class {worst} are held out; expected {wanted[worst]:g}.",
        "a share of all images leaves the shares of the classes to chance. Take the share from each class.",
        "not-stratified",
    )
    again, other = (np.sort(_indices(function, labels, fraction, s)[1]) for s in (seed, seed + 1))
    require(
        np.array_equal(np.sort(held_out), again),
        "the same generator gives another split.",
        "draw from rng, and from nothing else.",
        "rng-not-used",
    )
    require(
        not np.array_equal(again, other),
        "another generator gives the same split.",
        "which images of a class are held out should be drawn from rng: images are often sorted in some way.",
        "rng-not-used",
    )


def _indices(function: Function, labels: NDArray[Any], fraction: float, seed: int) -> list[NDArray[np.int64]]:
    result = call(function, labels, fraction, np.random.default_rng(seed))
    require(
        type(result) in (tuple, list) and len(result) == 2,
        f"stratified_split returns {class_with_article(result)}; expected a pair (train_indices, held_out_indices).",
        "return both arrays of indices, separated by a comma.",
        "not-a-pair",
    )
    parts = [np.asarray(part) for part in result]
    for part in parts:
        require(
            part.ndim == 1 and part.dtype.kind in "iu" and bool(np.all((part >= 0) & (part < len(labels)))),
            f"a part is an array of {part.dtype} of shape {part.shape}; expected indices from 0 to {len(labels) - 1}.",
            "return places in the array of labels: integers in an array of one axis.",
            "not-indices",
        )
    return [part.astype(np.int64) for part in parts]


hint = Hints("workbook.chapter08")
