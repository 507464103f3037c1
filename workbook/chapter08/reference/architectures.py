"""What each architecture of chapter 08 is made of, and what it returns for parameters that are given by layer."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from autograder.testing.answers import Formulas
from workbook.chapter08.inputs import Arrays, Layer, Request, layer_values, pictures, table_of

Array = NDArray[np.float64]

# The listing of the text: c = convolution (size, kernels), f = fully connected (width), a = activation, p = pooling.
# "a?" is an activation that may be there or not.
_LISTING: dict[str, str] = {
    "mlp_1": "f32 a",
    "mlp_2": "f32 a f64 a?",
    "cnn_3": "c3,16 a c5,8 a p c7,16 a? p",
    "cnn_4": "c3,16 a c3,8 a c5,16 a p c5,16 a p",
    "cnn_5": "c3,8 a c3,16 a c3,8 a c3,16 a p c3,16 a c3,8 a p",
}
ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {"relu": torch.relu, "sigmoid": torch.sigmoid}


def steps(request: Request) -> list[str]:
    """The words of the listing, with the head and the prediction layer."""
    head = [] if request.head is None else [f"f{request.head}", "a"]
    return [*_LISTING[request.name].split(), *head, f"f{request.num_classes}"]


# --- shapes ---------------------------------------------------------------------------------------------------------


def layers(request: Request, padding: Callable[[int], int] | None = None, pools: bool = True) -> list[Layer]:
    """The layers with parameters in the order of their use.

    Args:
        padding: pixels of padding for a kernel size; by default what the request says.
        pools: False to leave the pooling layers out.
    """
    pad = padding or (lambda kernel: kernel // 2 if request.padding == "same" else 0)
    channels, size, flat, result = 3, 32, 0, []
    for step in steps(request):
        if step[0] == "c":
            kernel, count = map(int, step[1:].split(","))
            result.append(Layer((count, channels, kernel, kernel), (count,)))
            channels, size = count, size + 2 * pad(kernel) - kernel + 1
        elif step == "p" and pools:
            size //= 2
        elif step[0] == "f":
            width = int(step[1:])
            bare = request.name == "mlp_2" and len(result) == 1
            result.append(Layer((width, flat or channels * size * size), None if bare else (width,)))
            flat = width
    return result


def shapes(name: str, num_classes: int, padding: str, head: int | None) -> NDArray[np.int64]:
    """The table (L, 5) of the layers with parameters in the order of their use."""
    return table_of(layers(Request(name, num_classes, padding, head=head)))


def shapes_mistakes(name: str, num_classes: int, padding: str, head: int | None) -> Formulas:
    """Tables of networks that pad in another way, do not pool, or have no head."""
    request = Request(name, num_classes, padding, head=head)
    yield "head-ignored", lambda: table_of(layers(Request(name, num_classes, padding)))
    yield "padding-ignored", lambda: table_of(layers(request, lambda _: 0))
    yield "padding-although-valid", lambda: table_of(layers(request, lambda kernel: kernel // 2))
    yield "padding-of-one", lambda: table_of(layers(request, lambda _: 1))
    yield "pooling-forgotten", lambda: table_of(layers(request, pools=False))


# --- outputs --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Variant:
    """A network that is wired in another way than the listing says.

    Attributes:
        optional: whether the optional activation is there.
        skipped: the number of an activation that is left out, from 0; None for none.
        last: an activation after the prediction layer.
        pool: "max" or "average".
    """

    optional: bool = False
    skipped: int | None = None
    last: bool = False
    pool: str = "max"


def forward(request: Request, parameters: Sequence[Arrays], images: Array, variant: Variant) -> Array:
    """What a network with these parameters returns, (N, C), for images (N, 3, 32, 32), in double precision."""
    x = torch.as_tensor(images, dtype=torch.float64)
    pool = F.max_pool2d if variant.pool == "max" else F.avg_pool2d
    activate = ACTIVATIONS[request.activation]
    waiting, activations = iter(parameters), itertools.count()
    for step in steps(request):
        if step[0] in "cf":
            arrays = {name: torch.as_tensor(array).double() for name, array in next(waiting).items()}
            weight, bias = arrays["weight"], arrays.get("bias")
            pad = weight.shape[-1] // 2 if request.padding == "same" else 0
            x = F.conv2d(x, weight, bias, padding=pad) if step[0] == "c" else F.linear(x.flatten(1), weight, bias)
        elif step == "p":
            x = pool(x, 2)
        elif (step == "a" and next(activations) != variant.skipped) or (step == "a?" and variant.optional):
            x = activate(x)
    return np.asarray((activate(x) if variant.last else x).numpy())


def logits(
    name: str, num_classes: int, padding: str, activation: str, head: int | None, seed: int, count: int
) -> Array:
    """Logits (R, N, C) for random images and parameters: one table for each reading of the listing.

    Args:
        name, num_classes, padding, activation, head: as for ``build``.
        seed: of parameters and images.
        count: how many images.
    """
    request = Request(name, num_classes, padding, activation, head)
    return np.stack([_logits(request, seed, count, Variant(optional)) for optional in _readings(request)])


def logits_mistakes(
    name: str, num_classes: int, padding: str, activation: str, head: int | None, seed: int, count: int
) -> Formulas:
    """Outputs of networks with an activation too many, too few or in the wrong place; arguments of :func:`logits`."""
    request = Request(name, num_classes, padding, activation, head)
    for optional in _readings(request):
        yield from _wrong_logits(request, seed, count, optional)


def _wrong_logits(request: Request, seed: int, count: int, optional: bool) -> Formulas:
    at_the_end = "relu-after-prediction-layer" if request.activation == "relu" else "activation-at-the-end"
    right = _logits(request, seed, count, Variant(optional))
    yield at_the_end, partial(_logits, request, seed, count, Variant(optional, last=True))
    yield "softmax-in-model", lambda: _short(softmax(right, axis=1))
    yield "softmax-in-model", lambda: _short(log_softmax(right, axis=1))
    yield "average-pooling", partial(_logits, request, seed, count, Variant(optional, pool="average"))
    for skipped in range(steps(request).count("a")):
        yield "activation-forgotten", partial(_logits, request, seed, count, Variant(optional, skipped))
    if request.activation != "relu":
        other = replace(request, activation="relu")
        yield "activation-ignored", partial(_logits, other, seed, count, Variant(optional))


def _readings(request: Request) -> tuple[bool, ...]:
    """Whether the optional activation is there: both may be, where the listing has one."""
    return (False, True) if "a?" in steps(request) else (False,)


def _logits(request: Request, seed: int, count: int, variant: Variant) -> Array:
    parameters = layer_values(layers(request), seed)
    return _short(forward(request, parameters, pictures(count, seed, (3, 32, 32)), variant))


def _short(values: Array) -> Array:
    """Five decimals: checks compare single precision to three."""
    return np.asarray(np.round(values, 5))
