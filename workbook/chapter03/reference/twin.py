"""A twin in PyTorch of chapter 03's network, and wrong networks that students write.

Any number of sigmoid layers, a softmax at the end, no bias vectors: the batch carries a column of ones. Wrong gradients
that students hand in are vector-Jacobian products of the same twin with another factor in the chain rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.nn import functional

from workbook.chapter03.reference.parts import Array, Formulas, Labels

Activation = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Twin:
    """One forward pass in PyTorch, with every intermediate result kept for differentiation.

    Attributes:
        weights: one tensor (n_in, n_out) for each layer.
        layers: the batch, then the activations of each hidden layer.
        logits: (N, C), what goes into the softmax.
    """

    weights: list[Tensor]
    layers: list[Tensor]
    logits: Tensor

    @classmethod
    def of(cls, batch: ArrayLike, weights: Sequence[ArrayLike], activation: Activation = torch.sigmoid) -> Twin:
        """Run a batch (N, n_in), ones included, through the network."""
        tensors = [torch.tensor(np.asarray(w, dtype=np.float64), requires_grad=True) for w in weights]
        layers = [torch.tensor(np.asarray(batch, dtype=np.float64))]
        for weight in tensors[:-1]:
            layers.append(activation(torch.mm(layers[-1], weight)))
        return cls(tensors, layers, torch.mm(layers[-1], tensors[-1]))

    def probabilities(self) -> Array:
        """The softmax of the logits, (N, C)."""
        return _numpy(torch.softmax(self.logits, dim=1))

    def hidden_layers(self) -> list[Array]:
        """The batch and the activations of the hidden layers."""
        return [_numpy(layer) for layer in self.layers]

    def loss(self, labels: Labels) -> float:
        """Mean cross-entropy."""
        return float(functional.cross_entropy(self.logits, torch.from_numpy(labels)).detach())

    def gradients(self, labels: Labels) -> list[Array]:
        """Autograd's gradient of the loss for each weight matrix."""
        loss = functional.cross_entropy(self.logits, torch.from_numpy(labels))
        return [_numpy(g) for g in torch.autograd.grad(loss, self.weights, retain_graph=True)]

    def chain(
        self,
        labels: Labels,
        factor: Callable[[Tensor], Tensor] | None = None,
        sent_back: Sequence[ArrayLike] | None = None,
        at_output: Callable[[Tensor], Tensor] | None = None,
    ) -> list[Array]:
        """The gradients that come out when a factor of the chain rule is replaced.

        Args:
            factor: stands in for the derivative of a hidden layer, computed from its activations.
            sent_back: stand in for the weight matrices through which deltas go back.
            at_output: an additional factor of the output's delta, computed from the probabilities.
        """
        loss = functional.cross_entropy(self.logits, torch.from_numpy(labels))
        (delta,) = torch.autograd.grad(loss, self.logits, retain_graph=True)
        if at_output is not None:
            delta = delta * at_output(torch.softmax(self.logits.detach(), dim=1))
        back = self.weights if sent_back is None else [torch.tensor(np.asarray(w)) for w in sent_back]
        found: list[Array] = []
        for layer, weight in zip(reversed(self.layers), reversed(back), strict=True):
            h = layer.detach()
            found.append(_numpy(torch.einsum("ni,nj->ij", h, delta)))
            slope = torch.autograd.functional.vjp(torch.sigmoid, torch.logit(h), torch.ones_like(h))[1]
            delta = torch.einsum("nj,ij->ni", delta, weight.detach()) * (factor(h) if factor else slope)
        return found[::-1]


def _numpy(tensor: Tensor) -> Array:
    return np.array(tensor.detach().numpy(), dtype=np.float64)


def probabilities(batch: ArrayLike, weights: Sequence[ArrayLike]) -> Array:
    """The network's probabilities."""
    return Twin.of(batch, weights).probabilities()


def probabilities_mistakes(batch: ArrayLike, weights: Sequence[ArrayLike]) -> Formulas:
    """Outputs of a forward pass with a part left out, added or taken along another axis."""
    logits = Twin.of(batch, weights).logits.detach()

    def activated(activation: Activation) -> Callable[[], Array]:
        return lambda: Twin.of(batch, weights, activation).probabilities()

    return [
        ("sigmoid-before-softmax", lambda: _numpy(torch.softmax(torch.sigmoid(logits), 1))),
        ("no-softmax", lambda: _numpy(logits)),
        ("sigmoid-for-softmax", lambda: _numpy(torch.sigmoid(logits))),
        ("softmax-over-samples", lambda: _numpy(torch.softmax(logits, 0))),
        ("no-hidden-activation", activated(lambda z: z)),
        ("another-hidden-activation", activated(torch.tanh)),
        ("another-hidden-activation", activated(torch.relu)),
    ]


def hidden_layer(at: int, batch: ArrayLike, weights: Sequence[ArrayLike]) -> Array:
    """The activations of one layer; layer 0 is the batch."""
    return Twin.of(batch, weights).hidden_layers()[at]


def hidden_layer_mistakes(at: int, batch: ArrayLike, weights: Sequence[ArrayLike]) -> Formulas:
    """Scores before the sigmoid in place of the activations."""
    activations = torch.from_numpy(hidden_layer(at, batch, weights))
    return [("pre-activations-kept", lambda: _numpy(torch.logit(activations) if at else activations))]


def gradient(at: int, batch: Array, y: Array, weights: Sequence[Array]) -> Array:
    """Autograd's gradient of the mean cross-entropy for one weight matrix; ``y`` holds one-hot rows."""
    return Twin.of(batch, weights).gradients(y.argmax(axis=1))[at]


def gradient_mistakes(at: int, batch: Array, y: Array, weights: Sequence[Array]) -> Formulas:
    """Wrong gradients for one weight matrix."""
    twin, labels = Twin.of(batch, weights), y.argmax(axis=1)
    right = twin.gradients(labels)[at]
    return [
        ("hidden-derivative-missing", lambda: twin.chain(labels, torch.ones_like)[at]),
        ("derivative-of-the-activated", lambda: twin.chain(labels, _sigmoid_slope)[at]),
        ("softmax-derivative-twice", lambda: twin.chain(labels, at_output=lambda p: p * (1 - p))[at]),
        ("loss-not-divided", lambda: right * len(labels)),
        ("averaged-twice", lambda: right / len(labels)),
    ]


def late_direction(batch: Array, y: Array, weights: Sequence[Array]) -> Array:
    """Which way the gradient of the last hidden layer moves when the output weights are stepped too early."""
    twin, labels = Twin.of(batch, weights), y.argmax(axis=1)
    return twin.chain(labels, sent_back=[*weights[:-1], twin.gradients(labels)[-1]])[-2]


def _sigmoid_slope(h: Tensor) -> Tensor:
    """The sigmoid's derivative at h, where h is an activation already."""
    point = h.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(torch.sigmoid(point).sum(), point)
    return slope
