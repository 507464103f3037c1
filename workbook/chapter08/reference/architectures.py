"""Independent computations for chapter 08: what each architecture returns, from its parameters alone."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

Array = NDArray[np.float64]
State = dict[str, NDArray[Any]]

# The listing of the text: c = convolution (size, kernels), f = fully connected (width), a = activation, p = pooling.
# "a?" is an activation that may be there or not.
_LISTING: dict[str, str] = {
    "mlp_1": "f32 a",
    "mlp_2": "f32 a f64 a?",
    "cnn_3": "c3,16 a c5,8 a p c7,16 a? p",
    "cnn_4": "c3,16 a c3,8 a c5,16 a p c5,16 a p",
    "cnn_5": "c3,8 a c3,16 a c3,8 a c3,16 a p c3,16 a c3,8 a p",
}
NAMES = tuple(_LISTING)
ACTIVATIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {"relu": torch.relu, "sigmoid": torch.sigmoid}


@dataclass(frozen=True)
class Request:
    """One call of ``build``: the arguments by name."""

    name: str
    num_classes: int = 10
    padding: str = "valid"
    activation: str = "relu"
    head: int | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What to hand to ``build`` beside the name: only what differs from its defaults."""
        default = Request(self.name)
        names = ("num_classes", "padding", "activation", "head")
        return {key: getattr(self, key) for key in names if getattr(self, key) != getattr(default, key)}

    def __str__(self) -> str:
        return f"build({', '.join([repr(self.name), *(f'{k}={v!r}' for k, v in self.arguments.items())])})"

    @property
    def steps(self) -> list[str]:
        """The words of the listing, with the head and the prediction layer."""
        head = [] if self.head is None else [f"f{self.head}", "a"]
        return [*_LISTING[self.name].split(), *head, f"f{self.num_classes}"]


@dataclass(frozen=True)
class Layer:
    """The shapes of a layer with parameters; ``bias`` is None where there is none."""

    weight: tuple[int, ...]
    bias: tuple[int, ...] | None


def layers(request: Request, padding: Callable[[int], int] | None = None, pools: bool = True) -> list[Layer]:
    """The layers with parameters in the order of their use.

    Args:
        padding: pixels of padding for a kernel size; by default what the request says.
        pools: False to leave the pooling layers out.
    """
    pad = padding or (lambda kernel: kernel // 2 if request.padding == "same" else 0)
    channels, size, flat, result = 3, 32, 0, []
    for step in request.steps:
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


def size_of(expected: Sequence[Layer]) -> int:
    """How many parameters these layers have."""
    shapes = [shape for layer in expected for shape in (layer.weight, layer.bias) if shape is not None]
    return sum(int(np.prod(shape)) for shape in shapes)


def assignments(state: State, expected: Sequence[Layer]) -> list[list[tuple[Any, Any]]]:
    """Every way to give the parameters of a module to these layers, by shape; names and order are not used.

    A weight and a bias belong together if their names agree up to the last dot.
    """
    found = [
        (array, state.get(name.removesuffix("weight") + "bias"))
        for name, array in state.items()
        if name.endswith("weight") and array.ndim > 1
    ]
    fitting = [
        [i for i, (weight, bias) in enumerate(found) if weight.shape == layer.weight and _shape(bias) == layer.bias]
        for layer in expected
    ]
    chosen = [choice for choice in itertools.product(*fitting) if len(set(choice)) == len(expected)]
    return [[found[i] for i in choice] for choice in chosen]


def _shape(array: NDArray[Any] | None) -> tuple[int, ...] | None:
    return None if array is None else array.shape


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


def logits(request: Request, parameters: Sequence[tuple[Any, Any]], images: Array, variant: Variant) -> Array:
    """What a network with these parameters returns, (N, C), for images (N, 3, 32, 32)."""
    x = torch.as_tensor(images, dtype=torch.float32)
    pool = F.max_pool2d if variant.pool == "max" else F.avg_pool2d
    activate = ACTIVATIONS[request.activation]
    waiting, activations = iter(parameters), itertools.count()
    for step in request.steps:
        if step[0] in "cf":
            weight, bias = (None if array is None else torch.as_tensor(array) for array in next(waiting))
            assert weight is not None
            pad = weight.shape[-1] // 2 if request.padding == "same" else 0
            x = F.conv2d(x, weight, bias, padding=pad) if step[0] == "c" else F.linear(x.flatten(1), weight, bias)
        elif step == "p":
            x = pool(x, 2)
        elif (step == "a" and next(activations) != variant.skipped) or (step == "a?" and variant.optional):
            x = activate(x)
    return np.asarray((activate(x) if variant.last else x).double().numpy())


# --- the gaze network -----------------------------------------------------------------------------------------------

GAZE_LAYERS = [
    Layer((6, 1, 3, 3), (6,)),
    Layer((16, 6, 5, 5), (16,)),
    Layer((256, 2592), (256,)),
    Layer((4, 256), (4,)),
]


def gaze_logits(
    state: State, images: Array, batch_norm: bool, *, norm: str = "after pool", skipped: int | None = None,
    last: bool = False,
) -> Array:  # fmt: skip
    """What the gaze network returns in evaluation mode for images (N, 1, 36, 120).

    Args:
        norm: where the batch normalisation acts: "after pool", "before pool" (and after the ReLU) or "before ReLU".
        skipped: the number of an activation that is left out, from 0.
        last: an activation after the prediction layer.
    """
    (parameters,) = assignments(state, GAZE_LAYERS)
    x = torch.as_tensor(images, dtype=torch.float32)
    for i, (weight, bias) in enumerate(parameters):
        w, b = torch.as_tensor(weight), torch.as_tensor(bias)
        if i < 2:
            x = F.conv2d(x, w, b)
            x = _normalised(x, state) if batch_norm and norm == "before ReLU" else x
            x = x if skipped == i else torch.relu(x)
            x = _normalised(x, state) if batch_norm and norm == "before pool" else x
            x = F.max_pool2d(x, 2)
            x = _normalised(x, state) if batch_norm and norm == "after pool" else x
        else:
            x = F.linear(x.flatten(1), w, b)
            x = torch.relu(x) if (i == 2 and skipped != 2) or (i == 3 and last) else x
    return np.asarray(x.double().numpy())


def _normalised(x: torch.Tensor, state: State) -> torch.Tensor:
    """Batch normalisation in evaluation mode, with the statistics that have as many channels as ``x``."""
    (name,) = (n for n, a in state.items() if n.endswith("running_mean") and a.shape == (x.shape[1],))
    prefix = name.removesuffix("running_mean")
    mean, variance, weight, bias = (
        torch.as_tensor(state[prefix + part]) for part in ("running_mean", "running_var", "weight", "bias")
    )
    return F.batch_norm(x, mean, variance, weight, bias)


# --- random parameters ----------------------------------------------------------------------------------------------


def random_state(state: State, seed: int) -> State:
    """New values for every array of a module: large enough that each activation, bias and statistic matters."""
    rng = np.random.default_rng(seed)
    return {name: _random(name, array, rng) for name, array in state.items()}


def _random(name: str, array: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    if array.ndim == 0:
        return array
    if name.endswith("running_var"):
        return rng.uniform(0.5, 2.0, array.shape).astype(np.float32)
    if array.ndim == 1:  # biases, and the factors of a batch normalisation, some of them negative
        return (0.5 * rng.standard_normal(array.shape)).astype(np.float32)
    spread = np.sqrt(2.0 / np.prod(array.shape[1:]))
    return np.asarray(spread * rng.standard_normal(array.shape), dtype=np.float32)
