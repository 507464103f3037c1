"""Norms of gradients in chapter 09, and the numbers that are taken for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from autograder.testing.answers import Formulas
from workbook.chapter09.inputs import Array, Gradients, Labels, Layer, known_parameters, made, with_weights

Norm = Callable[[Gradients], float]


def norm_of(*arrays: Array) -> float:
    """The Euclidean length of all entries together."""
    return float(np.sqrt(sum(float(np.vdot(array, array)) for array in arrays)))


# --- the first layer ------------------------------------------------------------------------------------------------


def first_norm(gradients: Gradients, first: str, _last: str, _other: tuple[str, ...]) -> float:
    """The norm of the gradient of ``first``.

    Args:
        gradients: arrays by the names of all parameters.
        first, _last: the weights of the first and of the last layer.
        _other: parameters of other kinds of layer that come before.
    """
    return norm_of(gradients[first])


def first_norm_mistakes(gradients: Gradients, first: str, last: str, other: tuple[str, ...]) -> Formulas:
    """What a wrong ``first_layer_gradient_norm`` returns; arguments of :func:`first_norm`."""
    for name, norm in wrong_norms(first, last, other, biased=first.replace("weight", "bias") in gradients):
        yield name, partial(norm, gradients)
    yield "not-one-number", lambda: gradients[first]
    yield "not-one-number", lambda: np.linalg.norm(gradients[first], axis=-1)


def wrong_norms(first: str, last: str, other: tuple[str, ...] = (), biased: bool = True) -> list[tuple[str, Norm]]:
    """Numbers that are taken for the first layer's gradient norm: name, and how to get it from all gradients.

    Args:
        first, last, other: names of parameters, as for :func:`first_norm`.
        biased: whether the first layer has a bias.
    """
    bias, last_bias = (weight.replace("weight", "bias") for weight in (first, last))
    of_biases: list[tuple[str, Norm]] = [
        ("weight-and-bias-together", lambda g: norm_of(g[first], g[bias])),
        ("weight-and-bias-together", lambda g: norm_of(g[first]) + norm_of(g[bias])),
        ("bias-not-weight", lambda g: norm_of(g[bias])),
    ]
    return [
        *(of_biases if biased else ()),
        ("whole-network", lambda g: norm_of(*g.values())),
        ("whole-network", lambda g: sum(norm_of(array) for array in g.values())),
        ("squared-norm", lambda g: norm_of(g[first]) ** 2),
        ("last-layer", lambda g: norm_of(g[last])),
        ("last-layer", lambda g: norm_of(g[last_bias])),
        ("another-norm", lambda g: float(np.abs(g[first]).sum())),
        ("another-norm", lambda g: float(np.abs(g[first]).mean())),
        ("another-norm", lambda g: float(np.abs(g[first]).max())),
        ("another-norm", lambda g: float(np.linalg.norm(g[first].reshape(len(g[first]), -1), 2))),
        ("root-mean-square", lambda g: norm_of(g[first]) / np.sqrt(g[first].size)),
        *[("first-parameter-of-any-kind", lambda g, name=name: norm_of(g[name])) for name in other],
    ]


# --- layer by layer -------------------------------------------------------------------------------------------------


def layer_norms(layers: Sequence[Layer], images: NDArray[np.float64], labels: Labels, _defined: Sequence[int]) -> Array:
    """Norms of the gradients of all weights in the order of use, by PyTorch's functional differentiation.

    Args:
        layers: in the order of use, with the parameters of :func:`known_parameters`.
        _defined: the order in which the network owns them, as numbers of layers.
    """
    import torch

    network = torch.nn.Sequential(*made(torch.nn, layers)).double()
    parameters = dict(network.named_parameters())
    with torch.no_grad():
        for number, arrays in known_parameters(layers).items():
            for name, array in arrays.items():
                parameters[f"{number}.{name}"].copy_(torch.as_tensor(array))
    logits = network(torch.as_tensor(np.array(images), dtype=torch.float64))
    loss = torch.nn.functional.cross_entropy(logits, torch.as_tensor(labels))
    gradients = torch.autograd.grad(loss, [parameters[f"{number}.weight"] for number in with_weights(layers)])
    return np.array([float(f"{float(g.square().sum().sqrt()):.8g}") for g in gradients])


def layer_norms_mistakes(
    layers: Sequence[Layer], images: NDArray[np.float64], labels: Labels, defined: Sequence[int]
) -> Formulas:
    """What a wrong ``gradient_norm_by_layer`` returns; arguments of :func:`layer_norms`."""
    right, used, count = layer_norms(layers, images, labels, defined), with_weights(layers), len(images)
    places = sorted(range(len(used)), key=lambda at: list(defined).index(used[at]))
    yield "order-of-definition", lambda: right[places]
    yield "last-layer-first", lambda: right[::-1]
    yield "squared-norm", lambda: right**2
    yield "sum-not-mean", lambda: right * count
    yield "loss-divided-twice", lambda: right / count
    yield "normalised", lambda: right / right.sum()
    yield "normalised", lambda: right / right[-1]
